import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { openScratchCache } from '../../../tests/support/scratch-cache.ts';
import { digestOf } from './digest.ts';

test('pinOrProduce() makes a blob again that is deleted before it is published', async (t) => {
  const { cache } = openScratchCache(t);
  const content = 'a source archive';
  let made = 0;

  using blob = await cache.blobs.pinOrProduce({
    digest: digestOf(content),
    resource: 'source.tar.gz',
    produce: ({ path }) => {
      made += 1;
      writeFileSync(path, content);
      if (made === 1) rmSync(cache.root, { recursive: true });
      return Promise.resolve();
    },
  });

  assert.equal(readFileSync(blob.path, 'utf8'), content);
  assert.equal(made, 2);
});
