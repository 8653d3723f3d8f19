import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidWheelFileError, parseWheelFile } from './wheel-file.ts';

test('parseWheelFile() reads version, generator, purity and tags', () => {
  const text = 'Wheel-Version: 1.0\nGenerator: flit 3\nRoot-Is-Purelib: TRUE\nTag: py2-none-any\nTag: py3-none-any\n';
  assert.deepEqual(parseWheelFile(text), {
    version: { major: 1, minor: 0 },
    rootIsPurelib: true,
    generator: 'flit 3',
    tags: ['py2-none-any', 'py3-none-any'],
  });
  assert.equal(parseWheelFile('Wheel-Version: 1.9\n').rootIsPurelib, false);
});

test('parseWheelFile() refuses a file without a version', () => {
  for (const text of ['', 'Wheel-Version: one\n', 'Wheel-Version: 1\n'])
    assert.throws(() => parseWheelFile(text), InvalidWheelFileError, text);
});
