import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { NUMPY, openScratchCache, putTree } from '../../../tests/support/scratch-cache.ts';
import { digestOf } from './digest.ts';

test('clean() removes what is selected by its note, and counts it', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  cache.records.write('pages', 'index/numpy', 'page');
  cache.records.write('pages', 'index/pandas', 'page');

  const report = await cache.clean({
    selects: (entry) => {
      const note = entry.note();
      const name = typeof note === 'object' && note !== null && 'name' in note ? note['name'] : entry.key.split('/')[1];
      return name === 'numpy';
    },
  });

  assert.equal(report.files, 3);
  assert.equal(report.directories, 3);
  assert.equal(cache.trees.pin(NUMPY), undefined);
  assert.ok(cache.records.read('pages', 'index/pandas') !== undefined);
});

test('clean() leaves a pinned tree, and takes it with everything else once it is released', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  const pinned = cache.trees.pin(NUMPY);

  const first = await cache.clean();
  pinned?.release();
  const second = await cache.clean();

  assert.deepEqual([first.files, first.skipped], [0, 1]);
  assert.deepEqual([second.files, second.skipped], [2, 0]);
  assert.equal(existsSync(cache.root), false);
});

test('clean() ends as soon as it is aborted, and can be called again', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  const controller = new AbortController();
  controller.abort(new Error('the user has had enough'));

  await assert.rejects(cache.clean({ signal: controller.signal }), /had enough/u);

  assert.equal((await cache.clean()).outcome, 'done');
});

test('prune() takes obsolete buckets, trash and dead work, and leaves entries and unknown names', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  for (const folder of ['pages-v0/x', 'trash/1', 'tmp/2', 'unknown-v0', 'trees-v9']) {
    mkdirSync(join(cache.root, folder), { recursive: true });
    writeFileSync(join(cache.root, folder, 'file'), '12345');
  }

  const report = await cache.prune();

  assert.deepEqual([report.files, report.bytes], [3, 15]);
  assert.deepEqual(
    readdirSync(cache.root)
      .filter((name) => !name.startsWith('.'))
      .sort(),
    ['CACHEDIR.TAG', 'locks', 'mounts-v1', 'partial', 'tmp', 'trash', 'trees-v1', 'trees-v9', 'unknown-v0'],
  );
});

test('prune() removes by age, and by size the cheapest and longest unused first', async (t) => {
  const { cache } = openScratchCache(t);
  const names = ['dear', 'old', 'new', 'ancient'].map((name) => digestOf(name));
  for (const [index, digest] of names.entries()) {
    const manifest = join(await putTree(cache, digest), 'manifest');
    const ageSeconds = [9000, 7200, 60, 999_999][index] ?? 0;
    utimesSync(manifest, Date.now() / 1000 - ageSeconds, Date.now() / 1000 - ageSeconds);
  }

  await cache.prune({
    maxAgeMs: 500_000_000,
    maxSizeBytes: 8,
    rebuildCost: (entry) => (entry.key === names[0] ? 1 : 0),
  });
  const left = names.map((digest) => cache.trees.pin(digest) !== undefined);

  assert.deepEqual(left, [true, false, true, false]);
});
