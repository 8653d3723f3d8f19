/** The files of a version on an index, as the lockfile lists them. */
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import type { Marker } from '@shoal/packaging';
import type { DistributionFile, IndexLocation } from '../project/distribution-file.ts';
import type { PythonBounds } from '../resolve/python-bounds.ts';
import type { ResolvedSource } from '../resolve/resolution.ts';
import type { LockedSdist, LockedSource, LockedWheel } from './lockfile.ts';
import { compareText, withoutCredentials } from './locked-requirement.ts';
import { optional } from './optional.ts';
import { isUnreachableWheel } from './unreachable-wheels.ts';

type RegistrySource = ResolvedSource & { readonly kind: 'registry' };

export interface LockedFiles {
  readonly sdist: LockedSdist | undefined;
  readonly wheels: readonly LockedWheel[];
}

/** By name of file, without those that nobody can choose under the marker. */
export function lockedFiles(
  source: RegistrySource,
  { marker, python }: { readonly marker: Marker; readonly python: PythonBounds },
): LockedFiles {
  const own = source.files
    .filter(({ index }) => index.url === source.index.url)
    .toSorted((a, b) => compareText(a.filename.filename, b.filename.filename));
  const wheels = own.filter(
    ({ filename }) => filename.kind === 'wheel' && !isUnreachableWheel(filename, python, marker),
  );
  const sdists = own.filter(({ filename }) => filename.kind === 'sdist');
  const sdist = sdists.find(({ url }) => url === source.sdist?.url) ?? sdists[0];
  return {
    sdist: sdist && lockedFile(sdist, source.index),
    wheels: wheels.map((wheel) => lockedFile(wheel, source.index)),
  };
}

/** The index itself. @param root Folders below it are named relative to it. */
export function lockedIndexSource({ url }: IndexLocation, root: string): LockedSource {
  if (!url.startsWith('file:')) return { kind: 'registry', location: withoutCredentials(url) };
  const path = fileURLToPath(url);
  const below = relative(root, path);
  const location = below === '' || /^\.\.(?:[/\\]|$)/.test(below) ? path : below;
  return { kind: 'registry', location: location.replaceAll('\\', '/') };
}

function lockedFile(file: DistributionFile, index: IndexLocation): LockedSdist & LockedWheel {
  return {
    ...placeOf(file, index),
    ...optional('hash', bestHash(file.hashes)),
    ...optional('size', file.sizeBytes),
    ...optional('uploadTime', file.uploadTime === undefined ? undefined : instantText(file.uploadTime)),
  };
}

function placeOf(
  { url }: DistributionFile,
  index: IndexLocation,
): { readonly url: string } | { readonly path: string } {
  if (!url.startsWith('file:') || !index.url.startsWith('file:')) return { url: withoutCredentials(url) };
  return { path: relative(fileURLToPath(index.url), fileURLToPath(url)).replaceAll('\\', '/') };
}

/** Weakest first. */
const ALGORITHMS = ['md5', 'sha256', 'sha384', 'sha512', 'blake2b'];

function bestHash(hashes: Readonly<Record<string, string>>): string | undefined {
  const algorithm = ALGORITHMS.findLast((one) => hashes[one] !== undefined);
  return algorithm === undefined ? undefined : `${algorithm}:${hashes[algorithm]}`;
}

/** To the millisecond, without zeros at the end. */
function instantText(text: string): string {
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? text : new Date(timeMs).toISOString().replace(/\.?0*Z$/, 'Z');
}
