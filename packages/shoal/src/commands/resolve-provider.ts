/** The solver's port, answered by the indexes and by the wheels that requirements name by URL or path. */
import { statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OperationalError } from '@shoal/cache';
import { checkDigest, parseWheelFilename } from '@shoal/packaging';
import type { WheelSource } from '../fetch/wheel-source.ts';
import { OfflineError } from '../fetch/http-errors.ts';
import type { IndexClient } from '../index/index-client.ts';
import type { DistributionFile } from '../project/distribution-file.ts';
import type { DependencyAnswer, Provider, UrlAnswer, UrlSource } from '../resolve/provider.ts';
import { DistributionNotFoundError } from '../project/distribution-not-found-error.ts';
import { SourceLocationError } from '../project/requirement-errors.ts';
import { isBuiltFrom } from './builder.ts';
import type { Builder } from './builder.ts';

/** A requirement names one project, and its URL a wheel of another. */
class NameMismatchError extends OperationalError {
  override readonly code = 'NAME_MISMATCH';

  constructor(wanted: string, found: string, url: string) {
    super(`Requested package name \`${wanted}\` does not match \`${found}\` in the distribution filename: ${url}`);
  }
}

export interface ProviderSurroundings {
  /** Where relative paths in requirements start. */
  readonly folder: string;
  /** Tells what sources depend on that are no wheels. */
  readonly builder: Builder;
}

/** The provider over an index client and a builder. */
export function createResolveProvider(index: IndexClient, surroundings: ProviderSurroundings): Provider {
  return {
    fetchProject: (name, location) => index.fetchProject(name, location),
    fetchDependencies: async (file) =>
      file.filename.kind === 'sdist' ? await sdistAnswer(file, surroundings) : await index.fetchDependencies(file),
    fetchUrlDependencies: async (source) => await urlAnswer(index, source, surroundings),
  };
}

async function sdistAnswer(file: DistributionFile, { builder }: ProviderSurroundings): Promise<DependencyAnswer> {
  try {
    return { kind: 'found', metadata: await builder.metadataOfFile(file) };
  } catch (error) {
    if (error instanceof OfflineError) return { kind: 'offline' };
    throw error;
  }
}

async function urlAnswer(
  index: IndexClient,
  source: UrlSource,
  { folder, builder }: ProviderSurroundings,
): Promise<UrlAnswer> {
  if (isBuiltFrom(source.url)) {
    const metadata = await builder.metadataOfUrl(source);
    return { kind: 'found', metadata, version: metadata.version };
  }
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
 * @throws {SourceLocationError} {InvalidWheelFilenameError} {InvalidDigestError}
 */
export function wheelSourceOfUrl(written: string, folder: string): WheelSource {
  const [bare = '', fragment = ''] = written.split('#');
  const hashes = hashesOfFragment(fragment);
  const scheme = SCHEME.exec(bare)?.[1]?.toLowerCase();
  const url = scheme === undefined || /^[a-z]$/i.test(scheme) ? pathToFileURL(resolvePath(folder, bare)).href : bare;
  if (!/^(?:https?|file):/i.test(url))
    throw new SourceLocationError(written, `\`${scheme}:\` is not supported`, 'Use `https:`, `http:` or `file:`');
  const filename = parseWheelFilename(decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''));
  if (url.startsWith('file:'))
    return { kind: 'local', filename, path: fileURLToPath(url.split('?')[0] ?? url), hashes };
  return { kind: 'remote', filename, url, hashes, sizeBytes: undefined };
}

function resolvePath(folder: string, written: string): string {
  return fileURLToPath(new URL(encodeURI(written.replaceAll('\\', '/')), `${pathToFileURL(folder).href}/`));
}

function hashesOfFragment(fragment: string): Record<string, string> {
  const [, algorithm, digest] = /(?:^|&)(md5|sha1|sha224|sha256|sha384|sha512)=([^&]*)/.exec(fragment) ?? [];
  if (algorithm === undefined || digest === undefined) return {};
  checkDigest(algorithm, digest);
  return { [algorithm]: digest.toLowerCase() };
}
