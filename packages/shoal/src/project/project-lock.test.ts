import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCache } from '@shoal/cache';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { lockProjectFolder } from './project-lock.ts';

test('lockProjectFolder() excludes others on the same folder, by whichever path they name it', async (t) => {
  const folder = temporaryFolder(t);
  const project = join(folder, 'project');
  mkdirSync(project);
  symlinkSync('project', join(folder, 'link'));
  using cache = openCache({ root: join(folder, 'cache'), command: 'test', lockTimeoutMs: 0 });
  const options = { cache, isCachePrivate: false, command: 'test', timeoutMs: 0 };

  const lock = await lockProjectFolder(project, options);
  await assert.rejects(lockProjectFolder(join(folder, 'link'), options), { code: 'LOCK_TIMEOUT' });
  assert.deepEqual(readdirSync(project), []);
  lock[Symbol.dispose]();

  using _again = await lockProjectFolder(join(folder, 'link'), options);
});

test('lockProjectFolder() locks a file in the folder while it is held, when the cache is private or cannot be written to', async (t) => {
  const folder = temporaryFolder(t);
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(folder, 'no-folder'), '');
  chmodSync(join(folder, 'no-folder'), 0o400);
  using unusable = openCache({ root: join(folder, 'no-folder', 'cache'), command: 'test' });
  for (const isCachePrivate of [true, false]) {
    const options = { cache: unusable, isCachePrivate, command: 'test', timeoutMs: 0 };
    const lock = await lockProjectFolder(project, options);
    assert.deepEqual(readdirSync(project), ['.shoal-lock']);
    await assert.rejects(lockProjectFolder(project, options), { code: 'LOCK_TIMEOUT' });
    lock[Symbol.dispose]();
    assert.deepEqual(readdirSync(project), []);
  }
});
