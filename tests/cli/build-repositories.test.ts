/** Projects in Git repositories: what a checkout holds before it is built. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { writeSourceProject } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HAS_LFS = spawnSync('git', ['lfs', 'version']).status === 0;

function git(folder: string, ...words: readonly string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always'];
  execFileSync('git', [...identity, ...words], { cwd: folder, stdio: 'pipe' });
}

/** Everything that lies there, as one more commit. */
function commit(folder: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '--quiet', '-m', 'change');
}

/** A file of the project `part`, as it is installed from `url`. */
async function installedFile(t: TestContext, url: string, path: string): Promise<string> {
  const folder = temporaryFolder(t);
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
  const variables = { SHOAL_CACHE_DIR: join(folder, 'cache'), UV_NO_INDEX: '1' };
  const { status, stderr } = await runShoal(['pip', 'install', `part @ ${url}`], { cwd: folder, variables });
  assert.equal(status, 0, stderr);
  const [found = ''] = globSync(join(folder, '.venv', 'lib', '*', 'site-packages', path));
  return readFileSync(found, 'utf8');
}

test('submodules are checked out, those of submodules too', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['deep', 'inner', 'outer']) mkdirSync(join(folder, name));
  for (const name of ['deep', 'inner', 'outer']) git(join(folder, name), 'init', '--quiet');
  writeFileSync(join(folder, 'deep', 'word.txt'), 'deep');
  commit(join(folder, 'deep'));
  git(join(folder, 'inner'), 'submodule', '--quiet', 'add', join(folder, 'deep'), 'deep');
  commit(join(folder, 'inner'));
  writeSourceProject(join(folder, 'outer'), { name: 'part' });
  git(join(folder, 'outer'), 'submodule', '--quiet', 'add', join(folder, 'inner'), 'part/inner');
  commit(join(folder, 'outer'));

  assert.equal(await installedFile(t, `git+file://${folder}/outer`, 'part/inner/deep/word.txt'), 'deep');
});

test('#lfs=true fetches the files that Git LFS keeps; without it their pointers are installed', async (t) => {
  if (!HAS_LFS) return t.skip('git-lfs is not installed');
  const folder = writeSourceProject(temporaryFolder(t), { name: 'part' });
  git(folder, 'init', '--quiet');
  git(folder, 'lfs', 'install', '--local');
  git(folder, 'lfs', 'track', '*.large');
  writeFileSync(join(folder, 'part', 'data.large'), 'the content');
  commit(folder);

  assert.match(await installedFile(t, `git+file://${folder}`, 'part/data.large'), /^version https:/);
  assert.equal(await installedFile(t, `git+file://${folder}#lfs=true`, 'part/data.large'), 'the content');
});
