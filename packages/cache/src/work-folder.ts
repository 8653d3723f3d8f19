/**
 * A private folder below `tmp/`, beside a lock that its owner holds while it lives: the collector removes those whose
 * lock is free. The lock comes first, so there is no moment in which a living folder looks dead.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Digest } from './digest.ts';
import type { LockHandle } from './file-lock.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { announceStep } from './key-locks.ts';
import { randomName } from './random-name.ts';
import { removeTreeOrLeave } from './remove-tree.ts';

const LOCK_SUFFIX = '.lock';

export class WorkFolder implements Disposable {
  readonly path: string;
  readonly #setting: CacheSetting;
  readonly #lock: LockHandle;

  private constructor(setting: CacheSetting, path: string, lock: LockHandle) {
    this.#setting = setting;
    this.path = path;
    this.#lock = lock;
  }

  static open(setting: CacheSetting, locks: KeyLocks): WorkFolder {
    const { layout } = setting.root;
    for (;;) {
      const path = join(layout.tmp, randomName());
      const lock = locks.tryExclusive(lockPathOfWork(path), 'a work folder');
      // Busy: a collector is looking at the name that we have just made up.
      if (lock === 'busy') continue;
      setting.root.inFolder(layout.tmp, () => mkdirSync(path));
      announceStep(setting, 'work-folder-made', path);
      return new WorkFolder(setting, path, lock);
    }
  }

  /**
   * Where a download grows: at a place where the next worker finds it when this one is killed; or in here, where the key's
   * lock may not keep two workers from writing to one file.
   */
  partialPath(digest: Digest): string {
    const { mount, root } = this.#setting;
    const path = root.layout.partial(digest);
    if (!mount.sharesPartials || isAnothers(path)) return join(this.path, 'partial');
    root.makeFolder(root.layout.partials);
    return path;
  }

  /** Has somebody deleted it, or is about to? */
  hasVanished(): boolean {
    return !this.#lock.isStillNamed() || statSync(this.path, { throwIfNoEntry: false }) === undefined;
  }

  /** Remove what is left of it. */
  close(): void {
    try {
      removeTreeOrLeave(this.path);
    } finally {
      this.#lock.releaseAndRemove();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What another user has begun is not gone on with: they could change it after it was checked. */
function isAnothers(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && process.geteuid !== undefined && found.uid !== process.geteuid();
}

export function lockPathOfWork(path: string): string {
  return `${path}${LOCK_SUFFIX}`;
}

/** The names of work folders that the files in `tmp/` speak of, whether folder, lock or both are there. */
export function workNames(names: readonly string[]): readonly string[] {
  const bare = names.map((name) => (name.endsWith(LOCK_SUFFIX) ? name.slice(0, -LOCK_SUFFIX.length) : name));
  return [...new Set(bare)];
}
