/** What the real uv writes into `uv.lock` is read and written again without a byte of difference. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { formatLockfile } from '../../packages/shoal/src/lock/format-lockfile.ts';
import { parseLockfile } from '../../packages/shoal/src/lock/parse-lockfile.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { conflictCases, lockCases, lockUniverse, writeLockCase, type LockCase } from '../support/lock-cases.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';

for (const one of [...lockCases, ...conflictCases])
  test(`the lockfile of uv for ${one.name} comes back byte for byte`, async (t) => {
    const text = await lockedByUv(t, one);

    assert.equal(formatLockfile(parseLockfile(text, 'uv.lock')), text);
  });

async function lockedByUv(t: TestContext, one: LockCase): Promise<string> {
  const { uv } = await pythonTools();
  await using index = await startLocalIndex({ distributions: distributionsOf(lockUniverse) });
  const cwd = temporaryFolder(t);
  writeLockCase(cwd, one, index);
  const place = ['--default-index', index.url, '--cache-dir', join(cwd, '.cache'), '-p', anyPython()];
  const words = ['lock', ...place, ...(one.words ?? [])];
  const { status, stderr } = await runShoal(words, { cwd, program: uv, variables: { UV_NO_CONFIG: '0' } });
  assert.equal(status, 0, stderr);
  return readFileSync(join(cwd, 'uv.lock'), 'utf8');
}
