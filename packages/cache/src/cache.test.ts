/** The stores as one process sees them; what several processes do to each other is in tests/concurrency. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { openCache } from './cache.ts';
import type { Cache } from './cache.ts';
import { digestOf } from './digest.ts';
import type { Digest } from './digest.ts';
import { CacheUnwritableError } from './errors.ts';
import type { CacheEvent } from './events.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import type { TreeContent, TreeWork } from './tree-store.ts';

interface Bench {
  readonly cache: Cache;
  readonly events: CacheEvent[];
}

function openBench(t: TestContext): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-cache-'));
  const events: CacheEvent[] = [];
  const cache = openCache({ root: join(folder, 'root'), command: 'test', onEvent: (event) => events.push(event) });
  t.after(() => {
    cache.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return { cache, events };
}

const NUMPY = digestOf('numpy');

async function makeTree({ folder }: TreeWork): Promise<TreeContent> {
  mkdirSync(join(folder, 'numpy'));
  writeFileSync(join(folder, 'numpy/core.py'), 'core');
  return await Promise.resolve({
    files: [{ path: 'numpy/core.py', sizeBytes: 4, executable: false, sha256: 'x' }],
    note: { name: 'numpy' },
  });
}

async function putTree(cache: Cache, digest: Digest = NUMPY): Promise<string> {
  using pinned = await cache.trees.pinOrProduce({ digest, resource: 'numpy.whl', produce: makeTree });
  return dirname(pinned.folder);
}

function healed(events: readonly CacheEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'healed' ? [event.reason] : []));
}

test('openCache() touches nothing, and reading an absent cache finds nothing', async (t) => {
  const { cache } = openBench(t);

  assert.equal(cache.trees.pin(NUMPY), undefined);
  assert.equal(cache.blobs.pin(NUMPY), undefined);
  assert.equal(cache.records.read('pages', 'index/numpy'), undefined);
  assert.deepEqual(cache.size(), { files: 0, directories: 0, bytes: 0 });
  assert.equal((await cache.clean()).outcome, 'done');
  assert.equal(existsSync(cache.root), false);
});

test('pinOrProduce() publishes a tree with its manifest and leaves no other trace', async (t) => {
  const { cache } = openBench(t);

  const entry = await putTree(cache);

  assert.equal(readFileSync(join(entry, 'tree/numpy/core.py'), 'utf8'), 'core');
  assert.deepEqual(readdirSync(cache.root).sort(), [
    '.gitignore',
    'CACHEDIR.TAG',
    'locks',
    'partial',
    'tmp',
    'trees-v1',
  ]);
  assert.deepEqual(readdirSync(join(cache.root, 'tmp')), []);
  using pinned = cache.trees.pin(NUMPY);
  assert.deepEqual(pinned?.manifest.note, { name: 'numpy' });
});

test('pinOrProduce() makes a tree once, when tasks of one process ask for it together', async (t) => {
  const { cache } = openBench(t);
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
  const { cache } = openBench(t);
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
  const { cache } = openBench(t);
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
  const { cache } = openBench(t);
  let attempts = 0;
  const produce = async (): Promise<TreeContent> => {
    attempts += 1;
    return await Promise.resolve(readFileSync('/no/such/wheel.whl')).then(() => ({ files: [], note: null }));
  };

  await assert.rejects(cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy.whl', produce }), /no such file/u);

  assert.equal(attempts, 3);
});

test('pinOrProduce() refuses a tree that its own list contradicts', async (t) => {
  const { cache } = openBench(t);
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
    const { cache } = openBench(t);
    const entry = await putTree(cache);
    inflict(entry);

    const whilePinned = cache.trees.pin(NUMPY);
    await putTree(cache);

    assert.equal(whilePinned, undefined);
    assert.equal(readFileSync(join(entry, 'tree/numpy/core.py'), 'utf8'), 'core');
  });
}

test('pin() compares sizes once after a restart of the machine, and then trusts the tree for good', async (t) => {
  const { cache } = openBench(t);
  const entry = await putTree(cache);
  pretendReboot(entry);

  cache.trees.pin(NUMPY)?.release();
  truncateSync(join(entry, 'tree/numpy/core.py'));
  using again = cache.trees.pin(NUMPY);

  assert.equal(parseManifest(readFileSync(join(entry, 'manifest')))?.boot, 'settled');
  assert.equal(again?.digest, NUMPY);
});

test('pin() notes the use of a tree, but not more than hourly', async (t) => {
  const { cache } = openBench(t);
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
  const { cache, events } = openBench(t);
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

test('read() returns what was written, and nothing of a record that is damaged', (t) => {
  const { cache, events } = openBench(t);
  cache.records.write('pages', 'index/numpy', 'a page');
  const path = join(cache.root, 'pages-v1/index/numpy');
  const whole = readFileSync(path);

  assert.equal(Buffer.from(cache.records.read('pages', 'index/numpy') ?? '').toString(), 'a page');
  for (const damaged of [
    Buffer.alloc(0),
    whole.subarray(0, -1),
    Buffer.concat([whole.subarray(0, -1), Buffer.of(0)]),
  ]) {
    writeFileSync(path, damaged);
    assert.equal(cache.records.read('pages', 'index/numpy'), undefined);
  }
  assert.equal(healed(events).length, 3);
});

test('records refuse keys that are not one or two plain path segments', (t) => {
  const { cache } = openBench(t);

  for (const key of ['', '..', '../x', 'a/b/c', '/x', 'a/', 'a\\b', '.hidden', 'a b']) {
    assert.throws(() => cache.records.write('pages', key, ''), TypeError, key);
  }
});

test('readOrProduce() gives the refused content to the producer, and renews it', async (t) => {
  const { cache } = openBench(t);
  cache.records.write('metadata', 'numpy', 'old');
  const seen: string[] = [];

  const value = await cache.records.readOrProduce({
    bucket: 'metadata',
    key: 'numpy',
    resource: 'numpy',
    accept: (content) => (Buffer.from(content).toString() === 'new' ? 'new' : undefined),
    produce: async (previous) => {
      seen.push(Buffer.from(previous ?? '').toString());
      return await Promise.resolve('new');
    },
  });

  assert.equal(value, 'new');
  assert.deepEqual(seen, ['old']);
});

test('readOrProduce() produces once, when tasks of one process ask together', async (t) => {
  const { cache } = openBench(t);
  let productions = 0;
  const request = {
    bucket: 'pages',
    key: 'index/numpy',
    resource: 'numpy',
    accept: (content: Uint8Array) => content.length,
    produce: async () => {
      productions += 1;
      return await Promise.resolve('page');
    },
  } as const;

  const lengths = await Promise.all(Array.from({ length: 20 }, async () => await cache.records.readOrProduce(request)));

  assert.deepEqual(new Set(lengths), new Set([4]));
  assert.equal(productions, 1);
});

test('blobs are hashed at each pin, and fetched again when they are damaged', async (t) => {
  const { cache, events } = openBench(t);
  const digest = digestOf('an archive');
  const produce = async ({ path }: { path: string }): Promise<void> => {
    await Promise.resolve();
    writeFileSync(path, 'an archive');
  };
  const first = await cache.blobs.pinOrProduce({ digest, resource: 'x.tar.gz', produce });
  first.release();
  writeFileSync(first.path, 'an archivf');

  const whileDamaged = cache.blobs.pin(digest);
  using second = await cache.blobs.pinOrProduce({ digest, resource: 'x.tar.gz', produce });

  assert.equal(whileDamaged, undefined);
  assert.equal(readFileSync(second.path, 'utf8'), 'an archive');
  assert.deepEqual(healed(events), ['its content is damaged']);
});

test('blobs refuse content with another digest', async (t) => {
  const { cache } = openBench(t);
  const produce = async ({ path }: { path: string }): Promise<void> => {
    await Promise.resolve();
    writeFileSync(path, 'something else');
  };

  const wrong = cache.blobs.pinOrProduce({ digest: digestOf('an archive'), resource: 'x.tar.gz', produce });

  await assert.rejects(wrong, /another digest/u);
});

test('clean() removes what is selected by its note, and counts it', async (t) => {
  const { cache } = openBench(t);
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
  const { cache } = openBench(t);
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
  const { cache } = openBench(t);
  await putTree(cache);
  const controller = new AbortController();
  controller.abort(new Error('the user has had enough'));

  await assert.rejects(cache.clean({ signal: controller.signal }), /had enough/u);

  assert.equal((await cache.clean()).outcome, 'done');
});

test('prune() takes obsolete buckets, trash and dead work, and leaves entries and unknown names', async (t) => {
  const { cache } = openBench(t);
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
    ['CACHEDIR.TAG', 'locks', 'partial', 'tmp', 'trash', 'trees-v1', 'trees-v9', 'unknown-v0'],
  );
});

test('prune() removes by age, and by size the cheapest and longest unused first', async (t) => {
  const { cache } = openBench(t);
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

test('size() counts files, folders and bytes', async (t) => {
  const { cache } = openBench(t);
  cache.records.write('pages', 'numpy', 'x');
  const recordBytes = statSync(join(cache.root, 'pages-v1/numpy')).size;
  const markerBytes = ['.gitignore', 'CACHEDIR.TAG'].reduce(
    (sum, name) => sum + statSync(join(cache.root, name)).size,
    0,
  );

  assert.deepEqual(cache.size(), { files: 3, directories: 2, bytes: recordBytes + markerBytes });
});

test('writing says which cache could not be written, when its root is no folder', (t) => {
  const { cache } = openBench(t);
  writeFileSync(cache.root, 'a file in the way');

  assert.throws(() => cache.records.write('pages', 'numpy', 'x'), CacheUnwritableError);
});

test('dispose() releases what is still pinned', async (t) => {
  const { cache } = openBench(t);
  await putTree(cache);
  cache.trees.pin(NUMPY);

  cache.dispose();

  const other = openCache({ root: cache.root, command: 'other' });
  assert.equal((await other.clean()).skipped, 0);
});
