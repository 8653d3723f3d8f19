import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { hasErrorCode } from '../errors.ts';
import { readHolder } from '../lock-holder.ts';
import { bindWindowsCalls, openWindowsLock } from './windows-lock.ts';
import type { ForeignArgument, ForeignLibrary } from './foreign-library.ts';
import type { WindowsCalls } from './windows-lock.ts';

/** A kernel32 that records its calls and answers as told. */
function recordedLibrary(
  answers: Readonly<Record<string, number>>,
  lastError: number,
): [ForeignLibrary, ForeignArgument[][]] {
  const calls: ForeignArgument[][] = [];
  const bind: ForeignLibrary['bind'] =
    (name) =>
    (...values) => {
      calls.push([...values]);
      return answers[name] ?? 0;
    };
  return [{ bind, lastError: () => lastError }, calls];
}

test('bindWindowsCalls() opens without sharing deletion, and locks one byte far beyond the file', () => {
  const [library, recorded] = recordedLibrary({ CreateFileW: 77, LockFileEx: 1, CloseHandle: 1 }, 0);
  const calls = bindWindowsCalls(library);

  const opened = calls.open('C:\\ü.lock');
  const error = calls.lock(77, true);

  assert.deepEqual(opened, { handle: 77 });
  assert.equal(error, 0);
  const [create = [], lock = []] = recorded;
  assert.equal(Buffer.from(create[0] as Uint8Array).toString('utf16le'), 'C:\\ü.lock\0');
  assert.deepEqual(create.slice(1), [0xc0000000, 3, null, 4, 0x80, 0]);
  assert.deepEqual(lock.slice(0, 5), [77, 3, 0, 1, 0]);
  const overlapped = Buffer.from(lock[5] as Uint8Array);
  assert.equal(overlapped.readBigUInt64LE(16), 0x7ffffffffffffffen);
});

test('openWindowsLock() reports a missing folder as ENOENT, and a sharing violation as EBUSY', () => {
  const refusing = (error: number): WindowsCalls => ({
    open: () => ({ error }),
    lock: () => 0,
    close: () => undefined,
  });

  assert.throws(
    () => openWindowsLock('x', refusing(3)),
    (error) => hasErrorCode(error, 'ENOENT'),
  );
  assert.throws(
    () => openWindowsLock('x', refusing(32)),
    (error) => hasErrorCode(error, 'EBUSY'),
  );
});

test('openWindowsLock() waits for a lock violation, and leaves a name beside the lock', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'x.lock');
  const answers = [33, 1, 0];
  const calls = { open: () => ({ handle: 1 }), lock: () => answers.shift() ?? 6, close: (): void => undefined };
  const lock = openWindowsLock(path, calls);

  assert.deepEqual(
    [lock.tryLock('exclusive'), lock.tryLock('shared'), lock.tryLock('shared')],
    ['busy', 'unsupported', 'locked'],
  );
  assert.throws(
    () => lock.tryLock('shared'),
    (error) => hasErrorCode(error, 'WINDOWS_6'),
  );
  lock.leaveName({ command: 'a long command with many words', pid: 1, host: 'h', since: 's' });
  lock.leaveName({ command: 'short', pid: 1, host: 'h', since: 's' });
  assert.equal(readHolder(path)?.command, 'short');
});
