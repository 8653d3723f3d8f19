/** The solver's port, answered by the indexes and by the wheels that requirements name by URL or path. */
import { statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OperationalError } from '@shoal/cache';
import { parseWheelFilename } from '@shoal/packaging';
import type { WheelSource } from '../fetch/wheel-source.ts';
import type { IndexClient } from '../index/index-client.ts';
import type { DistributionFile } from '../project/distribution-file.ts';
import type { Provider, UrlAnswer, UrlSource } from '../resolve/provider.ts';
import { DistributionNotFoundError } from '../project/distribution-not-found-error.ts';
import { UnbuildableSourceError } from '../project/unbuildable-source-error.ts';

/** A requirement names one project, and its URL a wheel of another. */
class NameMismatchError extends OperationalError {
  override readonly code = 'NAME_MISMATCH';

  constructor(wanted: string, found: string, url: string) {
    super(`Requested package name \`${wanted}\` does not match \`${found}\` in the distribution filename: ${url}`);
  }
}

/** The provider over an index client. `folder` is where relative paths in requirements start. */
export function createResolveProvider(index: IndexClient, folder: string): Provider {
  return {
    fetchProject: (name, location) => index.fetchProject(name, location),
    fetchDependencies: (file) => index.fetchDependencies(file),
    fetchUrlDependencies: async (source) => urlAnswer(index, source, folder),
  };
}

async function urlAnswer(index: IndexClient, source: UrlSource, folder: string): Promise<UrlAnswer> {
  const wheel = wheelSourceOfUrl(source.url, folder);
  const url = urlOfWheel(wheel);
  if (wheel.filename.name !== source.name) throw new NameMismatchError(source.name, wheel.filename.name, url);
  if (wheel.kind === 'local' && statSync(wheel.path, { throwIfNoEntry: false }) === undefined)
    throw new DistributionNotFoundError(url);
  const answer = await index.fetchWheelDependencies(wheel);
  if (answer.kind !== 'found') return answer;
  return { kind: 'found', metadata: answer.metadata, version: answer.metadata.version, file: fileOf(wheel) };
}

/** Where a wheel is, without credentials and fragment: `https:` or `file:`. */
export function urlOfWheel(wheel: WheelSource): string {
  if (wheel.kind === 'local') return pathToFileURL(wheel.path).href;
  const url = new URL(wheel.url);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

function fileOf(wheel: WheelSource): DistributionFile {
  const url = wheel.kind === 'remote' ? wheel.url : pathToFileURL(wheel.path).href;
  return {
    filename: wheel.filename,
    url,
    hashes: wheel.hashes,
    requiresPython: undefined,
    yanked: false,
    sizeBytes: undefined,
    uploadTime: undefined,
    coreMetadata: false,
    index: { url, kind: 'flat' },
  };
}

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/**
 * The wheel that a URL or path names, with the hash of its fragment (`#sha256=…`).
 *
 * @throws {UnbuildableSourceError} for source distributions, folders and repositories.
 * @throws {InvalidWheelFilenameError}
 */
export function wheelSourceOfUrl(written: string, folder: string): WheelSource {
  const [bare = '', fragment = ''] = written.split('#');
  const hashes = hashesOfFragment(fragment);
  const scheme = SCHEME.exec(bare)?.[1]?.toLowerCase();
  const url = scheme === undefined || /^[a-z]$/i.test(scheme) ? pathToFileURL(resolvePath(folder, bare)).href : bare;
  if (scheme?.includes('+') === true) throw new UnbuildableSourceError(written, 'a repository');
  const segment = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  if (!segment.endsWith('.whl'))
    throw new UnbuildableSourceError(
      written,
      segment.includes('.tar') || segment.endsWith('.zip') ? 'a source distribution' : 'a folder',
    );
  const filename = parseWheelFilename(segment);
  if (url.startsWith('file:'))
    return { kind: 'local', filename, path: fileURLToPath(url.split('?')[0] ?? url), hashes };
  return { kind: 'remote', filename, url, hashes, sizeBytes: undefined };
}

function resolvePath(folder: string, written: string): string {
  return fileURLToPath(new URL(encodeURI(written.replaceAll('\\', '/')), `${pathToFileURL(folder).href}/`));
}

function hashesOfFragment(fragment: string): Record<string, string> {
  const found = /(?:^|&)(md5|sha1|sha224|sha256|sha384|sha512)=([0-9a-fA-F]+)/.exec(fragment);
  return found?.[1] === undefined || found[2] === undefined ? {} : { [found[1]]: found[2].toLowerCase() };
}
