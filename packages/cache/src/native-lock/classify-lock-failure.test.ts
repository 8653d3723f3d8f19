import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';

import { classifyErrno, classifyWindowsError } from './classify-lock-failure.ts';

test('classifyErrno() tells busy, unsupported and broken apart by the code', () => {
  const { EWOULDBLOCK, EAGAIN, EACCES, ENOSYS, ENOTSUP, EOPNOTSUPP, ENOLCK, EIO, EBADF, ESTALE } = constants.errno;

  for (const code of [EWOULDBLOCK, EAGAIN, EACCES]) assert.equal(classifyErrno(code), 'busy');
  for (const code of [ENOSYS, ENOTSUP, EOPNOTSUPP, ENOLCK, 524]) assert.equal(classifyErrno(code), 'unsupported');
  for (const code of [EIO, EBADF, ESTALE, 0]) assert.equal(classifyErrno(code), 'broken');
});

test('classifyWindowsError() tells busy, unsupported and broken apart by the code', () => {
  for (const code of [33, 32, 5]) assert.equal(classifyWindowsError(code), 'busy');
  for (const code of [1, 50]) assert.equal(classifyWindowsError(code), 'unsupported');
  for (const code of [6, 21, 1117]) assert.equal(classifyWindowsError(code), 'broken');
});
