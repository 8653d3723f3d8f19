import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OptionSpec } from './option-spec.ts';
import { optionsInWords } from './options-in-words.ts';

const quiet: OptionSpec = { key: 'quiet', short: '-q', long: '--quiet', description: '' };
const python: OptionSpec = { key: 'python', short: '-p', long: '--python', value: 'PYTHON', description: '' };
const system: OptionSpec = { key: 'system', long: '--system', negations: ['--no-system'], description: '' };
const all = [quiet, python, system];

for (const [words, expected] of [
  [['six', '-q'], [quiet]],
  [['--python=3.12', 'six'], [python]],
  [
    ['--no-system', '-p', '3.12'],
    [python, system],
  ],
  [['-', '--', '--unknown'], []],
  [['-qp', '3.12'], all],
  [['--quite'], all],
  [['-p', '-1'], all],
] as const)
  test(`optionsInWords() of ${words.join(' ')} is ${expected.map(({ key }) => key).join(', ') || 'none'}`, () => {
    assert.deepEqual(optionsInWords(all, words), expected);
  });
