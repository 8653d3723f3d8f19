/** Projects of every kind locked by the real uv and by this program, on one index: the same bytes, and each accepts the other's file. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import { lockCases, lockUniverse, writeLockCase, type LockCase } from '../support/lock-cases.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';

for (const one of lockCases)
  test(`${one.name}: the lockfile has the bytes of uv's, and each accepts the other's`, async (t) => {
    const { ours, theirs, checkedByUv, checkedByUs } = await lockedByBoth(t, one);

    assert.equal(ours, theirs);
    assert.deepEqual([checkedByUv, checkedByUs], [0, 0]);
  });

interface LockedByBoth {
  readonly ours: string;
  readonly theirs: string;
  readonly checkedByUv: number;
  readonly checkedByUs: number;
}

/** Both lock in one place, one after the other, so that paths and commits are the same. */
async function lockedByBoth(t: TestContext, one: LockCase): Promise<LockedByBoth> {
  const { uv } = await pythonTools();
  await using index = await startLocalIndex({ distributions: distributionsOf(lockUniverse) });
  const folder = temporaryFolder(t);
  const cwd = join(folder, 'project');
  mkdirSync(cwd);
  writeLockCase(cwd, one, index);
  const words = ['lock', '--default-index', index.url, '-p', anyPython(), ...(one.words ?? [])];
  const lockWith = async (program: string | undefined, extra: readonly string[] = []): Promise<number> => {
    const cache = ['--cache-dir', join(folder, program === undefined ? 'our-cache' : 'their-cache')];
    const run = await runShoal([...words, ...cache, ...extra], {
      cwd,
      variables: { UV_NO_CONFIG: '0', SHOAL_NO_CONFIG: '0' },
      ...(program === undefined ? {} : { program }),
    });
    assert.equal(run.status, 0, run.stderr);
    return run.status;
  };
  const lockfile = (): string => readFileSync(join(cwd, 'uv.lock'), 'utf8');
  await lockWith(undefined);
  const ours = lockfile();
  const checkedByUv = await lockWith(uv, ['--check']);
  rmSync(join(cwd, 'uv.lock'));
  await lockWith(uv);
  return { ours, theirs: lockfile(), checkedByUv, checkedByUs: await lockWith(undefined, ['--check']) };
}
