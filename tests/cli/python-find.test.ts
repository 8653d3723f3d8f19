import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { anyPython, availablePythons } from '../support/python-tools.ts';
import { venvScene } from '../support/venv-scene.ts';
import type { VenvScene, Word } from '../support/venv-scene.ts';

/** Three Pythons, the second one older than the others; not there on a machine without pyenv. */
const [older, old, recent] = ['3.9.', '3.10.', '3.12.'].map(
  (start) => availablePythons().find(({ version }) => version.startsWith(start))?.executable,
);
const several = {
  skip: older === undefined || old === undefined || recent === undefined ? 'needs Python 3.9, 3.10 and 3.12' : false,
};

function severalPythons(t: TestContext): VenvScene {
  return venvScene(t, [recent ?? '', older ?? '', old ?? '']);
}

async function found(scene: VenvScene, ...words: readonly Word[]): Promise<string> {
  const { status, stdout, stderr } = await scene.run('python', 'find', '--show-version', ...words);
  return status === 0 ? (/^\d+\.\d+/.exec(stdout)?.[0] ?? stdout) : stderr;
}

test(
  'python find takes the first Python, a version, a range, a name or a path, in the order of the search path',
  several,
  async (t) => {
    const scene = severalPythons(t);

    assert.equal(await found(scene), '3.12');
    assert.equal(await found(scene, '3.10'), '3.10');
    assert.equal(await found(scene, '>=3.9,<3.11'), '3.9');
    assert.equal(await found(scene, 'cpython@3.9'), '3.9');
    assert.equal(await found(scene, 'python3.10'), '3.10');
    assert.equal(await found(scene, older ?? ''), '3.9');
    assert.equal(
      await found(scene, 'pypy'),
      'error: No interpreter found for PyPy in virtual environments, managed installations, or search path\n',
    );
  },
);

test(
  'python find prefers the active environment, then `.venv` here or above; --system and another version pass them over',
  several,
  async (t) => {
    const scene = severalPythons(t);
    await scene.run('venv', '-q', '-p', '3.9');
    await scene.run('venv', '-q', '-p', '3.10', 'active');
    const variables = { VIRTUAL_ENV: scene.path('active') };

    assert.equal((await scene.run('python', 'find')).stdout, `${scene.path('.venv', 'bin', 'python')}\n`);
    assert.equal(await found(scene.in('a/b')), '3.9');
    assert.equal(await found(scene, { variables }), '3.10');
    assert.equal(await found(scene, '--system', { variables }), '3.12');
    assert.equal(await found(scene, '3.12', { variables }), '3.12');
    assert.equal(
      (await scene.run('python', 'find', '--system', '--resolve-links')).stdout.endsWith('/bin/python3.12\n'),
      true,
    );
  },
);

test(
  'a version file decides for python find and venv, the nearest first, `.python-version` before `.python-versions`',
  several,
  async (t) => {
    const scene = severalPythons(t);
    scene.write('.python-version', '# ours\n\n 3.10 \n3.9\n');
    scene.write('.python-versions', '3.9\n');
    scene.write('low/.python-versions', '3.9\n3.10\n');

    const made = await scene.run('venv');
    assert.match(made.stderr, /^Using CPython 3\.10\./);
    assert.equal(await found(scene.in('deeper')), '3.10');
    assert.equal(await found(scene.in('low')), '3.9');
    assert.equal(await found(scene, '--no-config', '--system'), '3.12');
    assert.equal(await found(scene, '3.12'), '3.12');
  },
);

test(
  'what a project requires decides where no version file does, and is warned of where something else decides',
  several,
  async (t) => {
    const scene = severalPythons(t);
    scene.write('.python-version', '3.12\n');
    scene.write('app/pyproject.toml', '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9, <3.11"\n');
    const app = scene.in('app');
    const requirement =
      "incompatible with the project's Python requirement: `>=3.9, <3.11` (from `project.requires-python`)\n";

    const made = await app.run('venv');
    const asked = await app.run('venv', '-p', '3.12', 'other');
    app.write('.python-version', '3.12\n');
    const pinned = await app.run('venv', 'pinned');
    const without = await app.run('venv', '--no-project', 'without');

    assert.match(made.stderr, /^Using CPython 3\.9\./);
    assert.ok(
      asked.stderr.includes('warning: The requested interpreter resolved to Python 3.12.') &&
        asked.stderr.includes(requirement),
    );
    assert.ok(pinned.stderr.includes('warning: The Python request from `.python-version` resolved to Python 3.12.'));
    assert.ok(pinned.stderr.includes(requirement));
    assert.match(without.stderr, /^Using CPython 3\.12\.\d+ interpreter at: \S+\nCreating/);
  },
);

test('a version file or a project that says nothing of use is warned of and passed over', async (t) => {
  const scene = venvScene(t);
  scene.write('odd/.python-version', 'foo bar\n');
  scene.write('broken/pyproject.toml', '[project\n');
  scene.write('vague/pyproject.toml', '[project]\nname = "x"\nrequires-python = "some"\n');

  const [odd, broken, vague] = await Promise.all(
    ['odd', 'broken', 'vague'].map((name) => scene.in(name).run('python', 'find')),
  );

  assert.deepEqual([odd?.status, broken?.status, vague?.status], [0, 0, 0]);
  assert.equal(
    odd?.stderr,
    `warning: Ignoring unsupported Python request \`foo bar\` in version file: ${scene.path('odd', '.python-version')}\n`,
  );
  assert.match(
    broken?.stderr ?? '',
    /^warning: Failed to parse `\S+\/pyproject\.toml` at \S+pyproject\.toml:1:9; it is not taken into account\n$/,
  );
  assert.match(
    vague?.stderr ?? '',
    /^warning: `project\.requires-python` in `\S+` is no version specifier: `some`; it is not taken into account\n$/,
  );
});

test('an interpreter whose file was replaced is asked again', async (t) => {
  const scene = venvScene(t);
  mkdirSync(scene.path('bin'));
  const fake = scene.path('bin', 'python-fake');
  symlinkSync(anyPython(), fake);

  const before = await found(scene, fake);
  scene.write('bin/next', '#!/bin/sh\necho not a Python >&2\nexit 3\n');
  chmodSync(scene.path('bin', 'next'), 0o755);
  renameSync(scene.path('bin', 'next'), fake);
  const after = await scene.run('python', 'find', fake);

  assert.equal(before, scene.minor);
  assert.equal(after.status, 2);
  assert.match(after.stderr, /^error: Failed to inspect Python interpreter from provided path at `\S+python-fake`\n/);
  assert.match(after.stderr, /not a Python/);
});

test('python find uses pyenv as chosen by its files, and versions that no shim is active for', several, async (t) => {
  const scene = severalPythons(t);
  const root = scene.path('pyenv');
  for (const [version, executable] of [
    ['3.9.1', older],
    ['3.10.1', old],
  ] as const) {
    mkdirSync(`${root}/versions/${version}/bin`, { recursive: true });
    for (const name of ['python', 'python3']) symlinkSync(executable ?? '', `${root}/versions/${version}/bin/${name}`);
  }
  mkdirSync(`${root}/shims`);
  writeFileSync(`${root}/shims/python`, '#!/bin/sh\nexit 127\n', { mode: 0o755 });
  writeFileSync(`${root}/version`, '3.10.1\n');
  const variables = { PYENV_ROOT: root, PATH: `${root}/shims:/usr/bin:/bin` };

  assert.equal(await found(scene, { variables }), '3.10');
  assert.equal(await found(scene, { variables: { ...variables, PYENV_VERSION: '3.9.1' } }), '3.9');
  assert.equal(await found(scene, '3.9', { variables }), '3.9');
});

test('python list shows each interpreter, newest first, as text and as JSON, and filters', several, async (t) => {
  const scene = severalPythons(t);

  const text = await scene.run('python', 'list', '--only-installed', '--all-versions');
  const json = await scene.run('python', 'list', '3.9', '--output-format', 'json');
  const none = await scene.run('python', 'list', '3.99');

  const minors = text.stdout
    .trimEnd()
    .split('\n')
    .map((line) => Number(/^cpython-3\.(\d+)\./.exec(line)?.[1]));
  assert.deepEqual(
    minors,
    [...minors].sort((a, b) => b - a),
  );
  assert.match(
    text.stdout,
    /^cpython-3\.12\.\d+-\S+ +\S+\/bin\/python3\.12\n.*\/bin\/python3 -> python3\.12\n.*\/bin\/python -> python3\.12\n/m,
  );
  const rows: unknown = JSON.parse(json.stdout);
  assert.ok(Array.isArray(rows) && rows.length > 0);
  assert.deepEqual(Object.keys(rows[0] as object), [
    'key',
    'version',
    'version_parts',
    'path',
    'symlink',
    'url',
    'os',
    'variant',
    'implementation',
    'arch',
    'libc',
  ]);
  assert.deepEqual(none, { status: 0, stdout: '', stderr: '' });
});
