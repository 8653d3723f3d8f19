import { listEntries } from './cache-entries.ts';
import type { CacheEntry, LocatedEntry } from './cache-entries.ts';
import { collectAlone } from './collector.ts';
import type { CollectReport, CollectRun } from './collector.ts';
import type { CacheSetting } from './key-locks.ts';
import { RECORD_BUCKETS, SHORT_LIVED_BUCKETS } from './layout.ts';
import {
  sweepMounts,
  sweepObsoleteBuckets,
  sweepOldRecords,
  sweepPartials,
  sweepTemporaryFiles,
  sweepTrash,
  sweepWork,
} from './sweep.ts';

export interface PruneOptions {
  /** Entries to remove whatever their age: what a build server would rather fetch again than store. */
  readonly drops?: ((entry: CacheEntry) => boolean) | undefined;
  /** Remove entries that were not used for so long. */
  readonly maxAgeMs?: number | undefined;
  /** Remove entries until trees, blobs and records together are no larger. */
  readonly maxSizeBytes?: number | undefined;
  /** How dear an entry is to make again; cheap ones go first, among equals the longest unused. Without: all alike. */
  readonly rebuildCost?: ((entry: CacheEntry) => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Remove what no policy is needed for, then what the policies name. Without policies no whole entry goes. */
export async function pruneCache(setting: CacheSetting, options: PruneOptions): Promise<CollectReport> {
  return await collectAlone(setting, options.signal, async (run) => {
    await sweepObsoleteBuckets(run);
    await sweepWork(run);
    await sweepTrash(run);
    await sweepPartials(run, 'stale');
    sweepMounts(run, 'old');
    for (const bucket of RECORD_BUCKETS) await sweepTemporaryFiles(run, setting.root.layout.bucket(bucket));
    for (const bucket of SHORT_LIVED_BUCKETS) await sweepOldRecords(run, setting.root.layout.bucket(bucket));
    const needsEntries = options.drops ?? options.maxAgeMs ?? options.maxSizeBytes;
    if (needsEntries !== undefined) await removeByPolicy(run, options);
  });
}

async function removeByPolicy(run: CollectRun, options: PruneOptions): Promise<void> {
  const { drops = (): boolean => false, maxAgeMs = Infinity, maxSizeBytes = Infinity } = options;
  const kept: LocatedEntry[] = [];
  for (const entry of listEntries(run.setting.root.layout)) {
    if (drops(entry) || Date.now() - entry.lastUsedMs() > maxAgeMs) removeEntry(run, entry);
    else kept.push(entry);
    await run.pause();
  }
  if (maxSizeBytes < Infinity) await removeUntilSmall(run, kept, options);
}

async function removeUntilSmall(
  run: CollectRun,
  entries: readonly LocatedEntry[],
  options: PruneOptions,
): Promise<void> {
  const { maxSizeBytes = Infinity, rebuildCost = (): number => 0 } = options;
  const weighed = entries.map((entry) => ({
    entry,
    sizeBytes: entry.sizeBytes(),
    cost: rebuildCost(entry),
    lastUsedMs: entry.lastUsedMs(),
  }));
  weighed.sort((a, b) => a.cost - b.cost || a.lastUsedMs - b.lastUsedMs);
  let total = weighed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { entry, sizeBytes } of weighed) {
    if (total <= maxSizeBytes) return;
    if (removeEntry(run, entry)) total -= sizeBytes;
    await run.pause();
  }
}

/** False when it is in use and stays. */
function removeEntry(run: CollectRun, entry: LocatedEntry): boolean {
  const skippedBefore = run.skipped;
  if (entry.kind === 'record') run.removeFile(entry.path);
  else run.removeUnused(entry.path, entry.lockPath);
  return run.skipped === skippedBefore;
}
