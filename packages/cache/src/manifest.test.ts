import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatManifest, parseManifest } from './manifest.ts';
import type { ManifestFile } from './manifest.ts';

const stamp = { publication: 'p', publishedMs: 1, boot: 'b' };
const segment = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => !/[/\0]/u.test(text) && text !== '.' && text !== '..');
const file: fc.Arbitrary<ManifestFile> = fc.record(
  {
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/')),
    sizeBytes: fc.nat(),
    executable: fc.boolean(),
    sha256: fc.constantFrom('', 'A'.repeat(43), 'z_-'.padEnd(43, '0')),
  },
  { noNullPrototype: true },
);

test('parseManifest() returns what formatManifest() was given', () => {
  fc.assert(
    fc.property(fc.array(file), fc.string({ unit: 'binary' }), (files, note) => {
      const found = parseManifest(Buffer.from(formatManifest({ files, note }, stamp)));

      assert.deepEqual(found?.files, files);
      assert.equal(found.note, note.toWellFormed() === note ? note : found.note);
      assert.equal(found.publication, 'p');
    }),
  );
});

test('parseManifest() returns nothing, when any one byte differs or is missing', () => {
  const whole = Buffer.from(formatManifest({ files: [], note: 'ä' }, stamp));
  for (let index = 0; index < whole.length; index += 1) {
    const flipped = Buffer.from(whole);
    flipped[index] = (whole[index] ?? 0) ^ 1;

    assert.equal(parseManifest(flipped), undefined, `byte ${index} flipped`);
    assert.equal(parseManifest(whole.subarray(0, index)), undefined, `cut after byte ${index}`);
  }
});

test('formatManifest() refuses a path that leaves the tree', () => {
  for (const path of ['../x', '/x', 'a/../../x', 'a//b', '.', '', 'a/']) {
    const files = [{ path, sizeBytes: 0, executable: false, sha256: '' }];
    assert.throws(() => formatManifest({ files, note: null }, stamp), TypeError, path);
  }
});
