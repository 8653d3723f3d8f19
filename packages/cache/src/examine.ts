/** What there is to know of a cache's place: who owns it, who may write, what its file system gives, how much room is left. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs';

import { hasErrorCode } from './errors.ts';
import type { Layout } from './layout.ts';
import { lacksOf } from './mount-facts.ts';
import type { MountFacts, MountLack } from './mount-facts.ts';
import type { RootMount } from './root-mount.ts';

export interface CacheExamination {
  readonly root: string;
  readonly facts: MountFacts;
  /** The gravest first. */
  readonly lacks: readonly MountLack[];
  /** What other hosts, or other mounts of this one, have found; they use the same folder. */
  readonly others: readonly MountFacts[];
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly owner: { readonly uid: number; readonly gid: number; readonly mode: number };
  /** May this user make entries here? */
  readonly isWritable: boolean;
  /** May this user make and hold locks here? */
  readonly areLocksWritable: boolean;
}

/** `undefined` when there is no cache yet. */
export function examineCache(layout: Layout, mount: RootMount): CacheExamination | undefined {
  const found = statSync(layout.root, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const facts = mount.facts();
  const all = mount.everyHostsFacts();
  const { bavail, blocks, bsize } = statfsSync(layout.root);
  return {
    root: layout.root,
    facts,
    lacks: lacksOf(facts, all),
    others: all.filter((other) => !isSamePlace(other, facts)),
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
    owner: { uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 },
    isWritable: mayWrite(layout.root),
    areLocksWritable: mayWrite(layout.root) && mayWrite(layout.locks),
  };
}

/**
 * Is there a cache that this user can only read? Its folders belong to another user, or lie on a mount without writing.
 * False where there is nothing yet.
 */
export function isReadOnlyCache(layout: Layout): boolean {
  return [layout.root, layout.locks, layout.tmp, layout.trash].some((folder) => !mayWrite(folder));
}

function isSamePlace(first: MountFacts, second: MountFacts): boolean {
  return JSON.stringify({ ...first, probedAt: '' }) === JSON.stringify({ ...second, probedAt: '' });
}

/** Asked before anything is made, so that a user who may only read starts with a layer of their own. */
function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE', 'EIO')) return true;
    throw error;
  }
}
