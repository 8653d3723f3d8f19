/** The stores as one process sees them; what several processes do to each other is in tests/concurrency. */
import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { NUMPY, openScratchCache, putTree } from '../../../tests/support/scratch-cache.ts';
import { openCache } from './cache.ts';
import { CacheUnwritableError } from './errors.ts';

test('openCache() touches nothing, and reading an absent cache finds nothing', async (t) => {
  const { cache } = openScratchCache(t);

  assert.equal(cache.trees.pin(NUMPY), undefined);
  assert.equal(cache.blobs.pin(NUMPY), undefined);
  assert.equal(cache.records.read('pages', 'index/numpy'), undefined);
  assert.deepEqual(cache.size(), { files: 0, directories: 0, bytes: 0 });
  assert.equal((await cache.clean()).outcome, 'done');
  assert.equal(existsSync(cache.root), false);
});

test('size() counts files, folders and bytes', async (t) => {
  const { cache } = openScratchCache(t);
  cache.records.write('pages', 'numpy', 'x');
  const recordBytes = statSync(join(cache.root, 'pages-v1/numpy')).size;
  const markerBytes = ['.gitignore', 'CACHEDIR.TAG'].reduce(
    (sum, name) => sum + statSync(join(cache.root, name)).size,
    0,
  );

  assert.deepEqual(cache.size(), { files: 3, directories: 2, bytes: recordBytes + markerBytes });
});

test('writing says which cache could not be written, when its root is no folder', (t) => {
  const { cache } = openScratchCache(t);
  writeFileSync(cache.root, 'a file in the way');

  assert.throws(() => cache.records.write('pages', 'numpy', 'x'), CacheUnwritableError);
});

test('dispose() releases what is still pinned', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  cache.trees.pin(NUMPY);

  cache.dispose();

  const other = openCache({ root: cache.root, command: 'other' });
  assert.equal((await other.clean()).skipped, 0);
});
