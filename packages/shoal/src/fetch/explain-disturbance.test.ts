import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf, hasErrorCode } from '@shoal/cache';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { explainDisturbance, identityOfFile } from './explain-disturbance.ts';

const failure = new Error('not a zip archive');

test('explainDisturbance() leaves the blame with a file that is what was checked', (t) => {
  const path = join(temporaryFolder(t), 'wheel');
  writeFileSync(path, 'whole');

  assert.equal(explainDisturbance(failure, path, { digest: digestOf('whole'), seen: identityOfFile(path) }), failure);
  assert.ok(existsSync(path));
});

test('explainDisturbance() asks to begin anew, when another has finished the same file meanwhile, or removed it', (t) => {
  const path = join(temporaryFolder(t), 'wheel');
  writeFileSync(path, 'wh');
  const checked = { digest: digestOf('whole'), seen: identityOfFile(path) };
  writeFileSync(path, 'whole');

  const replaced = explainDisturbance(failure, path, checked);
  const removed = explainDisturbance(failure, path, checked);

  assert.ok(hasErrorCode(replaced, 'ESTALE') && hasErrorCode(removed, 'ESTALE'));
  assert.equal(existsSync(path), false);
});
