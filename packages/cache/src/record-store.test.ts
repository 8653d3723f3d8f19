import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { healed, openScratchCache } from '../../../tests/support/scratch-cache.ts';
import { digestOf } from './digest.ts';

test('read() returns what was written, and nothing of a record that is damaged', (t) => {
  const { cache, events } = openScratchCache(t);
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
  const { cache } = openScratchCache(t);

  for (const key of ['', '..', '../x', 'a/b/c', '/x', 'a/', 'a\\b', '.hidden', 'a b']) {
    assert.throws(() => cache.records.write('pages', key, ''), TypeError, key);
  }
});

test('readOrProduce() gives the refused content to the producer, and renews it', async (t) => {
  const { cache } = openScratchCache(t);
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
  const { cache } = openScratchCache(t);
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
  const { cache, events } = openScratchCache(t);
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
  const { cache } = openScratchCache(t);
  const produce = async ({ path }: { path: string }): Promise<void> => {
    await Promise.resolve();
    writeFileSync(path, 'something else');
  };

  const wrong = cache.blobs.pinOrProduce({ digest: digestOf('an archive'), resource: 'x.tar.gz', produce });

  await assert.rejects(wrong, /another digest/u);
});
