/** A requirement that is written as a wheel's path or URL alone: the name is that of the file. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emptySpecifierSet, normalizeName, parseMarker, parseWheelFilename } from '@shoal/packaging';
import type { Requirement } from '@shoal/packaging';
import { DistributionNotFoundError } from './distribution-not-found-error.ts';
import { UnbuildableSourceError } from './unbuildable-source-error.ts';

const LOCATION = /^(?:[a-z][a-z0-9+.-]*:\/\/|file:|\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[/\\]|\.{1,2}(?=$|\[))/i;
const ARCHIVE = /^[^\s@;]+?\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)(?=$|[\s[;#?])/i;

/**
 * `undefined` when `written` is not a location but an ordinary requirement.
 *
 * @param folder Where relative paths start.
 * @throws {DistributionNotFoundError} for local paths where nothing is.
 * @throws {UnbuildableSourceError} for folders, source distributions and repositories.
 * @throws {InvalidWheelFilenameError} {InvalidMarkerError}
 */
export function requirementOfLocation(written: string, folder: string): Requirement | undefined {
  if (!LOCATION.test(written) && !ARCHIVE.test(written) && !isExistingFolder(written, folder)) return undefined;
  const [, bare = written, extras = '', marker = ''] = /^(.*?)(?:\[([^\]]*)\])?(?:\s*;\s*(.*))?$/s.exec(written) ?? [];
  const location = bare.trim();
  refuseMissing(location, folder);
  refuseUnbuildable(location);
  const { name } = parseWheelFilename(lastSegment(withoutQuery(location)));
  return {
    name,
    writtenName: name,
    extras: extras
      .split(',')
      .map((extra) => extra.trim())
      .filter((extra) => extra !== '')
      .map(normalizeName),
    specifiers: emptySpecifierSet,
    url: location,
    marker: marker === '' ? undefined : parseMarker(marker),
  };
}

function refuseMissing(location: string, folder: string): void {
  const bare = withoutQuery(location);
  if (/^[a-z][a-z0-9+.-]+:/i.test(bare) && !/^file:/i.test(bare)) return;
  const path = /^file:/i.test(bare) ? fileURLToPath(bare) : resolve(folder, bare);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new DistributionNotFoundError(pathToFileURL(path).href);
}

/** @throws {UnbuildableSourceError} unless `location` is a wheel's. */
export function refuseUnbuildable(location: string): void {
  const path = withoutQuery(location);
  if (path.endsWith('.whl') && !/^[a-z]+\+/i.test(location)) return;
  if (/^[a-z]+\+/i.test(location) || path.endsWith('.git')) throw new UnbuildableSourceError(location, 'a repository');
  throw new UnbuildableSourceError(location, ARCHIVE.test(path) ? 'a source distribution' : 'a folder');
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
