/** `cache locks` lists who is at what, and disturbs nobody. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openCache, tryFileLock } from '@shoal/cache';
import { runShoal } from '../support/run-command.ts';
import { makeTree, NUMPY } from '../support/scratch-cache.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('cache locks names the resource, the mode, the command, the process and the host of each holder', async (t) => {
  const cwd = temporaryFolder(t);
  using cache = openCache({ root: join(cwd, 'cache'), command: 'a colleague' });
  let shown = { status: -1, stdout: '' };
  const produce: typeof makeTree = async (work) => {
    shown = await runShoal(['cache', 'locks', '--cache-dir', 'cache'], { cwd });
    return await makeTree(work);
  };
  using pinned = await cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy-2.0-any.whl', produce });

  assert.equal(shown.status, 0);
  const who = `\`a colleague\` \\(process ${process.pid} on ${hostname()}.*, since \\d{4}-.*\\)`;
  assert.match(shown.stdout, new RegExp(`^exclusive  numpy-2.0-any.whl +${who}$`, 'm'));
  assert.match(shown.stdout, new RegExp(`^exclusive  a work folder +${who}$`, 'm'));
  assert.equal(pinned.digest, NUMPY);
});

test('cache locks lists nothing when nothing is held, and wipes the name that a killed reader left', async (t) => {
  const cwd = temporaryFolder(t);
  const cache = openCache({ root: join(cwd, 'cache'), command: 'a colleague' });
  (await cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy', produce: makeTree })).release();
  const lockPath = join(cache.root, 'locks', NUMPY.slice(0, 2), `${NUMPY}.lock`);
  writeFileSync(lockPath, JSON.stringify({ command: 'killed', pid: 1, host: 'x', since: 'long ago' }));

  const { status, stdout, stderr } = await runShoal(['cache', 'locks', '--cache-dir', 'cache'], { cwd });

  assert.deepEqual([status, stdout], [0, '']);
  assert.match(stderr, /^No locks are in use at: \S+\/cache$/m);
  assert.equal(readFileSync(lockPath, 'utf8'), '');
});

test('cache locks keeps nobody from a lock that is held by readers', async (t) => {
  const cwd = temporaryFolder(t);
  const cache = openCache({ root: join(cwd, 'cache'), command: 'a colleague' });
  using reader = await cache.trees.pinOrProduce({ digest: NUMPY, resource: 'numpy', produce: makeTree });
  const lockPath = join(cache.root, 'locks', NUMPY.slice(0, 2), `${NUMPY}.lock`);
  writeFileSync(lockPath, JSON.stringify({ command: 'a reader', pid: 1, host: 'x', since: 'now' }));

  const { stdout } = await runShoal(['cache', 'locks', '--output-format', 'json', '--cache-dir', 'cache'], { cwd });
  const other = tryFileLock(lockPath, 'shared');

  const [lock] = JSON.parse(stdout) as { mode: string; holder: { command: string } }[];
  assert.deepEqual([lock?.mode, lock?.holder.command], ['shared', 'a reader']);
  assert.ok(typeof other === 'object', 'another reader is let in');
  other.release();
  assert.equal(reader.digest, NUMPY);
});
