import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import { anyPython, availablePythons } from '../support/python-tools.ts';
import { venvScene } from '../support/venv-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const FILES = ['.gitignore', 'CACHEDIR.TAG', 'bin', 'lib', 'lib64', 'pyvenv.cfg'];

test('venv makes `.venv`, named after the working folder, and says how to activate it', async (t) => {
  const scene = venvScene(t);

  const { status, stdout, stderr } = await scene.run('venv');

  assert.deepEqual([status, stdout], [0, '']);
  assert.match(
    stderr,
    /^Using CPython 3\.\d+\.\d+ interpreter at: \S+\nCreating virtual environment at: \.venv\nActivate with: source \.venv\/bin\/activate\n$/,
  );
  assert.deepEqual(
    readdirSync(scene.path('.venv')).filter((name) => name !== '.lock'),
    FILES,
  );
  assert.equal(scene.configuration('.venv').get('prompt'), basename(scene.folder));
  assert.equal(scene.configuration('.venv').get('include-system-site-packages'), 'false');
  assert.equal(readFileSync(scene.path('.venv', '.gitignore'), 'utf8'), '*');
});

test('venv records what it was asked for, and the environment of a named place has no prompt of its own', async (t) => {
  const scene = venvScene(t);

  await scene.run('venv', 'plain');
  await scene.run('venv', 'full', '--prompt', 'mine', '--system-site-packages', '--relocatable');
  await scene.run('venv', 'here', '--prompt', '.');

  assert.equal(scene.configuration('plain').get('prompt'), undefined);
  const full = scene.configuration('full');
  assert.deepEqual(
    ['prompt', 'include-system-site-packages', 'relocatable', 'implementation'].map((key) => full.get(key)),
    ['mine', 'true', 'true', 'CPython'],
  );
  assert.equal(scene.configuration('here').get('prompt'), basename(scene.folder));
  const paths = execFileSync(scene.path('full', 'bin', 'python'), ['-c', 'import sys; print(sys.path)'], {
    encoding: 'utf8',
  });
  assert.match(paths, /full\/lib\/python3\.\d+\/site-packages/);
});

test('venv leaves an environment alone, unless --clear or --allow-existing stands last or is alone', async (t) => {
  const scene = venvScene(t);
  await scene.run('venv');
  const keep = scene.path('.venv', 'keep');
  writeFileSync(keep, '');

  const refused = await scene.run('venv');
  const allowed = await scene.run('venv', '--clear', '--allow-existing');
  const wasKept = existsSync(keep);
  const cleared = await scene.run('venv', '--allow-existing', '-c');

  assert.equal(refused.status, 2);
  assert.match(
    refused.stderr,
    /\nerror: Failed to create virtual environment\n {2}cause: A virtual environment already exists at: \.venv\n\nhint: Use the `--clear` flag or set `SHOAL_VENV_CLEAR=1` to replace the existing virtual environment\n$/,
  );
  assert.deepEqual([allowed.status, wasKept, cleared.status, existsSync(keep)], [0, true, 0, false]);
});

test('venv --clear does not delete a folder that is no environment, unless forced, and never a file', async (t) => {
  const scene = venvScene(t);
  mkdirSync(scene.path('work'));
  writeFileSync(scene.path('work', 'thesis'), '');
  writeFileSync(scene.path('file'), '');

  const folder = await scene.run('venv', 'work');
  const clear = await scene.run('venv', 'work', '--clear');
  const thesisAfterClear = existsSync(scene.path('work', 'thesis'));
  const forced = await scene.run('venv', 'work', '--clear', '--force');
  const file = await scene.run('venv', 'file', '--clear', '--force');

  assert.match(folder.stderr, /cause: A directory already exists at: work\n/);
  assert.match(
    clear.stderr,
    /cause: shoal will not clear a directory that is not a virtual environment: work\n\nhint: Use the `--force` flag/,
  );
  assert.deepEqual([folder.status, clear.status, forced.status, file.status], [2, 2, 0, 2]);
  assert.ok(thesisAfterClear);
  assert.ok(!existsSync(scene.path('work', 'thesis')));
  assert.match(file.stderr, /cause: File exists at `file`\n$/);
});

test('venv fills the working folder and the folder behind a link without replacing them', async (t) => {
  const scene = venvScene(t);
  mkdirSync(scene.path('real'));
  symlinkSync('real', scene.path('link'));

  const linked = await scene.run('venv', 'link');
  const here = await scene.in('here').run('venv', '.');
  const again = await scene.in('here').run('venv', '.', '--clear');

  assert.deepEqual([linked.status, here.status, again.status], [0, 0, 0]);
  assert.ok(lstatSync(scene.path('link')).isSymbolicLink());
  assert.ok(existsSync(scene.path('real', 'pyvenv.cfg')));
  assert.match(here.stderr, /virtual environment at: \.\nActivate with: source bin\/activate\n$/);
});

test('venv refuses a link that leads to nothing, and leaves it', async (t) => {
  const scene = venvScene(t);
  symlinkSync('nowhere', scene.path('link'));

  const { status, stderr } = await scene.run('venv', 'link');

  assert.equal(status, 2);
  assert.match(stderr, /link` is a link that leads to nothing/);
  assert.deepEqual(readdirSync(scene.folder), ['link']);
});

test('venv shows an absolute place from the working folder on, and quotes what a shell would split', async (t) => {
  const scene = venvScene(t);

  const absolute = await scene.run('venv', scene.path('a', 'b'));
  const spaced = await scene.run('venv', "it's here");
  const quiet = await scene.run('venv', '-q', 'quiet');

  assert.match(absolute.stderr, /at: a\/b\nActivate with: source a\/b\/bin\/activate\n$/);
  assert.match(spaced.stderr, /Activate with: source 'it'\\''s here\/bin\/activate'\n$/);
  assert.equal(quiet.stderr, '');
});

test('venv in a project goes by UV_PROJECT_ENVIRONMENT at its root alone, and by --project from elsewhere', async (t) => {
  const scene = venvScene(t);
  scene.write('app/pyproject.toml', '[project]\nname = "app"\nversion = "1"\n');
  const variables = { UV_PROJECT_ENVIRONMENT: 'env' };

  await scene.in('app').run('venv', { variables });
  await scene.in('app/below').run('venv', { variables });
  const elsewhere = await scene.run('--project', 'app', 'venv');
  const missing = await scene.run('--project', 'gone', 'venv');

  assert.deepEqual(readdirSync(scene.path('app')).sort(), ['.venv', 'below', 'env', 'pyproject.toml']);
  assert.deepEqual(readdirSync(scene.path('app/below')), ['.venv']);
  assert.match(elsewhere.stderr, /at: app\/\.venv\n/);
  assert.deepEqual([missing.status, missing.stderr], [2, 'error: Project directory `gone` does not exist\n']);
});

test('venv refuses what no interpreter fits, and makes nothing', async (t) => {
  const scene = venvScene(t);

  const version = await scene.run('venv', '-p', '3.99');
  const name = await scene.run('venv', '-p', 'nonsense');

  assert.deepEqual(
    [version.status, version.stderr, name.status, name.stderr],
    [
      2,
      'error: No interpreter found for Python 3.99 in managed installations or search path\n',
      2,
      'error: No interpreter found for executable name `nonsense` in managed installations or search path\n',
    ],
  );
  assert.deepEqual(readdirSync(scene.folder), []);
});

test('venv --seed installs the newest pip from the index, and setuptools and wheel for older Pythons', async (t) => {
  const names = ['pip', 'setuptools', 'wheel'];
  await using index = await startLocalIndex({
    distributions: names.flatMap((name) => ['1.0', '2.0'].map((version) => buildWheel({ name, version }))),
  });
  const scene = venvScene(t);
  const isOld = /3\.(?:[0-9]|1[01])$/.test(scene.minor);

  const { status, stderr } = await scene.run('venv', '--seed', '--index-url', index.url);

  const expected = isOld ? names : ['pip'];
  assert.equal(status, 0);
  assert.match(stderr, /Creating virtual environment with seed packages at: \.venv\n/);
  assert.deepEqual(
    stderr.match(/^ \+ .*$/gm),
    expected.map((name) => ` + ${name}==2.0`),
  );
  assert.equal(scene.configuration('.venv').get('seed'), 'true');
});

const pythons = availablePythons().filter(({ version }) => Number(version.split('.')[1]) >= 8);

test('venv works with every Python of this machine from 3.8 on, and pip that is seeded into it runs', async (t) => {
  const scene = venvScene(t);
  const tried = pythons.length === 0 ? [{ version: 'any', executable: anyPython() }] : pythons;
  t.diagnostic(`tried with: ${tried.map(({ version }) => version).join(', ')}`);

  for (const { version, executable } of tried) {
    const [wheels] = globSync(join(executable, '..', '..', 'lib', 'python3*', 'ensurepip', '_bundled'));
    // One will do; older ones are seeded with setuptools and wheel too, which Python does not bring along.
    const isSeeded = wheels !== undefined && version.startsWith('3.13.');
    const options = isSeeded ? ['--seed', '--no-index', '-f', wheels] : [];
    const { status, stderr } = await scene.run('venv', '-q', '-p', executable, version, ...options);
    assert.equal(status, 0, stderr);
    const python = scene.path(version, 'bin', 'python');
    const answer = execFileSync(
      python,
      ['-c', 'import sys; print(sys.prefix != sys.base_prefix, sys.version.split()[0])'],
      { encoding: 'utf8' },
    );
    assert.equal(answer, `True ${version === 'any' ? answer.split(' ')[1]?.trim() : version}\n`);
    if (isSeeded) assert.match(execFileSync(python, ['-m', 'pip', '--version'], { encoding: 'utf8' }), /^pip \d/);
  }
});
