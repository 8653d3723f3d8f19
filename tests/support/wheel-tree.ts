/** Unpacked wheels and bare environments for tests of installing: real folders, made by hand, no cache and no Python needed. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { normalizeName, parseVersion } from '@shoal/packaging';
import type { ScriptEntryPoint } from '../../packages/shoal/src/fetch/wheel-note.ts';
import type { Addition, InstallTarget, Removal } from '../../packages/shoal/src/install/install-target.ts';

export interface WheelTreeSpec {
  readonly name: string;
  readonly version: string;
  /** Path to content, below the root of the wheel. METADATA, WHEEL and RECORD come by themselves. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths that get the executable bits. */
  readonly executable?: readonly string[];
  /** `name = module:attribute`. */
  readonly consoleScripts?: readonly string[];
  readonly rootIsPurelib?: boolean;
  /** Replaces the RECORD made of the files. */
  readonly record?: string;
}

/** Write the tree of a wheel below `folder` (made here). */
export function makeWheelTree(folder: string, spec: WheelTreeSpec): Addition {
  const { addition, contents } = describeWheelTree(folder, spec);
  for (const { path, executable } of addition.tree.manifest.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents[path] ?? '');
    if (executable) chmodSync(join(folder, path), 0o755);
  }
  return addition;
}

/** The same for a tree that has been written already: an installed file may be the same inode, so it must not be written again. */
export function describeWheelTree(
  folder: string,
  spec: WheelTreeSpec,
): { readonly addition: Addition; readonly contents: Readonly<Record<string, string>> } {
  const stem = `${spec.name.replaceAll('-', '_')}-${spec.version}`;
  const distInfo = `${stem}.dist-info`;
  const all: Record<string, string> = {
    ...spec.files,
    [`${distInfo}/METADATA`]: `Metadata-Version: 2.1\nName: ${spec.name}\nVersion: ${spec.version}\n`,
    [`${distInfo}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const rows = Object.entries(all).map(
    ([path, content]) => `${path},sha256=${hash(content)},${Buffer.byteLength(content)}\n`,
  );
  const record = spec.record ?? `${rows.join('')}${distInfo}/RECORD,,\n`;
  all[`${distInfo}/RECORD`] = record;
  const files = Object.entries(all).map(([path, content]) => ({
    path,
    sizeBytes: Buffer.byteLength(content),
    executable: spec.executable?.includes(path) ?? false,
    sha256: hash(content),
  }));
  const hasData = Object.keys(spec.files).some((path) => path.startsWith(`${stem}.data/`));
  const wheel = {
    filename: `${stem}-py3-none-any.whl`,
    name: spec.name,
    version: spec.version,
    distInfo,
    dataFolder: hasData ? `${stem}.data` : undefined,
    rootIsPurelib: spec.rootIsPurelib ?? true,
    entryPoints: (spec.consoleScripts ?? []).map(parseScript),
    record,
  };
  const tree = {
    folder,
    manifest: { files, note: null },
    discard: () => undefined,
    findDamage: () => Promise.resolve(undefined),
  };
  return { addition: { name: normalizeName(spec.name), tree, wheel }, contents: all };
}

function parseScript(text: string): ScriptEntryPoint {
  const [, name = '', module = '', attribute] = /^(.+?) = ([^:]+)(?::(.+))?$/.exec(text) ?? [];
  return { group: 'console_scripts', name, module, attribute, extras: [] };
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('base64url');
}

/** What scripts of bare environments start with, so that their bytes do not depend on where a test runs. */
export const INTERPRETER = '/opt/environment/bin/python';

/** An environment at `root` with the layout of a virtual one on POSIX, and nothing in it. */
export function makeBareEnvironment(root: string): InstallTarget {
  const environment = bareEnvironmentAt(root);
  mkdirSync(environment.scheme.purelib, { recursive: true });
  mkdirSync(environment.scheme.scripts, { recursive: true });
  writeFileSync(join(root, 'pyvenv.cfg'), 'home = /usr/bin\n');
  writeFileSync(join(environment.scheme.scripts, 'python'), '');
  return environment;
}

export function bareEnvironmentAt(root: string): InstallTarget {
  const site = join(root, 'lib', 'python3.12', 'site-packages');
  return {
    root,
    kind: 'virtual',
    scheme: {
      purelib: site,
      platlib: site,
      scripts: join(root, 'bin'),
      data: root,
      headers: join(root, 'include', 'site', 'python3.12'),
    },
    interpreter: { executable: INTERPRETER, version: parseVersion('3.12.1'), markers: { os_name: 'posix' } },
  };
}

/** What `.dist-info` folders say is installed. */
export function installedIn(environment: InstallTarget): readonly Removal[] {
  const sitePackages = environment.scheme.purelib;
  return readdirSync(sitePackages).flatMap((entry) => {
    const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    if (name === undefined || version === undefined) return [];
    return [
      {
        name: normalizeName(name),
        version: parseVersion(version),
        kind: 'dist-info' as const,
        path: join(sitePackages, entry),
        sitePackages,
      },
    ];
  });
}

/** Everything below `folder`: relative path to kind, permission bits and content. */
export function snapshotTree(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const state = lstatSync(join(folder, path));
    if (state.isDirectory()) found[path] = 'folder';
    else if (state.isSymbolicLink()) found[path] = `link to ${readlinkSync(join(folder, path))}`;
    else found[path] = `${(state.mode & 0o777).toString(8)} ${readFileSync(join(folder, path), 'utf8')}`;
  }
  return found;
}
