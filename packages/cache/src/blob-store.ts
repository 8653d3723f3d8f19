/**
 * Single files named by the digest of their content. They are read whole and rarely, so each pin hashes the file: one
 * that is damaged is found before it is used.
 */
import { chmodSync, closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { CacheUnwritableError, hasErrorCode } from './errors.ts';
import type { LockHandle } from './file-lock.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { EntryProducer } from './produce-entry.ts';
import { publishFile } from './publish.ts';
import { removeTreeOrLeave } from './remove-tree.ts';
import { LostEntryError } from './repeat-work.ts';
import { moveToTrash } from './trash.ts';
import type { WorkFolder } from './work-folder.ts';

export interface PinnedBlob extends Disposable {
  readonly digest: Digest;
  /** Never write to it. */
  readonly path: string;
  release(): void;
}

export interface BlobWork {
  /** Write the content to this path. */
  readonly path: string;
  /** A file that outlives a killed producer: a download to be continued. It may or may not exist. */
  readonly partialPath: string;
}

export interface BlobRequest {
  readonly digest: Digest;
  readonly resource: string;
  readonly produce: (work: BlobWork) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

const READ_BYTES = 1 << 20;

export class BlobStore {
  readonly #setting: CacheSetting;
  readonly #locks: KeyLocks;
  /** Only read, for what is not here. */
  readonly #lower: BlobStore | undefined;
  readonly #producer: EntryProducer;

  constructor(setting: CacheSetting, locks: KeyLocks, lower?: BlobStore) {
    this.#setting = setting;
    this.#locks = locks;
    this.#lower = lower;
    this.#producer = new EntryProducer(setting, locks);
  }

  /** Hold the blob so that no collector removes it. `undefined` when absent or damaged. Never waits. */
  pin(digest: Digest): PinnedBlob | undefined {
    return this.#pinHere(digest) ?? this.#lower?.pin(digest);
  }

  #pinHere(digest: Digest): PinnedBlob | undefined {
    const { layout } = this.#setting.root;
    const path = layout.blob(digest);
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const lock = this.#locks.tryShared(layout.keyLock(digest));
    if (lock === 'busy') return undefined;
    const found = digestOfFile(path);
    if (found === digest) return pinnedBlob({ digest, path, lock });
    if (found !== undefined) this.#putAside(path);
    lock.release();
    return undefined;
  }

  /**
   * Hold the blob, waiting for whoever is fetching it, or fetching it here.
   *
   * @throws the errors of `produce`; a plain Error when it wrote something else than `digest` promises.
   */
  async pinOrProduce(request: BlobRequest): Promise<PinnedBlob> {
    return await this.#producer.pinOrProduce({
      digest: request.digest,
      resource: request.resource,
      signal: request.signal,
      pin: () => this.pin(request.digest),
      isPresent: () =>
        statSync(this.#setting.root.layout.blob(request.digest), { throwIfNoEntry: false }) !== undefined,
      produce: (work) => this.#produce(work, request),
    });
  }

  async #produce(work: WorkFolder, { digest, produce }: BlobRequest): Promise<void> {
    const { root } = this.#setting;
    const path = join(work.path, 'blob');
    const partialPath = work.partialPath(digest);
    await produce({ path, partialPath });
    announceStep(this.#setting, 'produced', digest);
    const bits = root.missingFileBits();
    if (bits !== 0) chmodSync(path, (statSync(path).mode & 0o777) | bits);
    const found = digestOfFile(path);
    if (found === undefined) throw new LostEntryError(path, undefined);
    if (found !== digest) throw new Error(`What was produced as blob ${digest} has another digest`);
    announceStep(this.#setting, 'before-publish', digest);
    const outcome = publishFile(root, path, root.layout.blob(digest));
    announceStep(this.#setting, outcome === 'published' ? 'published' : 'publication-lost', digest);
    removeTreeOrLeave(partialPath);
  }

  #putAside(path: string): void {
    this.#setting.onEvent({ type: 'healed', resource: 'a cached file', path, reason: 'its content is damaged' });
    announceStep(this.#setting, 'before-heal', path);
    try {
      const trashed = moveToTrash(this.#setting.root, path);
      announceStep(this.#setting, 'put-aside', path);
      if (trashed !== undefined) removeTreeOrLeave(trashed);
    } catch (error) {
      // A root that we may only read keeps its damage; the reader sees a miss.
      if (!(error instanceof CacheUnwritableError)) throw error;
    }
  }
}

function pinnedBlob({ digest, path, lock }: { digest: Digest; path: string; lock: LockHandle }): PinnedBlob {
  const release = (): void => lock.release();
  return { digest, path, release, [Symbol.dispose]: release };
}

/** `undefined` when the file is gone. */
function digestOfFile(path: string): Digest | undefined {
  try {
    const descriptor = openSync(path, 'r');
    try {
      return digestOfDescriptor(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE')) return undefined;
    throw error;
  }
}

function digestOfDescriptor(descriptor: number): Digest {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
    hash.update(buffer.subarray(0, read));
  }
  return parseDigest(hash.digest('hex'));
}
