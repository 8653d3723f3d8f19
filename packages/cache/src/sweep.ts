/** The parts of collecting that need no policy: what killed processes and earlier releases have left behind. */
import { lstatSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { manifestPath } from './tree-entry.ts';
import type { CollectRun } from './collector.ts';
import { parseDigest } from './digest.ts';
import { hasErrorCode } from './errors.ts';
import { isObsoleteBucket } from './layout.ts';
import { namesIn } from './remove-tree.ts';
import { lockPathOfWork, workNames } from './work-folder.ts';
import { isTemporaryName, removeIfPresent } from './write-file-atomic.ts';

const HOUR_MS = 3_600_000;
/** How long a download that nobody continues is kept for whoever asks for it again. */
const PARTIAL_DAYS = 7;
const FORGOTTEN_DAYS = 30;
const DIGEST = /^[0-9a-f]{64}$/u;
const LOCK_NAME = /\.lock(?:\.gate)?$/u;
/** A lock file whose maker has not given it its name yet, or was killed before. */
const UNNAMED_LOCK = /\.lock\.[0-9a-f]{32}$/u;

export async function sweepObsoleteBuckets(run: CollectRun): Promise<void> {
  const { root } = run.setting.root.layout;
  for (const name of namesIn(root)) {
    if (isObsoleteBucket(name)) run.discard(join(root, name));
    // A folder whose maker was killed before it had its name.
    if (isTemporaryName(name) && ageMs(join(root, name)) > HOUR_MS) removeEmptyFolder(join(root, name));
    await run.pause();
  }
}

/** Work folders whose owner is dead. */
export async function sweepWork(run: CollectRun): Promise<void> {
  const { tmp } = run.setting.root.layout;
  for (const name of workNames(namesIn(tmp))) {
    run.removeUnused(join(tmp, name), lockPathOfWork(join(tmp, name)));
    await run.pause();
  }
}

export async function sweepTrash(run: CollectRun): Promise<void> {
  const { trash } = run.setting.root.layout;
  for (const name of namesIn(trash)) {
    run.delete(join(trash, name));
    await run.pause();
  }
}

/** Downloads that nobody is at: those whose tree is there, and old ones; or all of them. */
export async function sweepPartials(run: CollectRun, which: 'stale' | 'all'): Promise<void> {
  const { layout } = run.setting.root;
  for (const name of namesIn(layout.partials)) {
    const path = join(layout.partials, name);
    if (!DIGEST.test(name)) continue;
    const digest = parseDigest(name);
    const isWanted = (): boolean =>
      which === 'stale' && ageMs(path) < PARTIAL_DAYS * 24 * HOUR_MS && !exists(manifestPath(layout.treeEntry(digest)));
    if (!isWanted()) run.removeUnused(path, layout.keyLock(digest), isWanted);
    await run.pause();
  }
}

/**
 * Temporary files of writers that were killed. A living one that is as slow as this finds its file gone and writes it
 * again.
 */
export async function sweepTemporaryFiles(run: CollectRun, folder: string): Promise<void> {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (isTemporaryName(name) && ageMs(path) > HOUR_MS) run.removeFile(path);
    else if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) await sweepTemporaryFiles(run, path);
    await run.pause();
  }
}

/** Records that were written long ago, in a bucket without folders. */
export async function sweepOldRecords(run: CollectRun, folder: string): Promise<void> {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (ageMs(path) > FORGOTTEN_DAYS * 24 * HOUR_MS) run.removeFile(path);
    await run.pause();
  }
}

/**
 * What hosts that were not seen for a month have found out about their mounts; or all, when nobody but this host has been
 * here: what is known of others is needed to collect beside them. Not counted.
 */
export function sweepMounts(run: CollectRun, which: 'old' | 'all'): void {
  const { mounts } = run.setting.root.layout;
  const paths = namesIn(mounts).map((name) => join(mounts, name));
  const isAlone = paths.length === 1;
  for (const path of paths) {
    if ((which === 'all' && isAlone) || ageMs(path) > FORGOTTEN_DAYS * 24 * HOUR_MS) removeIfPresent(path);
  }
}

/** Lock files that nobody holds, and the folders that this empties. They are not counted: they hold nothing. */
export async function sweepLocks(run: CollectRun): Promise<void> {
  const { locks, collectLock } = run.setting.root.layout;
  for (const name of namesIn(locks)) {
    const path = join(locks, name);
    if (path === collectLock) continue;
    if (isLockName(name)) removeFreeLock(run, path);
    for (const inner of namesIn(path)) if (isLockName(inner)) removeFreeLock(run, join(path, inner));
    removeEmptyFolder(path);
    await run.pause();
  }
}

function isLockName(name: string): boolean {
  return LOCK_NAME.test(name) || UNNAMED_LOCK.test(name);
}

function removeFreeLock(run: CollectRun, path: string): void {
  if (UNNAMED_LOCK.test(path)) {
    if (ageMs(path) > HOUR_MS) removeIfPresent(path);
    return;
  }
  const lock = run.locks.tryCollecting(path);
  if (typeof lock === 'object') lock.releaseAndRemove();
}

/** True when it is gone. */
export function removeEmptyFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return true;
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EACCES', 'EPERM', 'EBUSY', 'EROFS')) return false;
    throw error;
  }
}

function ageMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
