/** `cache doctor`, and the warning that those get who first use a cache in such a place. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('cache doctor shows what the place gives, and that nothing is lacking, on a local file system', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'cache'));

  const { status, stdout } = await runShoal(['cache', 'doctor', '--cache-dir', 'cache'], { cwd });

  assert.equal(status, 0);
  assert.match(stdout, /^Cache: +\S+\/cache$/m);
  assert.match(stdout, /^Locks: +exclude everybody$/m);
  assert.match(stdout, /^This user: +may read and write$/m);
  assert.match(stdout, /^Nothing is lacking\.$/m);
});

test('cache doctor tells programs the same, and keeps what it found for those who come later', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'cache'));
  const words = ['cache', 'doctor', '--output-format', 'json', '--cache-dir', 'cache'];

  const first = JSON.parse((await runShoal(words, { cwd })).stdout) as { facts: { probedAt: string } };
  const second = JSON.parse((await runShoal(words, { cwd })).stdout) as { facts: { probedAt: string } };

  assert.equal(second.facts.probedAt, first.facts.probedAt, 'the second one only read');
  assert.equal(readdirSync(join(cwd, 'cache', 'mounts-v1')).length, 1);
});

test('cache doctor makes no cache where there is none', async (t) => {
  const cwd = temporaryFolder(t);

  const { status, stdout, stderr } = await runShoal(['cache', 'doctor', '--cache-dir', 'cache'], { cwd });

  assert.deepEqual([status, stdout], [0, '']);
  assert.match(stderr, /^No cache found at: \S+\/cache$/m);
  assert.deepEqual(readdirSync(cwd), []);
});
