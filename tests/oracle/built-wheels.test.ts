/** Wheels that shoal builds, beside pip's: a few of the list that `npm run test:builds` goes through. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareBuild } from '../support/build-comparison.ts';
import { anyPython } from '../support/python-tools.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const REQUIREMENTS = {
  'docopt==0.6.2': 'setup.py alone',
  'idna==3.6': 'flit',
  'markupsafe==3.0.2': 'setuptools and a C compiler',
} as const;

test('wheels are file by file those that pip builds', async (t) => {
  const folder = temporaryFolder(t);
  const python = join(folder, 'env', 'bin', 'python');
  execFileSync(anyPython(), ['-m', 'venv', join(folder, 'env')]);

  for (const [requirement, builder] of Object.entries(REQUIREMENTS))
    await t.test(`${requirement}, built by ${builder}`, () => {
      const { files, differing, failures } = compareBuild(requirement, { folder, python });

      assert.deepEqual(failures, {});
      assert.deepEqual(differing, []);
      assert.ok(files > 0);
    });
});
