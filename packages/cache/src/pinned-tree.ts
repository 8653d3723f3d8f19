import type { Digest } from './digest.ts';
import type { LockHandle } from './file-lock.ts';
import type { CacheSetting } from './key-locks.ts';
import type { StampedManifest, TreeManifest } from './manifest.ts';
import { removeTree } from './remove-tree.ts';
import { moveToTrash } from './trash.ts';
import { readTreeEntry, treePath } from './tree-entry.ts';

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
  readonly manifest: TreeManifest;
  readonly #setting: CacheSetting;
  readonly #parts: PinnedTreeParts;

  constructor(setting: CacheSetting, parts: PinnedTreeParts) {
    this.digest = parts.digest;
    this.folder = treePath(parts.entry);
    this.manifest = parts.manifest;
    this.#setting = setting;
    this.#parts = parts;
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
    const { entry, manifest, lock } = this.#parts;
    const current = readTreeEntry(entry);
    const isReplaced = current.state === 'present' && current.manifest.publication !== manifest.publication;
    this.#setting.onEvent({ type: 'healed', resource: 'a cached tree', path: entry, reason });
    try {
      const trashed = isReplaced ? undefined : moveToTrash(this.#setting.root, entry);
      // Others may hold the same damaged tree for hours: making it anew does not wait for them.
      if (isReplaced) lock.release();
      else lock.abandon();
      if (trashed !== undefined) removeTree(trashed);
    } finally {
      lock.release();
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
