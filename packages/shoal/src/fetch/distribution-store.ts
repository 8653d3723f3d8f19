/**
 * Wheels as trees of the cache: fetched, checked and unpacked once for all processes.
 *
 * A wheel whose SHA-256 the index names is looked for by that name alone. For any other the content's digest is first
 * learnt: by downloading it (remembered for the URL) or by hashing it (remembered for the file as it is).
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Cache,
  type Digest,
  digestOf,
  OperationalError,
  parseDigest,
  type PinnedTree,
  removeIfPresent,
  type TreeContent,
} from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import { createWorkerPool, type WorkerPool } from '../host/worker-pool.ts';
import { UnpackError } from './archive-errors.ts';
import { DownloadFailedError, LocalWheelError } from './distribution-errors.ts';
import { downloadWheel } from './download-wheel.ts';
import { type FileFact, formatFileFact, keyOfFile, keyOfUrl, parseFileFact } from './file-fact.ts';
import { explainDisturbance, identityOfFile } from './explain-disturbance.ts';
import { hashFile } from './hash-file.ts';
import { algorithmsOf, HashMismatchError, listHashes, meetsHashes } from './hash-policy.ts';
import type { HttpClient } from './http-client.ts';
import { errorOfUnpackFailure, isUnpackFailure } from './unpack-failure.ts';
import type { UnpackedWheel, UnpackWheelJob } from './unpack-wheel.ts';
import { isWanted, requireWanted, wantedHashes } from './wheel-hashes.ts';
import { describeWheel, type LocalWheel, type RemoteWheel, type WheelSource } from './wheel-source.ts';

export interface DistributionStoreOptions {
  readonly cache: Cache;
  readonly http: HttpClient;
  /** Workers that unpack. Default 2. */
  readonly unpackers?: number;
  /** Projects whose URLs and files are looked at anew; wheels with a known hash never change. Default none. */
  readonly refresh?: 'none' | 'all' | ReadonlySet<NormalizedName>;
}

export interface FetchTreeOptions {
  readonly signal?: AbortSignal | undefined;
  /** `algorithm:hex`; the file must have one of them (`--require-hashes`). */
  readonly requiredHashes?: readonly string[] | undefined;
}

export interface DistributionStore {
  /**
   * The unpacked wheel, held until it is released. Its manifest's note is a `WheelNote`.
   * @throws {DownloadFailedError} {LocalWheelError} with the reason as cause
   */
  fetchTree(source: WheelSource, options?: FetchTreeOptions): Promise<PinnedTree>;
  /** The same when nothing need be fetched, hashed or waited for. Never throws because of what is missing. */
  pinIfPresent(source: WheelSource, options?: FetchTreeOptions): PinnedTree | undefined;
  /**
   * A wheel that was built here and whose file will not stay: unpacked, without its path being remembered.
   * @throws {LocalWheelError}
   */
  takeWheel(source: LocalWheel, signal?: AbortSignal): Promise<PinnedTree>;
  /** Start the workers now, because wheels will be fetched. */
  warm(): void;
  close(): Promise<void>;
}

export function createDistributionStore(options: DistributionStoreOptions): DistributionStore {
  return new Store(options);
}

class Store implements DistributionStore {
  readonly #cache: Cache;
  readonly #http: HttpClient;
  readonly #refresh: NonNullable<DistributionStoreOptions['refresh']>;
  readonly #workers: WorkerPool<UnpackWheelJob, UnpackedWheel>;
  readonly #startedMs: number = Date.now();

  constructor(options: DistributionStoreOptions) {
    this.#cache = options.cache;
    this.#http = options.http;
    this.#refresh = options.refresh ?? 'none';
    this.#workers = createWorkerPool('fetch/unpack-worker', options.unpackers ?? 2);
  }

  warm(): void {
    this.#workers.warm();
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  pinIfPresent(source: WheelSource, options: FetchTreeOptions = {}): PinnedTree | undefined {
    const wanted = wantedHashes(source, options);
    const claimed = source.kind === 'remote' ? source.hashes['sha256'] : undefined;
    if (claimed !== undefined && wanted.every((hash) => hash.startsWith('sha256:'))) {
      return meetsHashes(wanted, { sha256: claimed })
        ? this.#cache.trees.pin(parseDigest(claimed.toLowerCase()), source.filename.filename)
        : undefined;
    }
    const fact = this.#knownFact(source, wanted);
    return fact !== undefined && isWanted(fact, source, wanted)
      ? this.#cache.trees.pin(fact.digest, source.filename.filename)
      : undefined;
  }

  async fetchTree(source: WheelSource, options: FetchTreeOptions = {}): Promise<PinnedTree> {
    const present = this.pinIfPresent(source, options);
    if (present !== undefined) return present;
    try {
      return source.kind === 'local'
        ? await this.#fetchLocal(source, options)
        : await this.#fetchRemote(source, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof OperationalError)) throw error;
      throw source.kind === 'local'
        ? new LocalWheelError(source.path, error)
        : new DownloadFailedError(describeWheel(source), error);
    }
  }

  async takeWheel(source: LocalWheel, signal?: AbortSignal): Promise<PinnedTree> {
    try {
      const { digest } = hashFile(source.path, ['sha256']);
      return await this.#unpackNamed(source, { digest, path: source.path, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof OperationalError ? new LocalWheelError(source.path, error) : error;
    }
  }

  #knownFact(source: WheelSource, wanted: readonly string[]): FileFact | undefined {
    const key = source.kind === 'remote' ? keyOfUrl(source.url) : tryKeyOfFile(source.path);
    const content = key === undefined ? undefined : this.#cache.records.read('files', key);
    return content === undefined ? undefined : this.#acceptFact(content, source, { wanted, isNew: false });
  }

  /** A fact that is too old for `--refresh`, or lacks an algorithm that is to be checked, will not do. */
  #acceptFact(
    content: Uint8Array,
    source: WheelSource,
    about: { wanted: readonly string[]; isNew: boolean },
  ): FileFact | undefined {
    const fact = parseFileFact(content);
    if (fact === undefined || !algorithmsOf(about.wanted).every((algorithm) => fact.hashes[algorithm] !== undefined))
      return undefined;
    const mustBeNew =
      source.kind === 'remote' &&
      (this.#refresh === 'all' || (this.#refresh !== 'none' && this.#refresh.has(source.filename.name)));
    return mustBeNew && !about.isNew && fact.fetchedMs < this.#startedMs ? undefined : fact;
  }

  async #fetchRemote(source: RemoteWheel, options: FetchTreeOptions): Promise<PinnedTree> {
    const claimed = source.hashes['sha256']?.toLowerCase();
    if (claimed === undefined) return await this.#fetchUnnamed(source, options);
    const digest = parseDigest(claimed);
    const tree = await this.#fetchNamed(source, digest, options);
    const wanted = wantedHashes(source, options);
    if (meetsHashes(wanted, { sha256: digest })) return tree;
    tree.release();
    if (wanted.every((hash) => hash.startsWith('sha256:')))
      throw new HashMismatchError(describeWheel(source), wanted, [`sha256:${digest}`]);
    return await this.#fetchUnnamed(source, options);
  }

  #fetchNamed(source: RemoteWheel, digest: Digest, options: FetchTreeOptions): Promise<PinnedTree> {
    return this.#cache.trees.pinOrProduce({
      digest,
      resource: source.filename.filename,
      signal: options.signal,
      produce: async (work) => {
        await downloadWheel(this.#http, source, {
          path: work.partialPath,
          sha256: digest,
          algorithms: [],
          signal: options.signal,
        });
        const seen = identityOfFile(work.partialPath);
        try {
          return await this.#unpack(work.partialPath, work.folder, source);
        } catch (error) {
          throw explainDisturbance(error, work.partialPath, { digest, seen });
        }
      },
    });
  }

  /** The digest is not known before the file is here. */
  async #fetchUnnamed(source: RemoteWheel, options: FetchTreeOptions): Promise<PinnedTree> {
    const wanted = wantedHashes(source, options);
    const algorithms = algorithmsOf([...wanted, ...listHashes(source.hashes)]);
    let tree: PinnedTree | undefined;
    const fact = await this.#cache.records.readOrProduce({
      bucket: 'files',
      key: keyOfUrl(source.url),
      resource: source.filename.filename,
      signal: options.signal,
      accept: (content, { producedWhileWaiting }) =>
        this.#acceptFact(content, source, { wanted, isNew: producedWhileWaiting }),
      produce: async () => {
        const made = await this.#learnRemote(source, algorithms, options);
        tree = made.tree;
        return formatFileFact(made.fact);
      },
    });
    requireWanted(fact, source, wanted);
    return tree ?? (await this.#fetchNamed(source, fact.digest, options));
  }

  async #learnRemote(
    source: RemoteWheel,
    algorithms: readonly string[],
    options: FetchTreeOptions,
  ): Promise<{ fact: FileFact; tree: PinnedTree }> {
    // It is never continued, so it shares its name with nobody: locks may not keep two writers apart.
    const path = join(this.#cache.root, 'partial', digestOf(`url ${source.url} ${crypto.randomUUID()}`));
    mkdirSync(dirname(path), { recursive: true });
    try {
      const downloaded = await downloadWheel(this.#http, source, {
        path,
        sha256: undefined,
        algorithms,
        signal: options.signal,
      });
      const digest = parseDigest(downloaded.hashes['sha256'] ?? '');
      const tree = await this.#unpackNamed(source, { digest, path, signal: options.signal });
      return {
        tree,
        fact: { digest, sizeBytes: downloaded.sizeBytes, hashes: downloaded.hashes, fetchedMs: Date.now() },
      };
    } finally {
      removeIfPresent(path);
    }
  }

  async #fetchLocal(source: LocalWheel, options: FetchTreeOptions): Promise<PinnedTree> {
    const wanted = wantedHashes(source, options);
    const algorithms = ['sha256', ...algorithmsOf(wanted)];
    const fact = await this.#cache.records.readOrProduce({
      bucket: 'files',
      key: keyOfFile(source.path),
      resource: source.filename.filename,
      signal: options.signal,
      accept: (content, { producedWhileWaiting }) =>
        this.#acceptFact(content, source, { wanted, isNew: producedWhileWaiting }),
      produce: () => Promise.resolve(formatFileFact(hashFile(source.path, algorithms))),
    });
    requireWanted(fact, source, wanted);
    return await this.#unpackNamed(source, { digest: fact.digest, path: source.path, signal: options.signal });
  }

  #unpackNamed(
    source: WheelSource,
    file: { digest: Digest; path: string; signal: AbortSignal | undefined },
  ): Promise<PinnedTree> {
    return this.#cache.trees.pinOrProduce({
      digest: file.digest,
      resource: source.filename.filename,
      signal: file.signal,
      produce: async (work) => {
        const content = await this.#unpack(file.path, work.folder, source);
        // The file is not ours: what was unpacked must be what was hashed.
        if (source.kind === 'local' && hashFile(file.path, ['sha256']).digest !== file.digest)
          throw new ChangedWhileReadError(file.path);
        return content;
      },
    });
  }

  async #unpack(archivePath: string, folder: string, source: WheelSource): Promise<TreeContent> {
    const { filename } = source.filename;
    try {
      const { onEvent } = this.#http.settings;
      const unpacking = this.#workers.run({ archivePath, folder, filename });
      onEvent?.({ type: 'step', name: 'unpacking', detail: filename });
      const unpacked = await unpacking;
      onEvent?.({ type: 'step', name: 'unpacked', detail: filename });
      onEvent?.({ type: 'unpacked', resource: filename, files: unpacked.files.length });
      return unpacked;
    } catch (error) {
      if (!isUnpackFailure(error)) throw error;
      const failure = errorOfUnpackFailure(error);
      throw failure instanceof OperationalError ? new UnpackError(filename, failure) : failure;
    }
  }
}

/** Somebody wrote to a wheel while it was being installed. */
class ChangedWhileReadError extends OperationalError {
  override readonly code = 'CHANGED_WHILE_READ';

  constructor(path: string) {
    super(`\`${path}\` was changed while it was read`, { hint: 'Run the command again when the file is finished' });
  }
}

function tryKeyOfFile(path: string): Digest | undefined {
  try {
    return keyOfFile(path);
  } catch {
    // Whoever fetches the file meets the same failure, and says so.
    return undefined;
  }
}
