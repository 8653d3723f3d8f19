import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { digestOfFolder } from './source-digest.ts';

interface Scene {
  readonly folder: string;
  readonly write: (path: string, content: string) => void;
  readonly digest: (variables?: Readonly<Record<string, string>>) => string;
}

function scene(t: TestContext, pyproject = ''): Scene {
  const folder = temporaryFolder(t);
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('pyproject.toml', pyproject);
  write('part/__init__.py', 'value = 1\n');
  return { folder, write, digest: (variables = {}) => digestOfFolder(folder, variables) };
}

for (const [claim, change] of [
  ['a changed file', ({ write }: Scene) => write('part/__init__.py', 'value = 2\n')],
  ['a new file', ({ write }: Scene) => write('part/more.py', '')],
  ['a file that went', ({ folder }: Scene) => rmSync(join(folder, 'part', '__init__.py'))],
  ['a file that became executable', ({ folder }: Scene) => chmodSync(join(folder, 'part', '__init__.py'), 0o755)],
  ['a new link', ({ folder }: Scene) => symlinkSync('part', join(folder, 'link'))],
  ['a folder named `build` below the top', ({ write }: Scene) => write('part/build/a.py', '')],
] as const)
  test(`${claim} changes the digest of a folder`, (t) => {
    const made = scene(t);
    const before = made.digest();

    change(made);

    assert.notEqual(made.digest(), before);
  });

test('time stamps, what backends leave, environments and repositories do not change the digest', (t) => {
  const { folder, write, digest } = scene(t);
  const before = digest();

  utimesSync(join(folder, 'part', '__init__.py'), 0, 0);
  for (const path of ['build/a', 'dist/a', 'part.egg-info/a', '.venv/a', '.git/a', 'part/__pycache__/a.pyc'])
    write(path, 'left');

  assert.equal(digest(), before);
});

test('with cache-keys only what they name counts: files, folders, variables', (t) => {
  const keys = '[tool.uv]\ncache-keys = ["*.txt", { dir = "data" }, { env = "FLAVOUR" }]\n';
  const { write, digest } = scene(t, keys);
  const before = digest();
  write('part/__init__.py', 'value = 2\n');
  assert.equal(digest(), before);

  assert.notEqual(digest({ FLAVOUR: 'sweet' }), before);
  write('notes.txt', 'a');
  const withNotes = digest();
  assert.notEqual(withNotes, before);
  write('data/a', '');
  assert.notEqual(digest(), withNotes);
});
