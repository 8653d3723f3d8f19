/** One lock between processes, runtimes and programs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { acquireFileLock, hasErrorCode, LockTimeoutError, tryFileLock } from '@shoal/cache';

import { releaseTogether, startActor, startActors } from '../support/actors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = new URL('cache-roles.ts', import.meta.url);
const request = { mode: 'exclusive', resource: 'the thing', command: 'test' } as const;

test('acquireFileLock() loses no count, when six processes count up and remove the lock file at times', async (t) => {
  const scratch = temporaryFolder(t);
  const input = { path: join(scratch, 'counter.lock'), scratch, rounds: 40 };
  writeFileSync(join(scratch, 'counter'), '0');

  await (await startActors(t, 6, { script, role: 'count', input })).releaseTogether();

  assert.equal(readFileSync(join(scratch, 'counter'), 'utf8'), '240');
});

test('acquireFileLock() lets a writer in, when readers overlap without end', async (t) => {
  const scratch = temporaryFolder(t);
  const path = join(scratch, 'busy.lock');
  const part = { script, role: 'readInTurns', input: { path, scratch }, stopAt: ['reading'] };
  const readers = (await startActors(t, 3, part)).actors;
  const writer = await startActor(t, { script, role: 'lock', input: { path, mode: 'exclusive', timeoutMs: 20_000 } });
  for (const reader of readers) reader.proceed();
  for (const reader of readers) await reader.reaches('reading');
  for (const reader of readers) reader.proceed();
  writer.proceed();

  const isNamed = await writer.result();
  writeFileSync(join(scratch, 'stop'), '');
  const turns = await Promise.all(readers.map(async (reader) => Number(await reader.result())));

  assert.equal(isNamed, true);
  assert.ok(turns.every((count) => count > 0));
});

test('acquireFileLock() names the holder after one second, and is let in when it is killed', async (t) => {
  const path = join(temporaryFolder(t), 'held.lock');
  const holder = await startActor(t, { script, role: 'lock', input: { path, mode: 'exclusive' }, stopAt: ['locked'] });
  holder.proceed();
  await holder.reaches('locked');
  const waiter = await startActor(t, { script, role: 'lock', input: { path, mode: 'exclusive' } });
  waiter.proceed();
  await waiter.announces('waiting');

  await holder.kill();
  const isNamed = await waiter.result();

  assert.equal(isNamed, true);
  const [waiting] = waiter.events('waiting');
  const named = waiting?.['holder'] as Readonly<Record<string, unknown>> | undefined;
  assert.equal(named?.['command'], 'actor 0');
  assert.equal(named?.['pid'], holder.pid);
  assert.ok(Number(waiting?.['waitedMs']) >= 1000);
  assert.equal(waiter.events('acquired').length, 1);
});

test('acquireFileLock() names a reader that holds on, when a writer waits for it', async (t) => {
  const path = join(temporaryFolder(t), 'read.lock');
  using reader = await acquireFileLock(path, { ...request, mode: 'shared', command: 'a long reader' });
  const events: string[] = [];

  const waiting = acquireFileLock(path, {
    ...request,
    onEvent: (event) => {
      if (event.type !== 'waiting') return;
      events.push(event.holder?.command ?? 'nobody');
      reader.release();
    },
  });
  (await waiting).release();

  assert.deepEqual(events, ['a long reader']);
});

test('acquireFileLock() fails with the holder and a code, when the time allowed has passed', async (t) => {
  const path = join(temporaryFolder(t), 'held.lock');
  using held = await acquireFileLock(path, { ...request, command: 'the holder' });

  const failure: unknown = await acquireFileLock(path, { ...request, timeoutMs: 20 }).catch((error: unknown) => error);

  assert.equal(held.isStillNamed(), true);
  assert.ok(failure instanceof LockTimeoutError);
  assert.equal(failure.code, 'LOCK_TIMEOUT');
  assert.equal(failure.holder?.command, 'the holder');
  assert.match(failure.message, /^Could not lock the thing at `.*` within 0\.02 s$/u);
});

test('acquireFileLock() ends with the reason of the abort, when it is aborted while waiting', async (t) => {
  const path = join(temporaryFolder(t), 'held.lock');
  using held = await acquireFileLock(path, request);
  const controller = new AbortController();

  const waiting = acquireFileLock(path, { ...request, signal: controller.signal });
  controller.abort(new Error('the user has had enough'));

  await assert.rejects(waiting, /the user has had enough/u);
  assert.equal(held.isStillNamed(), true);
});

test('tasks of one process exclude each other, as processes do', async (t) => {
  const path = join(temporaryFolder(t), 'tasks.lock');
  let inside = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    using lock = await acquireFileLock(path, request);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    assert.equal(lock.mode, 'exclusive');
    inside -= 1;
  };

  await Promise.all(Array.from({ length: 20 }, task));

  assert.equal(most, 1);
});

test('tryFileLock() is refused by processes of each runtime, and readers admit each other', async (t) => {
  const path = join(temporaryFolder(t), 'held.lock');
  const input = { path, mode: 'shared' };
  const exclusive = tryFileLock(path, 'exclusive');
  assert.ok(typeof exclusive === 'object');

  const whileExclusive = await (await startActors(t, 2, { script, role: 'tryLock', input })).releaseTogether();
  exclusive.release();
  using shared = await acquireFileLock(path, { ...request, mode: 'shared' });
  const whileShared = await (await startActors(t, 2, { script, role: 'tryLock', input })).releaseTogether();

  assert.deepEqual(whileExclusive, ['busy', 'busy']);
  assert.deepEqual(whileShared, ['locked', 'locked']);
  assert.equal(shared.isStillNamed(), true);
});

test('tryFileLock() and the flock of other programs exclude each other', async (t) => {
  const path = join(temporaryFolder(t), 'flock.lock');
  const flock = (): number | null => spawnSync('flock', ['--nonblock', '--exclusive', path, 'true']).status;
  if (flock() !== 0) {
    t.diagnostic('not run: there is no flock(1) here');
    return;
  }

  using held = await acquireFileLock(path, request);
  const whileHeld = flock();
  held.release();

  assert.equal(whileHeld, 1);
  assert.equal(flock(), 0);
});

test('a lock holds between namespaces of processes, hosts and mounts, when these may be made', async (t) => {
  const path = join(temporaryFolder(t), 'container.lock');
  const wrapper = ['unshare', '--pid', '--uts', '--ipc', '--mount', '--fork'];
  if (spawnSync(wrapper[0] ?? '', [...wrapper.slice(1), 'true']).status !== 0) {
    t.diagnostic('not run: namespaces cannot be made here');
    return;
  }
  const input = { path, mode: 'exclusive' };
  const holder = await startActor(t, { script, role: 'lock', input, stopAt: ['locked'], wrapper });
  const other = await startActor(t, { script, role: 'tryLock', input, wrapper });
  holder.proceed();
  await holder.reaches('locked');

  const whileHeld = await releaseTogether([other]);
  holder.proceed();
  await holder.result();

  assert.deepEqual(whileHeld, ['busy']);
});

test('tryFileLock() throws what the system says, when the folder is missing', (t) => {
  const path = join(temporaryFolder(t), 'no-such-folder', 'x.lock');

  assert.throws(
    () => tryFileLock(path, 'exclusive'),
    (error) => hasErrorCode(error, 'ENOENT'),
  );
});
