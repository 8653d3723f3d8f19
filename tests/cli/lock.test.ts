/** The words, the exit status and the file of `lock`. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startLocalIndex, type LocalIndex } from '../support/local-index.ts';
import { lockUniverse } from '../support/lock-cases.ts';
import { anyPython } from '../support/python-tools.ts';
import { runShoal, type CommandRun } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';

interface Scene extends AsyncDisposable {
  readonly index: LocalIndex;
  readonly folder: string;
  readonly lockfile: () => string;
  readonly write: (dependencies: readonly string[], rest?: string) => void;
  /** `lock`; the line that names the interpreter is left out. */
  readonly lock: (...words: string[]) => Promise<CommandRun>;
}

async function sceneOf(t: TestContext, dependencies: readonly string[], rest = ''): Promise<Scene> {
  const index = await startLocalIndex({ distributions: distributionsOf(lockUniverse) });
  const folder = temporaryFolder(t);
  const place = ['--default-index', index.url, '--cache-dir', join(folder, '.cache'), '-p', anyPython()];
  const scene: Scene = {
    index,
    folder,
    lockfile: () => readFileSync(join(folder, 'uv.lock'), 'utf8'),
    write: (list, more = '') =>
      writeFileSync(
        join(folder, 'pyproject.toml'),
        `[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.12"\ndependencies = ${JSON.stringify(list)}\n${more}`,
      ),
    lock: async (...words) => {
      const run = await runShoal(['lock', ...words, ...place], { cwd: folder });
      return { ...run, stderr: run.stderr.replace(/^Using .* interpreter at: .*\n/m, '') };
    },
    [Symbol.asyncDispose]: () => index.close(),
  };
  scene.write(dependencies, rest);
  return scene;
}

test('lock writes the file, and asks no index as long as it holds', async (t) => {
  await using scene = await sceneOf(t, ['alpha']);
  const first = await scene.lock();
  scene.index.forget();
  const second = await scene.lock();

  assert.equal(first.stderr, 'Resolved 4 packages in [TIME]\n');
  assert.deepEqual([second.status, second.stderr], [0, 'Resolved 4 packages in [TIME]\n']);
  assert.equal(scene.index.requests.length, 0);
});

test('lock tells what changed, and keeps what need not change', async (t) => {
  await using scene = await sceneOf(t, ['alpha', 'zeta<2']);
  await scene.lock();
  scene.write(['alpha', 'zeta', 'delta'], '');
  const added = await scene.lock();
  const upgraded = await scene.lock('--upgrade-package', 'zeta');
  scene.write(['zeta']);
  const removed = await scene.lock();

  assert.equal(added.stderr, 'Resolved 6 packages in [TIME]\nAdded delta v1.0\n');
  assert.equal(upgraded.stderr, 'Resolved 6 packages in [TIME]\nUpdated zeta v1.0 -> v2.0\n');
  assert.equal(
    removed.stderr,
    'Resolved 2 packages in [TIME]\nRemoved alpha v2.0\nRemoved beta v2.0\nRemoved delta v1.0\nRemoved gamma v1.1\n',
  );
});

test('--dry-run tells and writes nothing', async (t) => {
  await using scene = await sceneOf(t, ['zeta<2']);
  const first = await scene.lock('--dry-run');
  const isThere = existsSync(join(scene.folder, 'uv.lock'));
  await scene.lock();
  const same = await scene.lock('--dry-run');
  const upgrade = await scene.lock('--dry-run', '-U');

  assert.equal(first.stderr, 'Resolved 2 packages in [TIME]\nAdd app v0.1.0\nAdd zeta v1.0\n');
  assert.equal(isThere, false);
  assert.equal(same.stderr, 'Resolved 2 packages in [TIME]\nNo lockfile changes detected\n');
  assert.equal(upgrade.stderr, 'Resolved 2 packages in [TIME]\nNo lockfile changes detected\n');
});

test('--check refuses a lockfile that is not up to date, and one that is not there', async (t) => {
  await using scene = await sceneOf(t, ['zeta<2']);
  const missing = await scene.lock('--check');
  await scene.lock();
  const before = scene.lockfile();
  scene.write(['zeta']);
  const outdated = await scene.lock('--locked');

  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /Unable to find lockfile at `uv.lock`, but `--check` was provided/);
  assert.equal(outdated.status, 1);
  assert.match(outdated.stderr, /The lockfile at `uv.lock` needs to be updated, but `--locked` was provided./);
  assert.equal(scene.lockfile(), before);
});

test('--check-exists looks for a lockfile and no further', async (t) => {
  await using scene = await sceneOf(t, ['zeta<2']);
  const missing = await scene.lock('--check-exists');
  await scene.lock();
  scene.write(['zeta']);
  const there = await scene.lock('--check-exists');

  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /but `--check-exists` was provided/);
  assert.equal(there.status, 0);
  assert.match(there.stderr, /was only checked for validity, not whether it is up-to-date/);
});

test('--upgrade-group upgrades what the group asks for', async (t) => {
  const groups = '[dependency-groups]\ndev = ["zeta<2"]\nlint = ["delta<1"]\n';
  await using scene = await sceneOf(t, [], groups);
  await scene.lock();
  scene.write([], groups.replace('zeta<2', 'zeta').replace('delta<1', 'delta'));
  const upgraded = await scene.lock('--upgrade-group', 'dev');

  assert.equal(upgraded.stderr, 'Resolved 3 packages in [TIME]\nUpdated zeta v1.0 -> v2.0\n');
});

test('--script locks what the metadata of a script asks for', async (t) => {
  await using scene = await sceneOf(t, []);
  const script = join(scene.folder, 'tool.py');
  writeFileSync(script, '# /// script\n# requires-python = ">=3.12"\n# dependencies = ["zeta<2"]\n# ///\nprint(1)\n');
  const first = await scene.lock('--script', 'tool.py');
  const checked = await scene.lock('--script', 'tool.py', '--check');

  assert.equal(first.stderr, 'Resolved 1 package in [TIME]\n');
  assert.equal(checked.status, 0);
  const text = readFileSync(`${script}.lock`, 'utf8');
  assert.match(text, /\[manifest\]\nrequirements = \[\{ name = "zeta", specifier = "<2" \}\]\n/);
});

test('a lockfile that cannot be read is made anew, but for --check', async (t) => {
  await using scene = await sceneOf(t, ['zeta']);
  await scene.lock();
  const good = scene.lockfile();
  writeFileSync(join(scene.folder, 'uv.lock'), `<<<<<<< ours\n${good}`);
  const checked = await scene.lock('--check');
  const mended = await scene.lock();

  assert.equal(checked.status, 2);
  assert.match(checked.stderr, /Failed to parse `uv.lock` at uv.lock:1:/);
  assert.match(mended.stderr, /Failed to read existing lockfile; ignoring locked requirements/);
  assert.equal(scene.lockfile(), good);
});

test('a lockfile of another schema is left as it is', async (t) => {
  await using scene = await sceneOf(t, ['zeta']);
  writeFileSync(join(scene.folder, 'uv.lock'), 'version = 2\nrequires-python = ">=3.12"\n');
  const { status, stderr } = await scene.lock();

  assert.equal(status, 2);
  assert.match(stderr, /unsupported schema version \(v2, but only v1 is supported\)/);
  assert.match(scene.lockfile(), /^version = 2\n/);
});

const faults: readonly (readonly [string, string, RegExp])[] = [
  [
    'environments that overlap',
    '[tool.uv]\nenvironments = ["os_name == \'nt\'", "python_version > \'3\'"]\n',
    /overlap/,
  ],
  ['an environment for no Python', '[tool.uv]\nenvironments = ["python_version < \'3.8\'"]\n', /disjoint/],
  ['a source in an index that is not declared', '[tool.uv.sources]\nzeta = { index = "x" }\n', /undeclared index: `x`/],
  [
    'a source in a workspace that has no such member',
    '[tool.uv.sources]\nzeta = { workspace = true }\n',
    /not a workspace member/,
  ],
];

for (const [what, rest, message] of faults)
  test(`lock refuses ${what}`, async (t) => {
    await using scene = await sceneOf(t, ['zeta'], rest);
    const { status, stderr } = await scene.lock();

    assert.equal(status, 2);
    assert.match(stderr, message);
  });

test('lock outside of a project says so', async (t) => {
  const { status, stderr } = await runShoal(['lock'], { cwd: temporaryFolder(t) });

  assert.equal(status, 2);
  assert.match(stderr, /No `pyproject.toml` found in current directory or any parent directory/);
});
