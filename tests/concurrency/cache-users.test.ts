/** Several users and a root that may only be read. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openCache } from '@shoal/cache';

import { runtimes, startActor } from '../support/actors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = new URL('cache-roles.ts', import.meta.url);
const GROUP = 64_000;
const isSuperuser = process.getuid?.() === 0;

test('two users with a umask that hides everything share a root that is open to their group', async (t) => {
  if (!isSuperuser) {
    t.diagnostic('not run: only the superuser can act as two users');
    return;
  }
  const scratch = temporaryFolder(t);
  const root = join(scratch, 'cache');
  mkdirSync(root);
  chownSync(root, 0, GROUP);
  chmodSync(root, 0o2770);
  chmodSync(scratch, 0o777);
  const results: unknown[] = [];

  for (const uid of [65_533, 65_534]) {
    for (const runtime of runtimes()) {
      const input = { root, scratch, name: 'shared', uid, gid: GROUP, umask: 0o077 };
      const actor = await startActor(t, { script, role: 'user', input, runtime });
      actor.proceed();
      results.push(await actor.result());
    }
  }
  const cleaner = openCache({ root, command: 'test' });
  const modes = modesBelow(root);

  const perUser = runtimes().length;
  assert.deepEqual(results, [...Array<string>(perUser).fill('by 65533'), ...Array<string>(perUser).fill('by 65534')]);
  for (const [path, mode, isFolder] of modes) {
    if (/CACHEDIR\.TAG$|\.gitignore$/u.test(path)) continue;
    assert.equal((mode & (isFolder ? 0o770 : 0o660)).toString(8), isFolder ? '770' : '660', path);
  }
  assert.equal((await cleaner.clean()).skipped, 0);
  assert.ok(lstatSync(root).isDirectory(), 'a root that was prepared for several users stays');
});

test('pin() works and writing says so, when the root may only be read', async (t) => {
  if (!isSuperuser) {
    t.diagnostic('not run: only the superuser can act as another user');
    return;
  }
  const scratch = temporaryFolder(t);
  const root = join(scratch, 'cache');
  chmodSync(scratch, 0o755);
  const input = { root, scratch, name: 'numpy' };
  const maker = await startActor(t, { script, role: 'tree', input });
  maker.proceed();
  await maker.result();
  const reader = await startActor(t, { script, role: 'user', input: { ...input, uid: 65_534, umask: 0o022 } });

  reader.proceed();

  await assert.rejects(reader.result(), /CacheUnwritableError: Failed to write to the cache at/u);
  assert.deepEqual(reader.events('healed'), [], 'the tree was pinned and read before the write failed');
});

function modesBelow(folder: string): [string, number, boolean][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const found = lstatSync(join(folder, name));
    return [name, found.mode, found.isDirectory()];
  });
}
