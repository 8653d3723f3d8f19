import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, formatBytes, formatDuration } from './quantities.ts';

test('formatDuration() spells times as uv does', () => {
  const table: readonly (readonly [number, string])[] = [
    [0.0512, '0.05ms'],
    [0.999, '0.99ms'],
    [1, '1ms'],
    [193.7, '193ms'],
    [1000, '1.00s'],
    [1239, '1.23s'],
    [59_999, '59.99s'],
    [62_000, '1m 02s'],
  ];
  for (const [milliseconds, text] of table) assert.equal(formatDuration(milliseconds), text);
});

test('formatBytes() uses binary units with one decimal', () => {
  assert.deepEqual([0, 1023, 1024, 12_897_485, 1024 ** 3].map(formatBytes), [
    '0B',
    '1023B',
    '1.0KiB',
    '12.3MiB',
    '1.0GiB',
  ]);
});

test('countOf() adds the plural only where it belongs', () => {
  assert.deepEqual(
    [countOf(1, 'package'), countOf(0, 'package'), countOf(2, 'directory', 'directories')],
    ['1 package', '0 packages', '2 directories'],
  );
});
