import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { cloneFile } from './clone-file.ts';
import { hasErrorCode } from './errors.ts';
import { exchangePaths } from './exchange-paths.ts';
import { isTemporaryName, removeIfPresent, writeFileAtomic } from './write-file-atomic.ts';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('writeFileAtomic() replaces the content, with the mode asked for, and leaves nothing beside it', (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'file');
  writeFileSync(path, 'old');

  writeFileAtomic(path, 'new', { mode: 0o640, sync: true });

  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder), ['file']);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o640);
});

test('writeFileAtomic() leaves the old state and no temporary file, when it cannot rename', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'in-the-way', 'full'), { recursive: true });

  assert.throws(() => writeFileAtomic(join(folder, 'in-the-way'), 'x'));

  assert.deepEqual(readdirSync(folder), ['in-the-way']);
});

test('isTemporaryName() knows the names of temporary files only', () => {
  assert.ok(isTemporaryName(`.numpy.${'0'.repeat(32)}.tmp`));
  assert.ok(!isTemporaryName('numpy'));
  assert.ok(!isTemporaryName('.numpy.tmp'));
});

test('removeIfPresent() tells whether there was anything', (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, '');

  assert.deepEqual([removeIfPresent(path), removeIfPresent(path)], [true, false]);
});

test('exchangePaths() exchanges a file and a folder, or changes nothing', (t) => {
  const folder = temporaryFolder(t);
  const [file, other] = [join(folder, 'ä file'), join(folder, 'a folder')];
  writeFileSync(file, 'text');
  mkdirSync(other);

  const isExchanged = exchangePaths(file, other);

  assert.equal(statSync(file).isDirectory(), isExchanged);
  assert.equal(statSync(other).isFile(), isExchanged);
  assert.ok(isExchanged || process.platform !== 'linux');
});

test('exchangePaths() throws what the system says, when one path is missing', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');

  if (exchangePaths(join(folder, 'file'), join(folder, 'file'))) {
    assert.throws(
      () => exchangePaths(join(folder, 'file'), join(folder, 'missing')),
      (error) => hasErrorCode(error, 'ENOENT'),
    );
  }
});

test('cloneFile() clones, or says by a code why not and leaves no target', (t) => {
  const folder = temporaryFolder(t);
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  writeFileSync(source, 'text');

  const answer = cloneFile(source, target);

  if (answer === 'cloned') assert.equal(readFileSync(target, 'utf8'), 'text');
  else
    assert.throws(
      () => statSync(target),
      (error) => hasErrorCode(error, 'ENOENT'),
    );
  assert.match(answer, /^(?:cloned|E[A-Z]+)$/u);
  assert.equal(cloneFile(join(folder, 'missing'), target), 'ENOENT');
});
