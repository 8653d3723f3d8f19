import { statSync } from 'node:fs';
import { join } from 'node:path';

import { listEntries } from './cache-entries.ts';
import type { CacheEntry } from './cache-entries.ts';
import { collectAlone } from './collector.ts';
import type { CollectReport, CollectRun } from './collector.ts';
import type { CacheSetting } from './key-locks.ts';
import { RECORD_BUCKETS } from './layout.ts';
import type { Layout } from './layout.ts';
import { namesIn } from './remove-tree.ts';
import { MARKERS } from './root-folder.ts';
import {
  removeEmptyFolder,
  sweepLocks,
  sweepMounts,
  sweepObsoleteBuckets,
  sweepPartials,
  sweepTrash,
  sweepWork,
} from './sweep.ts';
import { removeIfPresent } from './write-file-atomic.ts';

export interface CleanOptions {
  /** Which entries to remove. Without: all, and whatever else the cache has made. */
  readonly selects?: ((entry: CacheEntry) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @see {@link collectAlone} for what it leaves, and whom it waits for: nobody. */
export async function cleanCache(setting: CacheSetting, { selects, signal }: CleanOptions): Promise<CollectReport> {
  const { layout } = setting.root;
  const report = await collectAlone(setting, signal, async (run) => {
    await removeEntries(run, selects ?? ((): boolean => true));
    if (selects !== undefined) return;
    await removeTheRest(run);
    removeEmptyFolders(layout);
    run.leavesNothing = run.skipped === 0 && holdsNothing(layout);
  });
  // A command that starts meanwhile makes its folders again; then these are not empty, and stay.
  if (selects === undefined && removeEmptyFolder(layout.locks)) removeRoot(layout.root);
  return report;
}

async function removeEntries(run: CollectRun, selects: (entry: CacheEntry) => boolean): Promise<void> {
  for (const entry of listEntries(run.setting.root.layout)) {
    // A record has no readers that could lose it; its lock guards only who fetches it.
    if (!selects(entry)) continue;
    if (entry.kind === 'record') run.removeFile(entry.path);
    else run.removeUnused(entry.path, entry.lockPath);
    await run.pause();
  }
}

async function removeTheRest(run: CollectRun): Promise<void> {
  await sweepObsoleteBuckets(run);
  await sweepWork(run);
  await sweepPartials(run, 'all');
  await sweepTrash(run);
  await sweepLocks(run);
  sweepMounts(run, 'all');
}

function removeEmptyFolders(layout: Layout): void {
  const buckets = (['trees', 'blobs', ...RECORD_BUCKETS] as const).map((name) => layout.bucket(name));
  for (const bucket of buckets) {
    for (const name of namesIn(bucket)) removeEmptyFolder(join(bucket, name));
  }
  for (const folder of [...buckets, layout.tmp, layout.trash, layout.partials, layout.mounts])
    removeEmptyFolder(folder);
}

const SHARED_BITS = 0o2022;

/** A root that was prepared for several users keeps itself and its mode. */
function holdsNothing(layout: Layout): boolean {
  const found = statSync(layout.root, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & SHARED_BITS) !== 0) return false;
  const others = namesIn(layout.root).filter((name) => name !== 'locks' && !Object.hasOwn(MARKERS, name));
  return others.length === 0 && namesIn(layout.locks).length <= 1;
}

function removeRoot(root: string): void {
  for (const name of Object.keys(MARKERS)) removeIfPresent(join(root, name));
  removeEmptyFolder(root);
}
