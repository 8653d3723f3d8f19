/**
 * An export as a `pylock.toml` file.
 *
 * @see https://peps.python.org/pep-0751/
 */
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatMarker } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ExportedPackage } from './export-graph.ts';
import type { LockedPackage, LockedSdist, LockedWheel } from './lockfile.ts';
import { inlineTable, textOf, TomlWriter } from './toml-writer.ts';

export interface PylockStyle {
  readonly createdBy: string;
  readonly requiresPython: string;
  /** Markers of the environments that the lockfile is for; empty is all. */
  readonly environments: readonly string[];
  /** Whether an editable package stays one; `undefined`: as the lockfile has it. */
  readonly isEditable: ((name: NormalizedName) => boolean) | undefined;
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** `sha256:…` of a local file, whose hash the lockfile does not have. */
  readonly hashOfFile: (path: string) => string;
}

/** Virtual packages are nothing to install. */
export function exportPylock(packages: readonly ExportedPackage[], style: PylockStyle): string {
  const writer = new TomlWriter();
  writer.text('lock-version', '1.0');
  writer.text('created-by', style.createdBy);
  if (style.environments.length > 0) writer.inline('environments', style.environments.map(textOf));
  writer.text('requires-python', style.requiresPython);
  const installed = packages.filter(({ locked }) => locked.source.kind !== 'virtual');
  if (installed.length === 0) writer.inline('packages', []);
  for (const exported of installed) writePackage(writer, exported, style);
  return writer.toString();
}

function writePackage(writer: TomlWriter, { locked, marker }: ExportedPackage, style: PylockStyle): void {
  const { source, wheels, sdist } = locked;
  const isFolder = source.kind === 'directory' || source.kind === 'editable';
  writer.tableOfArray('packages');
  writer.text('name', locked.name);
  writer.text('version', isFolder ? undefined : locked.version);
  writer.text('marker', formatMarker(marker));
  if (source.kind === 'registry') writer.text('index', indexOf(source.location, style));
  if (source.kind === 'git') writer.entry('vcs', vcsOf(source.url));
  if (isFolder) writer.entry('directory', directoryOf(locked, source.path, style));
  if (source.kind === 'url' || source.kind === 'path') writer.entry('archive', archiveOf(locked));
  if (source.kind !== 'registry') return;
  if (sdist !== undefined) writer.entry('sdist', fileOf(sdist, source.location, style));
  const listed = wheels.map((wheel) => fileOf(wheel, source.location, style));
  if (listed.length > 0) writer.list('wheels', listed);
}

function indexOf(location: string, { root }: PylockStyle): string {
  return isUrl(location) ? location : pathToFileURL(absolute(location, root)).href;
}

function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(location);
}

function absolute(path: string, root: string): string {
  return isAbsolute(path) ? path : join(root, path);
}

function vcsOf(locked: string): string {
  const url = new URL(locked);
  const commit = url.hash.slice(1);
  const subdirectory = url.searchParams.get('subdirectory');
  const revision = ['rev', 'tag', 'branch'].map((key) => url.searchParams.get(key)).find((name) => name !== null);
  url.hash = '';
  url.search = '';
  return inlineTable([
    ['type', textOf('git')],
    ['url', textOf(url.href)],
    ['requested-revision', revision === undefined ? undefined : textOf(revision)],
    ['commit-id', textOf(commit)],
    ['subdirectory', subdirectory === null ? undefined : textOf(subdirectory)],
  ]);
}

function directoryOf({ name, source }: LockedPackage, path: string, { isEditable }: PylockStyle): string {
  const editable = isEditable === undefined ? source.kind === 'editable' : isEditable(name) ? true : undefined;
  return inlineTable([
    ['path', textOf(path)],
    ['editable', editable === undefined ? undefined : String(editable)],
  ]);
}

function archiveOf({ sdist, wheels, source }: LockedPackage): string {
  const file = sdist ?? wheels[0];
  return inlineTable([
    ['url', source.kind === 'url' ? textOf(source.url) : undefined],
    ['path', source.kind === 'path' ? textOf(source.path) : undefined],
    ['size', file?.size === undefined ? undefined : String(file.size)],
    [
      'subdirectory',
      source.kind === 'url' && source.subdirectory !== undefined ? textOf(source.subdirectory) : undefined,
    ],
    ['hashes', hashesOf(file?.hash)],
  ]);
}

function fileOf(file: LockedSdist & LockedWheel, location: string, { root, hashOfFile }: PylockStyle): string {
  const path = join(absolute(location, root), file.path ?? '');
  const url = file.url ?? pathToFileURL(path).href;
  return inlineTable([
    ['url', textOf(url)],
    ['upload-time', file.uploadTime === undefined ? undefined : file.uploadTime.replace(/\.\d+(?=Z$)/, '')],
    ['size', file.size === undefined ? undefined : String(file.size)],
    ['hashes', hashesOf(file.hash ?? (file.url === undefined ? hashOfFile(path) : undefined))],
  ]);
}

/** `sha256:…` as a table. */
function hashesOf(hash: string | undefined): string {
  const [algorithm, digest] = hash?.split(':') ?? [];
  return algorithm === undefined || digest === undefined ? '{}' : inlineTable([[algorithm, textOf(digest)]]);
}
