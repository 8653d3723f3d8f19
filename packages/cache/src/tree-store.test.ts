import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { NUMPY, healed, makeTree, openScratchCache, putTree } from '../../../tests/support/scratch-cache.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import type { TreeContent, TreeWork } from './tree-store.ts';

test('pinOrProduce() publishes a tree with its manifest and leaves no other trace', async (t) => {
  const { cache } = openScratchCache(t);

  const entry = await putTree(cache);

  assert.equal(readFileSync(join(entry, 'tree/numpy/core.py'), 'utf8'), 'core');
  assert.deepEqual(readdirSync(cache.root).sort(), [
    '.gitignore',
    'CACHEDIR.TAG',
    'locks',
    'mounts-v1',
    'partial',
    'tmp',
    'trees-v1',
  ]);
  assert.deepEqual(readdirSync(join(cache.root, 'tmp')), []);
  using pinned = cache.trees.pin(NUMPY);
  assert.deepEqual(pinned?.manifest.note, { name: 'numpy' });
});

test('pinOrProduce() makes a tree once, when tasks of one process ask for it together', async (t) => {
  const { cache } = openScratchCache(t);
  let productions = 0;
  const produce = async (work: TreeWork): Promise<TreeContent> => {
    productions += 1;
    return await makeTree(work);
  };

  const request = { digest: NUMPY, resource: 'numpy.whl', produce };
  const pins = await Promise.all(Array.from({ length: 20 }, async () => await cache.trees.pinOrProduce(request)));

  assert.equal(productions, 1);
  assert.equal(new Set(pins.map((pinned) => pinned.folder)).size, 1);
});

test('pinOrProduce() fails for all who wait as its producer failed, and keeps the partial download', async (t) => {
  const { cache } = openScratchCache(t);
  let partialPath = '';
  const produce = async (work: TreeWork): Promise<TreeContent> => {
    partialPath = work.partialPath;
    writeFileSync(partialPath, 'half');
    await Promise.resolve();
    throw new Error('the index is down');
  };

  const request = { digest: NUMPY, resource: 'numpy.whl', produce };
  const waits = await Promise.allSettled([cache.trees.pinOrProduce(request), cache.trees.pinOrProduce(request)]);

  for (const wait of waits) assert.match(String(wait.status === 'rejected' && wait.reason), /the index is down/u);
  assert.equal(readFileSync(partialPath, 'utf8'), 'half');
  await putTree(cache);
  assert.equal(existsSync(partialPath), false);
});

test('pinOrProduce() goes on for others, when the one that was producing is aborted', async (t) => {
  const { cache } = openScratchCache(t);
  const controller = new AbortController();
  const started = Promise.withResolvers<undefined>();
  const stuck = async (): Promise<TreeContent> => {
    started.resolve(undefined);
    const { promise, reject } = Promise.withResolvers<TreeContent>();
    controller.signal.addEventListener('abort', () => reject(new Error('called off')));
    return await promise;
  };
  const request = { digest: NUMPY, resource: 'numpy.whl' };

  const first = cache.trees.pinOrProduce({ ...request, produce: stuck, signal: controller.signal });
  await started.promise;
  const second = cache.trees.pinOrProduce({ ...request, produce: makeTree });
  controller.abort();

  await assert.rejects(first, /called off/u);
  using pinned = await second;
  assert.equal(pinned.digest, NUMPY);
});

test('pinOrProduce() gives up at once, when its own source is missing', async (t) => {
  const { cache } = openScratchCache(t);
  let attempts = 0;
  const produce = async (): Promise<TreeContent> => {
    attempts += 1;
    return await Promise.resolve(readFileSync('/no/such/wheel.whl')).then(() => ({ files: [], note: null }));
  };

  await assert.rejects(cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy.whl', produce }), /no such file/u);

  assert.equal(attempts, 3);
});

test('pinOrProduce() refuses a tree that its own list contradicts', async (t) => {
  const { cache } = openScratchCache(t);
  const produce = async (work: TreeWork): Promise<TreeContent> => {
    const { note } = await makeTree(work);
    return { files: [{ path: 'numpy/core.py', sizeBytes: 5, executable: false, sha256: '' }], note };
  };

  await assert.rejects(
    cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy.whl', produce }),
    /`numpy\/core\.py` has 4 bytes instead of 5/u,
  );

  assert.equal(cache.trees.pin(NUMPY), undefined);
});

const DAMAGE: Readonly<Record<string, (entry: string) => void>> = {
  'its manifest is empty': (entry) => truncateSync(join(entry, 'manifest')),
  'its manifest is cut': (entry) => truncateSync(join(entry, 'manifest'), 60),
  'its manifest is missing': (entry) => rmSync(join(entry, 'manifest')),
  'a power cut emptied a file': (entry) => {
    pretendReboot(entry);
    truncateSync(join(entry, 'tree/numpy/core.py'));
  },
  'a power cut lost a file': (entry) => {
    pretendReboot(entry);
    rmSync(join(entry, 'tree/numpy/core.py'));
  },
};

/** Let the manifest say that it was written under an earlier start of the machine, two hours ago. */
function pretendReboot(entry: string): void {
  const path = join(entry, 'manifest');
  const manifest = parseManifest(readFileSync(path));
  assert.ok(manifest !== undefined);
  const { publication } = manifest;
  writeFileSync(path, formatManifest(manifest, { publication, publishedMs: Date.now() - 7_200_000, boot: 'earlier' }));
}

for (const [damage, inflict] of Object.entries(DAMAGE)) {
  test(`pinOrProduce() makes a tree again, when ${damage}`, async (t) => {
    const { cache } = openScratchCache(t);
    const entry = await putTree(cache);
    inflict(entry);

    const whilePinned = cache.trees.pin(NUMPY);
    await putTree(cache);

    assert.equal(whilePinned, undefined);
    assert.equal(readFileSync(join(entry, 'tree/numpy/core.py'), 'utf8'), 'core');
  });
}

test('pin() compares sizes once after a restart of the machine, and then trusts the tree for good', async (t) => {
  const { cache } = openScratchCache(t);
  const entry = await putTree(cache);
  pretendReboot(entry);

  cache.trees.pin(NUMPY)?.release();
  truncateSync(join(entry, 'tree/numpy/core.py'));
  using again = cache.trees.pin(NUMPY);

  assert.equal(parseManifest(readFileSync(join(entry, 'manifest')))?.boot, 'settled');
  assert.equal(again?.digest, NUMPY);
});

test('pin() notes the use of a tree, but not more than hourly', async (t) => {
  const { cache } = openScratchCache(t);
  const manifest = join(await putTree(cache), 'manifest');
  const nowSeconds = Date.now() / 1000;

  utimesSync(manifest, nowSeconds - 60, nowSeconds - 60);
  cache.trees.pin(NUMPY)?.release();
  const afterMinute = statSync(manifest).mtimeMs;
  utimesSync(manifest, nowSeconds - 7200, nowSeconds - 7200);
  cache.trees.pin(NUMPY)?.release();
  const afterHours = statSync(manifest).mtimeMs;

  assert.ok(Math.abs(afterMinute / 1000 - (nowSeconds - 60)) < 2);
  assert.ok(afterHours / 1000 > nowSeconds - 60);
});

test('discard() removes the tree that was found damaged, and not the one that replaced it', async (t) => {
  const { cache, events } = openScratchCache(t);
  await putTree(cache);
  const first = cache.trees.pin(NUMPY);
  const second = cache.trees.pin(NUMPY);
  assert.ok(first !== undefined && second !== undefined);

  first.discard('numpy/core.py is missing');
  await putTree(cache);
  second.discard('numpy/core.py is missing');

  assert.deepEqual(healed(events), ['numpy/core.py is missing', 'numpy/core.py is missing']);
  using third = cache.trees.pin(NUMPY);
  assert.ok(third !== undefined);
});
