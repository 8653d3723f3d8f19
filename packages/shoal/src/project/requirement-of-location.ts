/** A requirement that is written as a path or URL alone: a wheel's name is that of its file, others only their source can tell. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emptySpecifierSet, normalizeName, parseMarker, parseWheelFilename, tryNormalizeName } from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement } from '@shoal/packaging';
import { DistributionNotFoundError } from './distribution-not-found-error.ts';

const LOCATION = /^(?:[a-z][a-z0-9+.-]*:\/\/|file:|\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[/\\]|\.{1,2}(?=$|\[))/i;
const ARCHIVE = /^[^\s@;]+?\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)(?=$|[\s[;#?])/i;

/** A requirement without a name. */
export interface UnnamedRequirement {
  /** Absolute, with its fragment. */
  readonly url: string;
  /** The URL or path as it was given, without extras and marker. */
  readonly written: string;
  readonly extras: readonly NormalizedName[];
  readonly marker: Marker | undefined;
}

/**
 * `undefined` when `written` is not a location but an ordinary requirement.
 *
 * @param folder Where relative paths start.
 * @throws {DistributionNotFoundError} for local paths where nothing is.
 * @throws {InvalidWheelFilenameError} {InvalidMarkerError}
 */
export function requirementOfLocation(written: string, folder: string): Requirement | UnnamedRequirement | undefined {
  if (!LOCATION.test(written) && !ARCHIVE.test(written) && !isExistingFolder(written, folder)) return undefined;
  return requirementOfPlace(written, folder);
}

/** The same for what is a location wherever it is written: `-e .`, `-e pkg`. */
export function requirementOfPlace(written: string, folder: string): Requirement | UnnamedRequirement {
  const [, bare = written, extras = '', marker = ''] = /^(.*?)(?:\[([^\]]*)\])?(?:\s*;\s*(.*))?$/s.exec(written) ?? [];
  const location = bare.trim();
  refuseMissing(location, folder);
  const common = { extras: namesIn(extras), marker: marker === '' ? undefined : parseMarker(marker) };
  const isWheel = withoutQuery(location).endsWith('.whl') && !/^[a-z]+\+/i.test(location);
  const url = isWheel ? location : absoluteUrl(location, folder);
  const name = isWheel ? parseWheelFilename(lastSegment(withoutQuery(location))).name : eggName(location);
  if (name === undefined) return { ...common, url, written: location };
  return { ...common, url, name, writtenName: name, specifiers: emptySpecifierSet };
}

/** `#egg=name[extra]`: an old way to tell the name. */
function eggName(location: string): NormalizedName | undefined {
  const found = /[#&]egg=([^&[]+)/.exec(location)?.[1];
  return found === undefined ? undefined : tryNormalizeName(decodeURIComponent(found));
}

function namesIn(extras: string): NormalizedName[] {
  return extras
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '')
    .map(normalizeName);
}

function absoluteUrl(location: string, folder: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(location)) return location;
  const fragment = /#.*$/.exec(location)?.[0] ?? '';
  return `${pathToFileURL(resolve(folder, withoutQuery(location))).href}${fragment}`;
}

function refuseMissing(location: string, folder: string): void {
  const bare = withoutQuery(location);
  if (/^[a-z][a-z0-9+.-]+:/i.test(bare) && !/^file:/i.test(bare)) return;
  const path = /^file:/i.test(bare) ? fileURLToPath(bare) : resolve(folder, bare);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new DistributionNotFoundError(pathToFileURL(path).href);
}

function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/, '');
}

function lastSegment(path: string): string {
  if (/^file:/i.test(path)) return fileURLToPath(path).split(/[/\\]/).at(-1) ?? '';
  const segment = path.split(/[/\\]/).at(-1) ?? '';
  return /^https?:/i.test(path) ? decodeURIComponent(segment) : segment;
}

/** `src/pkg`: a path without a leading dot, recognised when it is there and could not be a name. */
function isExistingFolder(written: string, folder: string): boolean {
  return (
    /^[\w.-]+[/\\][^@\s]*$/.test(written) && statSync(resolve(folder, written), { throwIfNoEntry: false }) !== undefined
  );
}
