/** Wheels and sdists as bytes, built from dictionaries: what most tests need, with every part replaceable by a wrong one. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { buildZip, type ZipEntry } from './zip-builder.ts';

/** A file's content, or content and Unix permissions. */
export type FileSpec = string | Uint8Array | { readonly content: string | Uint8Array; readonly mode: number };

export interface WheelSpec {
  readonly name: string;
  readonly version: string;
  /** Default `py3-none-any`. */
  readonly tag?: string;
  readonly buildTag?: string;
  /** Path -> content. Default: one module named after the project, with `__version__`. */
  readonly files?: Readonly<Record<string, FileSpec>>;
  /** Lines of `Requires-Dist`. */
  readonly requires?: readonly string[];
  readonly requiresPython?: string;
  /** Extra -> requirements, written with `extra == '…'` markers and `Provides-Extra`. */
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Group -> name -> object reference. */
  readonly entryPoints?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Below `<name>-<version>.data/`: `scripts/tool` -> content. */
  readonly data?: Readonly<Record<string, FileSpec>>;
  readonly rootIsPurelib?: boolean;
  /** Whole text of METADATA, WHEEL or RECORD instead of the right one; `false` leaves the file out. */
  readonly metadata?: string | false;
  readonly wheelFile?: string | false;
  readonly record?: string | false;
  /** Name of the dist-info folder without its suffix, when it shall differ from the filename. */
  readonly distInfo?: string;
  /** Entries appended as they are, also hostile ones; they are not in RECORD. */
  readonly extraEntries?: readonly ZipEntry[];
}

export interface BuiltDistribution {
  readonly filename: string;
  readonly content: Uint8Array;
  /** SHA-256 of `content`, hexadecimal. */
  readonly sha256: string;
  /** Text of METADATA or PKG-INFO, `''` when left out. */
  readonly metadata: string;
  readonly requiresPython?: string;
}

/** The wheel that `spec` describes. */
export function buildWheel(spec: WheelSpec): BuiltDistribution {
  const stem = `${escapeName(spec.name)}-${spec.version}`;
  const distInfo = `${spec.distInfo ?? stem}.dist-info`;
  const metadata = spec.metadata ?? formatMetadata(spec);
  const entries = new Map<string, FileSpec>(Object.entries(spec.files ?? defaultFiles(spec)));
  for (const [path, file] of Object.entries(spec.data ?? {})) entries.set(`${stem}.data/${path}`, file);
  if (metadata !== false) entries.set(`${distInfo}/METADATA`, metadata);
  const wheelFile = spec.wheelFile ?? formatWheelFile(spec);
  if (wheelFile !== false) entries.set(`${distInfo}/WHEEL`, wheelFile);
  if (spec.entryPoints !== undefined) entries.set(`${distInfo}/entry_points.txt`, formatEntryPoints(spec.entryPoints));
  const record = spec.record ?? formatRecordOf(entries, distInfo);
  if (record !== false) entries.set(`${distInfo}/RECORD`, record);
  const content = buildZip([...[...entries].map(([name, file]) => zipEntry(name, file)), ...(spec.extraEntries ?? [])]);
  return {
    filename: `${stem}${spec.buildTag === undefined ? '' : `-${spec.buildTag}`}-${spec.tag ?? 'py3-none-any'}.whl`,
    content,
    sha256: hexDigest(content),
    metadata: metadata === false ? '' : metadata,
    ...(spec.requiresPython === undefined ? {} : { requiresPython: spec.requiresPython }),
  };
}

/** The `.tar.gz` that `spec` describes: `pyproject.toml` (setuptools unless `files` has one), PKG-INFO and the files. */
export function buildSdist(spec: WheelSpec): BuiltDistribution {
  const stem = `${escapeName(spec.name)}-${spec.version}`;
  const metadata = spec.metadata === undefined || spec.metadata === false ? formatMetadata(spec) : spec.metadata;
  const files = new Map<string, FileSpec>([
    ['PKG-INFO', metadata],
    ...Object.entries(spec.files ?? defaultFiles(spec)),
  ]);
  if (!files.has('pyproject.toml')) files.set('pyproject.toml', formatPyproject(spec));
  const blocks = [...files].map(([path, file]) => tarMember(`${stem}/${path}`, file));
  const content = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
  return {
    filename: `${stem}.tar.gz`,
    content,
    sha256: hexDigest(content),
    metadata,
    ...(spec.requiresPython === undefined ? {} : { requiresPython: spec.requiresPython }),
  };
}

function escapeName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '_').toLowerCase();
}

function defaultFiles(spec: WheelSpec): Record<string, FileSpec> {
  return { [`${escapeName(spec.name)}/__init__.py`]: `__version__ = "${spec.version}"\n` };
}

function formatMetadata(spec: WheelSpec): string {
  const extras = Object.entries(spec.extras ?? {});
  const lines = [
    'Metadata-Version: 2.1',
    `Name: ${spec.name}`,
    `Version: ${spec.version}`,
    ...(spec.requiresPython === undefined ? [] : [`Requires-Python: ${spec.requiresPython}`]),
    ...extras.map(([extra]) => `Provides-Extra: ${extra}`),
    ...(spec.requires ?? []).map((requirement) => `Requires-Dist: ${requirement}`),
    ...extras.flatMap(([extra, requirements]) =>
      requirements.map((requirement) => `Requires-Dist: ${withExtra(requirement, extra)}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function withExtra(requirement: string, extra: string): string {
  const [plain, marker] = requirement.split(';', 2);
  const condition = marker === undefined ? '' : `(${marker.trim()}) and `;
  return `${plain?.trim() ?? ''} ; ${condition}extra == '${extra}'`;
}

function formatWheelFile(spec: WheelSpec): string {
  const tag = spec.tag ?? 'py3-none-any';
  const [pythons = '', abis = '', platforms = ''] = tag.split('-');
  const tags = pythons
    .split('.')
    .flatMap((python) =>
      abis.split('.').flatMap((abi) => platforms.split('.').map((platform) => `Tag: ${python}-${abi}-${platform}`)),
    );
  return [
    'Wheel-Version: 1.0',
    'Generator: wheel-builder',
    `Root-Is-Purelib: ${spec.rootIsPurelib ?? tag.endsWith('-any')}`,
    ...tags,
    '',
  ].join('\n');
}

function formatEntryPoints(groups: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const section = ([group, points]: [string, Readonly<Record<string, string>>]): string =>
    [`[${group}]`, ...Object.entries(points).map(([name, target]) => `${name} = ${target}`), ''].join('\n');
  return Object.entries(groups).map(section).join('\n');
}

function formatPyproject(spec: WheelSpec): string {
  return [
    '[build-system]',
    'requires = ["setuptools"]',
    'build-backend = "setuptools.build_meta"',
    '',
    '[project]',
    `name = ${JSON.stringify(spec.name)}`,
    `version = ${JSON.stringify(spec.version)}`,
    ...(spec.requiresPython === undefined ? [] : [`requires-python = ${JSON.stringify(spec.requiresPython)}`]),
    `dependencies = ${JSON.stringify(spec.requires ?? [])}`,
    ...(spec.extras === undefined
      ? []
      : [
          '',
          '[project.optional-dependencies]',
          ...Object.entries(spec.extras).map(([extra, list]) => `${extra} = ${JSON.stringify(list)}`),
        ]),
    '',
  ].join('\n');
}

/** The text of a right RECORD for these files, itself included. */
function formatRecordOf(files: ReadonlyMap<string, FileSpec>, distInfo: string): string {
  const rows = [...files].map(([path, file]) => {
    const content = bytesOf(file);
    return `${quoteField(path)},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}`;
  });
  return [...rows, `${distInfo}/RECORD,,`, ''].join('\n');
}

function quoteField(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

function zipEntry(name: string, file: FileSpec): ZipEntry {
  return { name, content: bytesOf(file), mode: 0o100000 | modeOf(file) };
}

function bytesOf(file: FileSpec): Uint8Array {
  const content = typeof file === 'object' && 'content' in file ? file.content : file;
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function modeOf(file: FileSpec): number {
  return typeof file === 'object' && 'content' in file ? file.mode : 0o644;
}

function tarMember(path: string, file: FileSpec): Uint8Array {
  const content = bytesOf(file);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write(`${modeOf(file).toString(8).padStart(7, '0')}\0`, 100);
  header.write(`${'0'.repeat(7)}\0${'0'.repeat(7)}\0`, 108);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function hexDigest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
