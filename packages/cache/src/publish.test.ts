import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { publishFile } from './publish.ts';
import { RootFolder } from './root-folder.ts';

function folderWithFinishedFile(t: TestContext): { root: string; finished: string; final: string } {
  const root = mkdtempSync(join(tmpdir(), 'shoal-publish-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'finished'), 'ours');
  return { root, finished: join(root, 'finished'), final: join(root, 'final') };
}

test('publishFile() gives the file its name and leaves nothing at the old one', (t) => {
  const { root, finished, final } = folderWithFinishedFile(t);

  assert.equal(publishFile(new RootFolder(root), finished, final), 'published');
  assert.deepEqual(readdirSync(root), ['final']);
});

test('publishFile() keeps what another has published first, and leaves nothing of ours', (t) => {
  const { root, finished, final } = folderWithFinishedFile(t);
  writeFileSync(final, 'theirs');

  assert.equal(publishFile(new RootFolder(root), finished, final), 'already-present');
  assert.deepEqual(readdirSync(root), ['final']);
  assert.equal(readFileSync(final, 'utf8'), 'theirs');
});
