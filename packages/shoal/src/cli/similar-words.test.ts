import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jaroSimilarity, similarWords } from './similar-words.ts';

test('jaroSimilarity() gives the values of the literature', () => {
  const pairs = [
    ['MARTHA', 'MARHTA', 0.944],
    ['DIXON', 'DICKSONX', 0.767],
    ['JELLYFISH', 'SMELLYFISH', 0.896],
    ['abc', 'xyz', 0],
    ['same', 'same', 1],
  ] as const;

  for (const [a, b, expected] of pairs) assert.ok(Math.abs(jaroSimilarity(a, b) - expected) < 0.001, `${a} ${b}`);
});

test('similarWords() puts the most similar word last, and leaves out what does not resemble', () => {
  assert.deepEqual(similarWords('isntall', ['compile', 'list', 'uninstall', 'install']), [
    'list',
    'uninstall',
    'install',
  ]);
  assert.deepEqual(similarWords('nope', ['venv', 'pip']), []);
});
