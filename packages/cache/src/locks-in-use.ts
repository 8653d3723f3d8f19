/**
 * Which locks of a cache are held at this moment, and by whom.
 *
 * ## Guarantees
 * - Holders notice nothing, and nobody who comes for a lock is kept from it: a lock is tried only when its file bears a name,
 *   first as one more reader. Only where that shows a name that nobody may answer for any more is it taken for an instant,
 *   to wipe the name; whoever comes in that instant asks again.
 *
 * ## Limits
 * - Readers leave their name after half a second; before, they are not listed.
 */
import { join } from 'node:path';

import { CacheUnwritableError, hasErrorCode } from './errors.ts';
import { tryFileLock } from './file-lock.ts';
import type { LockMode } from './file-lock.ts';
import type { Layout } from './layout.ts';
import { readHolder } from './lock-holder.ts';
import type { LockHolder } from './lock-holder.ts';
import { namesIn } from './remove-tree.ts';

export interface LockInUse {
  readonly path: string;
  /** `unknown`: the file system has no locks, or keeps us from trying: then the name may be stale. */
  readonly mode: LockMode | 'unknown';
  /** Of several readers the one that left its name last. */
  readonly holder: LockHolder;
}

/** In the order of their paths. Makes nothing. */
export function listLocks(layout: Layout): readonly LockInUse[] {
  return [...lockFiles(layout)].sort().flatMap((path) => describeLock(path) ?? []);
}

function* lockFiles({ locks, tmp }: Layout): Generator<string> {
  for (const name of namesIn(locks)) {
    if (name.endsWith('.lock')) yield join(locks, name);
    else for (const inner of namesIn(join(locks, name))) if (inner.endsWith('.lock')) yield join(locks, name, inner);
  }
  for (const name of namesIn(tmp)) if (name.endsWith('.lock')) yield join(tmp, name);
}

function describeLock(path: string): LockInUse | undefined {
  const holder = readHolder(path);
  if (holder === undefined) return undefined;
  const mode = modeOf(path);
  // The name is read again: another may have come while the lock was tried.
  return mode === 'free' ? undefined : { path, mode, holder: readHolder(path) ?? holder };
}

function modeOf(path: string): LockInUse['mode'] | 'free' {
  const asReader = tryQuietly(path, 'shared');
  if (asReader === 'unsupported') return 'unknown';
  if (asReader === 'busy') return 'exclusive';
  asReader.release();
  // Named: giving it back wipes the stale name.
  const alone = tryQuietly(path, 'exclusive');
  if (alone === 'busy') return 'shared';
  if (alone === 'unsupported') return 'unknown';
  alone.release();
  return 'free';
}

function tryQuietly(path: string, mode: LockMode): ReturnType<typeof tryFileLock> {
  try {
    return tryFileLock(path, mode, mode === 'exclusive' ? { command: 'cache locks' } : undefined);
  } catch (error) {
    const isExplained = error instanceof CacheUnwritableError || (error instanceof Error && 'syscall' in error);
    if (!isExplained || hasErrorCode(error, 'EMFILE', 'ENFILE')) throw error;
    return 'unsupported';
  }
}
