/**
 * Removing entries beside any number of readers and producers. The collector waits for nobody: what is locked is in use
 * and skipped; everything else is renamed to trash under its exclusive lock, unlocked, and deleted.
 *
 * ## Limits
 * - One collector at a time; a second one is told so and does nothing.
 * - Where locks cannot be trusted (no locks, or locks that do not exclude other hosts), only what was unused for a day is
 *   taken, and deleted by the next run.
 */
import { lstatSync, statSync, unlinkSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { CacheUnwritableError, hasErrorCode } from './errors.ts';
import { announceStep, KeyLocks } from './key-locks.ts';
import type { CacheSetting } from './key-locks.ts';
import { readHolder } from './lock-holder.ts';
import type { LockHolder } from './lock-holder.ts';
import { emptyCount, removeTree } from './remove-tree.ts';
import type { RemovalCount } from './remove-tree.ts';
import { moveToTrash } from './trash.ts';
import { manifestPath } from './tree-entry.ts';

export interface CollectReport {
  /** `another-collector`: one is at work already, and this run has done nothing. */
  readonly outcome: 'done' | 'another-collector';
  /** The other collector, when it left its name. */
  readonly holder: LockHolder | undefined;
  /** What was removed. */
  readonly files: number;
  readonly directories: number;
  /** Lengths of the files that were removed, whatever the disk used for them. */
  readonly bytes: number;
  /** How many entries were left because somebody uses them, or because they may not be removed by us. */
  readonly skipped: number;
}

const GRACE_MS = 86_400_000;
const TURN_MS = 10;

/** Run `collect` unless another collector is at work. @throws {CacheUnwritableError} */
export async function collectAlone(
  setting: CacheSetting,
  signal: AbortSignal | undefined,
  collect: (run: CollectRun) => Promise<void>,
): Promise<CollectReport> {
  const { layout } = setting.root;
  const run = new CollectRun(setting, signal);
  if (statSync(layout.root, { throwIfNoEntry: false }) === undefined) return run.report();
  const lock = run.locks.tryExclusive(layout.collectLock, 'the cache, to collect what is not needed');
  if (lock === 'busy') {
    return { ...run.report(), outcome: 'another-collector', holder: readHolder(layout.collectLock) };
  }
  try {
    announceStep(setting, 'collect-lock-taken', layout.collectLock);
    await collect(run);
    announceStep(setting, 'collected', layout.root);
    return run.report();
  } finally {
    if (run.leavesNothing) lock.releaseAndRemove();
    else lock.release();
  }
}

/** One run of the collector: what it has removed so far, and how it removes. */
export class CollectRun {
  readonly setting: CacheSetting;
  readonly locks: KeyLocks;
  /** Set when the whole cache has been removed, and the collector's own lock is to go as well. */
  leavesNothing = false;
  readonly #signal: AbortSignal | undefined;
  readonly #renamed: Set<string> = new Set();
  readonly #count: RemovalCount = emptyCount();
  #skipped = 0;
  #turnStartedMs: number = performance.now();

  constructor(setting: CacheSetting, signal: AbortSignal | undefined) {
    this.setting = setting;
    this.locks = new KeyLocks(setting);
    this.#signal = signal;
  }

  report(): CollectReport {
    return { outcome: 'done', holder: undefined, ...this.#count, skipped: this.#skipped };
  }

  get skipped(): number {
    return this.#skipped;
  }

  /**
   * Remove the entry at `path` unless somebody holds the lock at `lockPath`.
   *
   * @param isStillWanted Asked under the lock; true leaves the entry.
   */
  removeUnused(path: string, lockPath: string, isStillWanted: () => boolean = () => false): void {
    const lock = this.locks.tryCollecting(lockPath);
    if (lock === 'busy') {
      this.#skipped += 1;
      return;
    }
    using held = lock === 'unsupported' ? undefined : lock;
    if (held === undefined || !this.setting.mount.trustsLocks()) {
      this.#removeAfterGrace(path, isStillWanted);
      return;
    }
    announceStep(this.setting, 'victim-locked', path);
    if (isStillWanted()) return;
    const trashed = this.#trash(path);
    held.releaseAndRemove();
    if (trashed !== undefined) this.delete(trashed);
  }

  /** Remove a single file that readers hold open at most: they keep what they have. */
  removeFile(path: string): void {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!this.#tolerating(() => unlinkSync(path))) return;
    this.#count.files += 1;
    this.#count.bytes += found.size;
  }

  /** Rename to trash, then delete: for what no lock guards. */
  discard(path: string): void {
    const trashed = this.#trash(path);
    if (trashed !== undefined) this.delete(trashed);
  }

  /** Delete what is in trash already; without trustworthy locks only what an earlier run has put there. */
  delete(trashed: string): void {
    if (this.#renamed.has(trashed)) return;
    announceStep(this.setting, 'before-delete', trashed);
    this.#tolerating(() => removeTree(trashed, this.#count));
    announceStep(this.setting, 'deleted', trashed);
    this.setting.onEvent({ type: 'collecting', ...this.#count });
  }

  /** Let timers, signals and other tasks have their turn when this one has taken a while. */
  async pause(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#turnStartedMs < TURN_MS) return;
    await nextTurn();
    this.#turnStartedMs = performance.now();
  }

  #trash(path: string): string | undefined {
    let trashed: string | undefined;
    this.#tolerating(() => {
      trashed = moveToTrash(this.setting.root, path);
    });
    if (trashed !== undefined) announceStep(this.setting, 'trashed', path);
    return trashed;
  }

  #removeAfterGrace(path: string, isStillWanted: () => boolean): void {
    const usedMs = lastUseMs(path);
    if (usedMs === undefined || isStillWanted()) return;
    if (Date.now() - usedMs < GRACE_MS) {
      this.#skipped += 1;
      return;
    }
    const trashed = this.#trash(path);
    if (trashed !== undefined) this.#renamed.add(trashed);
  }

  /** Another user's file in a root without group permissions is left and counted. */
  #tolerating(operate: () => void): boolean {
    try {
      operate();
      return true;
    } catch (error) {
      const isForbidden = error instanceof CacheUnwritableError || hasErrorCode(error, 'EACCES', 'EPERM', 'EBUSY');
      if (!isForbidden && !hasErrorCode(error, 'ENOENT', 'ENOTEMPTY')) throw error;
      if (isForbidden) this.#skipped += 1;
      return false;
    }
  }
}

/** A tree's use is noted at its manifest; anything else is as old as its last change. `undefined` when it is gone. */
function lastUseMs(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, statSync(manifestPath(path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
}
