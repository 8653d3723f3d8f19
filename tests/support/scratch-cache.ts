import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

import { digestOf, openCache } from '@shoal/cache';
import type { Cache, CacheEvent, Digest, TreeContent, TreeWork } from '@shoal/cache';

export interface ScratchCache {
  readonly cache: Cache;
  /** All that the cache has told so far. */
  readonly events: CacheEvent[];
}

/** A cache that does not exist yet; it is removed when the test ends. */
export function openScratchCache(t: TestContext): ScratchCache {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-cache-'));
  const events: CacheEvent[] = [];
  const cache = openCache({ root: join(folder, 'root'), command: 'test', onEvent: (event) => events.push(event) });
  t.after(() => {
    cache.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return { cache, events };
}

export const NUMPY: Digest = digestOf('numpy');

/** One file, `numpy/core.py`, of four bytes. */
export async function makeTree({ folder }: TreeWork): Promise<TreeContent> {
  mkdirSync(join(folder, 'numpy'));
  writeFileSync(join(folder, 'numpy/core.py'), 'core');
  return await Promise.resolve({
    files: [{ path: 'numpy/core.py', sizeBytes: 4, executable: false, sha256: 'x' }],
    note: { name: 'numpy' },
  });
}

/** @returns the tree's entry: the folder with `manifest` and `tree`. */
export async function putTree(cache: Cache, digest: Digest = NUMPY): Promise<string> {
  using pinned = await cache.trees.pinOrProduce({ digest, resource: 'numpy.whl', produce: makeTree });
  assert.equal(pinned.digest, digest);
  return dirname(pinned.folder);
}

/** Why entries were put aside, in order. */
export function healed(events: readonly CacheEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'healed' ? [event.reason] : []));
}
