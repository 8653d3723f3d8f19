/**
 * Core metadata of distributions: the sidecar of the index (PEP 658, 714), else the end of the wheel, else the whole wheel.
 * What resolving needs of it is kept by the file's hash, else by its URL, and fetched once for all processes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cache, type Digest, digestOf, OperationalError, parseDigest, sha256 } from '@shoal/cache';
import {
  formatVersion,
  PackagingError,
  parseDependencyMetadata,
  versionsEqual,
  type WheelFilename,
} from '@shoal/packaging';
import { InvalidArchiveError, InvalidWheelError } from '../fetch/archive-errors.ts';
import type { DistributionStore } from '../fetch/distribution-store.ts';
import { type HttpClient } from '../fetch/http-client.ts';
import { fetchFailure, HttpStatusError, OfflineError } from '../fetch/http-errors.ts';
import { fetchWheelMetadata, readLocalWheelMetadata } from '../fetch/wheel-metadata.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import type { RemoteWheel, WheelSource } from '../fetch/wheel-source.ts';
import type { DependencyMetadata, DistributionFile } from '../project/distribution-file.ts';
import { MetadataHashError } from './index-errors.ts';
import { keepDependencyFields } from './dependency-fields.ts';

/** The dependencies of a file, or why they cannot be had; other failures are thrown. */
export type MetadataAnswer =
  | { readonly kind: 'found'; readonly metadata: DependencyMetadata }
  | { readonly kind: 'offline' }
  | { readonly kind: 'invalid-metadata' | 'inconsistent-metadata' | 'invalid-structure'; readonly detail: string }
  | { readonly kind: 'needs-build'; readonly detail: string };

export interface MetadataSourceOptions {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly distributions: DistributionStore;
  readonly signal?: AbortSignal | undefined;
}

export class MetadataSource {
  readonly #options: MetadataSourceOptions;
  readonly #answers = new Map<string, Promise<MetadataAnswer>>();

  constructor(options: MetadataSourceOptions) {
    this.#options = options;
  }

  /** Of a file that an index lists. */
  ofFile(file: DistributionFile): Promise<MetadataAnswer> {
    const { filename, url, hashes, sizeBytes } = file;
    if (filename.kind === 'sdist')
      return Promise.resolve({ kind: 'needs-build', detail: `\`${filename.filename}\` is a source distribution` });
    if (url.startsWith('file:')) return this.ofWheel({ kind: 'local', filename, path: fileURLToPath(url), hashes });
    const source: RemoteWheel = { kind: 'remote', filename, url, hashes, sizeBytes };
    return this.#once(url, () => this.#ofRemote(source, file.coreMetadata));
  }

  /** Of a wheel that a requirement names by URL or path. */
  ofWheel(source: WheelSource): Promise<MetadataAnswer> {
    if (source.kind === 'remote') return this.#once(source.url, () => this.#ofRemote(source, false));
    return this.#once(source.path, () =>
      Promise.resolve(parseFor(source.filename, () => readLocalWheelMetadata(source.path, source.filename))),
    );
  }

  #once(key: string, answer: () => Promise<MetadataAnswer>): Promise<MetadataAnswer> {
    const known = this.#answers.get(key) ?? answer();
    this.#answers.set(key, known);
    return known;
  }

  async #ofRemote(source: RemoteWheel, sidecar: DistributionFile['coreMetadata']): Promise<MetadataAnswer> {
    const { cache, http, signal } = this.#options;
    try {
      return await cache.records.readOrProduce({
        bucket: 'metadata',
        key: recordKey(source),
        resource: `the metadata of \`${source.filename.filename}\``,
        signal,
        accept: (content) => parseFor(source.filename, () => Buffer.from(content).toString('utf8')),
        produce: async () => keepDependencyFields(await this.#fetchText(source, sidecar)),
      });
    } catch (error) {
      if (error instanceof OfflineError) return { kind: 'offline' };
      const gap = structureGap(error, source.filename);
      if (gap !== undefined) return gap;
      signal?.throwIfAborted();
      throw fetchFailure(error, source.url, http.settings);
    }
  }

  async #fetchText(source: RemoteWheel, sidecar: DistributionFile['coreMetadata']): Promise<string> {
    const { http, signal } = this.#options;
    return (
      (sidecar === false ? undefined : await this.#fetchSidecar(source, sidecar)) ??
      (await fetchWheelMetadata(http, source, signal)) ??
      (await this.#readFromTree(source))
    );
  }

  /** `undefined` when the index promised one and has none. */
  async #fetchSidecar(
    source: RemoteWheel,
    sidecar: true | Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const url = `${source.url}.metadata`;
    const { status, content } = await this.#options.http.read({ url, signal: this.#options.signal });
    if (status === 404) return undefined;
    if (status < 200 || status >= 300) throw new HttpStatusError(status, url);
    const expected = sidecar === true ? undefined : sidecar['sha256'];
    const computed = sha256(content, 'hex');
    if (expected !== undefined && expected.toLowerCase() !== computed)
      throw new MetadataHashError(url, `sha256:${expected}`, `sha256:${computed}`);
    return content.toString('utf8');
  }

  async #readFromTree(source: RemoteWheel): Promise<string> {
    using tree = await this.#options.distributions.fetchTree(source, { signal: this.#options.signal });
    return readFileSync(join(tree.folder, wheelNoteOf(tree).distInfo, 'METADATA'), 'utf8');
  }
}

function recordKey(source: RemoteWheel): Digest {
  const sha256 = source.hashes['sha256']?.toLowerCase();
  return sha256 === undefined ? digestOf(`url ${source.url}`) : parseDigest(sha256);
}

function parseFor(filename: WheelFilename, read: () => string): MetadataAnswer {
  try {
    const metadata = parseDependencyMetadata(read());
    const fault = contradiction(metadata, filename);
    return fault === undefined ? { kind: 'found', metadata } : { kind: 'inconsistent-metadata', detail: fault };
  } catch (error) {
    if (error instanceof PackagingError) return { kind: 'invalid-metadata', detail: error.message };
    const gap = structureGap(error, filename);
    if (gap !== undefined) return gap;
    throw error;
  }
}

function contradiction(metadata: DependencyMetadata, filename: WheelFilename): string | undefined {
  if (metadata.name !== filename.name)
    return `Package metadata name \`${metadata.name}\` does not match given name \`${filename.name}\``;
  if (versionsEqual(metadata.version, filename.version)) return undefined;
  return `Package metadata version \`${formatVersion(metadata.version)}\` does not match given version \`${formatVersion(filename.version)}\``;
}

function structureGap(error: unknown, { filename }: WheelFilename): MetadataAnswer | undefined {
  for (let current = error; current instanceof OperationalError; current = current.cause) {
    if (current instanceof InvalidArchiveError || current instanceof InvalidWheelError)
      return { kind: 'invalid-structure', detail: `\`${filename}\`: ${current.message}` };
  }
  return undefined;
}
