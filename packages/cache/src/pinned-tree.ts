import type { Digest } from './digest.ts';
import { hasErrorCode } from './errors.ts';
import { findWrongContent } from './find-wrong-content.ts';
import type { LockHandle } from './file-lock.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting } from './key-locks.ts';
import type { ManifestFile, StampedManifest, TreeManifest } from './manifest.ts';
import { removeTreeOrLeave } from './remove-tree.ts';
import { moveToTrash } from './trash.ts';
import { readTreeEntry, replaceFiles, treePath, withTimes } from './tree-entry.ts';

interface PinnedTreeParts {
  readonly digest: Digest;
  readonly entry: string;
  readonly manifest: StampedManifest;
  readonly lock: LockHandle;
}

/** A tree that no collector removes while this is held. */
export class PinnedTree implements Disposable {
  readonly digest: Digest;
  /** The folder below which the manifest's paths are. Never write to it. */
  readonly folder: string;
  readonly #setting: CacheSetting;
  readonly #parts: PinnedTreeParts;
  #manifest: StampedManifest;

  constructor(setting: CacheSetting, parts: PinnedTreeParts) {
    this.digest = parts.digest;
    this.folder = treePath(parts.entry);
    this.#manifest = parts.manifest;
    this.#setting = setting;
    this.#parts = parts;
  }

  get manifest(): TreeManifest {
    return this.#manifest;
  }

  /**
   * Read every byte of it, because a time looks wrong or somebody asks. Files that are right though their times have
   * changed (a copied cache) get new times in `manifest`.
   *
   * @returns what is wrong, to be given to `discard`; `undefined` when it is whole.
   */
  async findDamage(signal?: AbortSignal): Promise<string | undefined> {
    const before = this.#manifest.files;
    const files = this.#timedFiles();
    const reason = await findWrongContent(this.folder, this.#manifest, signal);
    if (reason !== undefined || files === undefined) return reason ?? 'a file is missing';
    if (files.some(({ modifiedMs }, index) => differs(modifiedMs, before[index]?.modifiedMs)))
      this.#manifest = replaceFiles(this.#parts.entry, this.#manifest, files);
    return undefined;
  }

  /** The times come before the content: what is written to in between then has another time. */
  #timedFiles(): readonly ManifestFile[] | undefined {
    try {
      return withTimes(this.folder, this.#manifest.files);
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE', 'EIO')) return undefined;
      throw error;
    }
  }

  /** Let the program that is about to replace this process hold it as long as it runs. */
  inherit(): void {
    this.#parts.lock.inherit();
  }

  /** Let the collector have it. Further calls do nothing. */
  release(): void {
    this.#parts.lock.release();
  }

  /**
   * A file of it turned out to be missing or wrong: remove the tree, unless it has been replaced already, and release.
   * Then ask for it again, three times at most.
   *
   * @throws {CacheUnwritableError} when the cache is only readable: then it cannot be healed.
   */
  discard(reason: string): void {
    const { entry, lock } = this.#parts;
    const current = readTreeEntry(entry);
    const isReplaced = current.state === 'present' && current.manifest.publication !== this.#manifest.publication;
    this.#setting.onEvent({ type: 'healed', resource: 'a cached tree', path: entry, reason });
    try {
      announceStep(this.#setting, 'before-heal', entry);
      const trashed = isReplaced ? undefined : moveToTrash(this.#setting.root, entry);
      announceStep(this.#setting, 'put-aside', entry);
      // Others may hold the same damaged tree for hours: making it anew does not wait for them.
      if (isReplaced) lock.release();
      else lock.abandon();
      if (trashed !== undefined) removeTreeOrLeave(trashed);
    } finally {
      lock.release();
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** Runtimes and file systems round times differently. */
const TIME_GRAIN_MS = 2;

function differs(time: number | undefined, other: number | undefined): boolean {
  return time === undefined || other === undefined || Math.abs(time - other) > TIME_GRAIN_MS;
}
