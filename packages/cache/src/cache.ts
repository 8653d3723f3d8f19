/** A cache folder and what is in it. Opening one touches nothing; folders are made when something is first written. */
import { dirname, resolve } from 'node:path';

import { acquireFileLock } from './acquire-file-lock.ts';
import { BlobStore } from './blob-store.ts';
import { cleanCache } from './clean.ts';
import type { CleanOptions } from './clean.ts';
import type { CollectReport } from './collector.ts';
import { CacheFullError, CacheUnwritableError } from './errors.ts';
import { examineCache, isReadOnlyCache } from './examine.ts';
import type { CacheExamination } from './examine.ts';
import type { EventListener } from './events.ts';
import type { LockHandle, LockMode } from './file-lock.ts';
import { KeyLocks } from './key-locks.ts';
import type { CacheSetting } from './key-locks.ts';
import { createLayout } from './layout.ts';
import { listLocks } from './locks-in-use.ts';
import type { LockInUse } from './locks-in-use.ts';
import { once } from './once.ts';
import { pruneCache } from './prune.ts';
import type { PruneOptions } from './prune.ts';
import { RecordStore } from './record-store.ts';
import { repeatWork } from './repeat-work.ts';
import type { RepeatedWork } from './repeat-work.ts';
import { RootFolder } from './root-folder.ts';
import { RootMount } from './root-mount.ts';
import { sizeOfFolder } from './size.ts';
import type { FolderSize } from './size.ts';
import { TreeStore } from './tree-store.ts';
import { trustedRoot } from './trusted-root.ts';
import { WorkFolder } from './work-folder.ts';
import { verifyCache } from './verify.ts';
import type { VerifyReport } from './verify.ts';

export interface CacheOptions {
  /** The cache's folder. It need not exist. */
  readonly root: string;
  /** Another cache's folder that is only read: what is there need not be made in `root`. */
  readonly readThrough?: string | undefined;
  /** What those who wait for us are told: `shoal pip install numpy`. */
  readonly command: string;
  /** Without: wait for locks as long as it takes. */
  readonly lockTimeoutMs?: number | undefined;
  readonly onEvent?: EventListener | undefined;
}

export interface NamedLockOptions {
  readonly mode: LockMode;
  readonly resource: string;
  /** Instead of the cache's own. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Cache implements Disposable {
  /** Absolute; this user's own part, where the folder that was named is open to everybody. */
  readonly root: string;
  readonly trees: TreeStore;
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  readonly #setting: CacheSetting;
  readonly #locks: KeyLocks;
  readonly #lower: Cache | undefined;

  constructor(options: CacheOptions) {
    const { readThrough } = options;
    this.#setting = settingOf(options);
    this.root = this.#setting.root.layout.root;
    this.#locks = new KeyLocks(this.#setting);
    const lower =
      readThrough === undefined ? undefined : new Cache({ ...options, root: readThrough, readThrough: undefined });
    this.#lower = lower;
    this.trees = new TreeStore(this.#setting, this.#locks, lower?.trees);
    this.records = new RecordStore(this.#setting, this.#locks, lower?.records);
    this.blobs = new BlobStore(this.#setting, this.#locks, lower?.blobs);
  }

  /**
   * Lock something that is not an entry, by a name of one path segment: `project-<digest of its real path>`.
   *
   * @throws LockTimeoutError, LockUnsupportedError, LockBrokenError; CacheUnwritableError; the signal's reason.
   */
  async lock(name: string, options: NamedLockOptions): Promise<LockHandle> {
    const { root, command, lockTimeoutMs, onEvent } = this.#setting;
    const path = root.layout.namedLock(name);
    root.makeFolder(dirname(path));
    const timeoutMs = options.timeoutMs ?? lockTimeoutMs;
    return await acquireFileLock(path, { ...options, command, timeoutMs, onEvent });
  }

  /** The locks of this cache that somebody holds, here or elsewhere. Nobody notices the question. */
  locksInUse(): readonly LockInUse[] {
    return listLocks(this.#setting.root.layout);
  }

  /** What its place gives and lacks; probed now when nobody has before. `undefined` when there is no cache yet. */
  examine(): CacheExamination | undefined {
    return examineCache(this.#setting.root.layout, this.#setting.mount);
  }

  /**
   * Work in a private, empty folder inside the cache, which goes with it; work is done again when the folder is deleted
   * meanwhile, or when it throws a `LostEntryError`. What a killed process leaves of the folder is collected.
   *
   * @throws {CacheUnstableError}, the signal's reason, the errors of `work` and of writing to the cache.
   */
  async inWorkFolder<T>(request: RepeatedWork<T>): Promise<T> {
    return await repeatWork(this.#setting, this.#locks, request);
  }

  /** A private, empty folder inside the cache, to be closed, for what cannot be done again. What a killed process leaves of it is collected. */
  openWorkFolder(): WorkFolder {
    return WorkFolder.open(this.#setting, this.#locks);
  }

  /** Files, folders and bytes below the root; zeros when there is none. Takes no lock. */
  size(): FolderSize {
    return sizeOfFolder(this.root);
  }

  /** Remove everything, or what is selected, except what is in use. Waits for nobody. */
  async clean(options: CleanOptions = {}): Promise<CollectReport> {
    return await cleanCache(this.#setting, options);
  }

  /** Remove what nobody needs any more, and more of it as `options` ask. Waits for nobody. */
  async prune(options: PruneOptions = {}): Promise<CollectReport> {
    return await pruneCache(this.#setting, options);
  }

  /** Read every byte of every entry, and remove those that are damaged. Waits for nobody. */
  async verify(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<VerifyReport> {
    return await verifyCache(this.#setting, options.signal);
  }

  /** Release everything that is still pinned or locked through this object. */
  dispose(): void {
    this.#locks.releaseAll();
    this.#lower?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function settingOf(options: CacheOptions): CacheSetting {
  const { command, lockTimeoutMs, onEvent = (): void => undefined, readThrough } = options;
  const root = new RootFolder(trustedRoot(resolve(options.root)));
  const mount = new RootMount(root, onEvent);
  const beforeMaking = once(() => {
    if (readThrough !== undefined) onEvent({ type: 'layered', root: root.layout.root, readThrough });
    mount.facts();
  });
  return { root, mount, command, lockTimeoutMs, onEvent, beforeMaking };
}

/** Is there a cache at `root` that this user can only read? False when there is none. */
export function isReadOnly(root: string): boolean {
  return isReadOnlyCache(createLayout(resolve(root)));
}

/** Make an empty cache at `root` unless there is one. False when this user may not write there. */
export function makeCacheFolder(root: string): boolean {
  try {
    new RootFolder(resolve(root)).makeFolder(resolve(root));
    return !isReadOnly(root);
  } catch (error) {
    if (error instanceof CacheUnwritableError || error instanceof CacheFullError) return false;
    throw error;
  }
}

/** @throws {CacheUntrustedError} when another user may have prepared the folder. */
export function openCache(options: CacheOptions): Cache {
  return new Cache(options);
}
