import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsOf } from './completions.ts';

const texts = async (...words: readonly string[]): Promise<string[]> =>
  (await completionsOf(words)).candidates.map(({ text }) => text);

test('completionsOf() offers commands, then their sub-commands', async () => {
  assert.ok((await texts('')).includes('pip'));
  assert.deepEqual(await texts('cache', 'c'), ['clean']);
});

test('completionsOf() offers the options of the command that is being typed', async () => {
  assert.deepEqual(await texts('cache', 'dir', '--cache'), ['--cache-dir']);
});

test('completionsOf() offers the values of an option, after a blank and after an equals sign', async () => {
  assert.deepEqual(await texts('cache', 'dir', '--color', 'a'), ['auto', 'always']);
  assert.deepEqual(await texts('cache', 'dir', '--color=ne'), ['--color=never']);
});

test('completionsOf() leaves file names to the shell where a path may stand', async () => {
  assert.equal((await completionsOf(['cache', 'dir', '--cache-dir', ''])).completesFiles, true);
  assert.equal((await completionsOf(['cache', ''])).completesFiles, false);
});
