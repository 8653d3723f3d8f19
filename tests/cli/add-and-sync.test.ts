/** `add` and `remove` with all that follows: the lockfile and the environment. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { projectScene } from '../support/project-scene.ts';
import type { ProjectScene } from '../support/project-scene.ts';
import type { CommandRun } from '../support/run-command.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const HEAD = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n';

interface AddScene {
  readonly scene: ProjectScene;
  readonly index: LocalIndex;
  readonly run: (...words: readonly string[]) => Promise<CommandRun>;
  /** What is installed, sorted: `pkg-1.0`. */
  readonly installed: () => readonly string[];
}

async function addScene(t: TestContext, text: string): Promise<AddScene> {
  const distributions = [
    ...['0.9', '1.2.3', '2.0rc1'].map((version) => buildWheel({ name: 'pkg', version })),
    buildWheel({ name: 'other', version: '0.4', requires: ['pkg<2'] }),
    buildWheel({ name: 'zero', version: '0.0.5' }),
    buildWheel({ name: 'local', version: '1.0+cpu' }),
    buildWheel({ name: 'rare', version: '1.0' }),
  ];
  const index = await startLocalIndex({ distributions });
  t.after(() => index.close());
  const scene = projectScene(t);
  scene.write('pyproject.toml', text);
  scene.write('uv.toml', `index-url = "${index.url}"\n`);
  const variables = { UV_HTTP_RETRIES: '0' };
  return {
    scene,
    index,
    run: (...words) => scene.run({ variables }, ...words),
    installed: () =>
      globSync('.venv/lib/python*/site-packages/*.dist-info', { cwd: scene.folder })
        .map((path) => path.replace(/^.*\/|\.dist-info$/g, ''))
        .toSorted(),
  };
}

suite('add', () => {
  test('makes the environment, locks, installs, and writes the lowest version that is wanted', async (t) => {
    const { scene, run, installed } = await addScene(t, HEAD);

    const { status, stdout, stderr } = await run('add', 'other', 'pkg');

    assert.deepEqual([status, stdout], [0, ''], stderr);
    assert.match(
      stderr,
      /^Using CPython \S+ interpreter at: \S+\nCreating virtual environment at: \.venv\nResolved 3 packages in \[TIME\]\nPrepared 2 packages in \[TIME\]\nInstalled 2 packages in \[TIME\]\n \+ other==0\.4\n \+ pkg==1\.2\.3\n$/,
    );
    assert.equal(scene.read('pyproject.toml'), `${HEAD}dependencies = [\n    "other>=0.4",\n    "pkg>=1.2.3",\n]\n`);
    assert.deepEqual(installed(), ['other-0.4', 'pkg-1.2.3']);
    assert.equal((await run('lock', '--check')).status, 0);
  });

  for (const [bounds, name, written] of [
    ['major', 'pkg', 'pkg>=1.2.3,<2.0.0'],
    ['minor', 'pkg', 'pkg>=1.2.3,<1.3.0'],
    ['exact', 'pkg', 'pkg==1.2.3'],
    ['major', 'zero', 'zero>=0.0.5,<0.0.6'],
    ['lower', 'local', 'local>=1.0'],
  ] as const)
    test(`writes \`${written}\` with --bounds ${bounds}`, async (t) => {
      const { scene, run } = await addScene(t, HEAD);
      const { status, stderr } = await run('add', name, '--bounds', bounds, '--no-sync');
      assert.equal(status, 0, stderr);
      assert.equal(scene.read('pyproject.toml'), `${HEAD}dependencies = [\n    "${written}",\n]\n`);
    });

  test('says that a version of its own comes before the bounds', async (t) => {
    const { run } = await addScene(t, HEAD);
    const { stderr } = await run('add', 'pkg<1', '--bounds', 'exact', '--no-sync');
    assert.match(stderr, /^note: Using explicit requirement `pkg<1` over bounds preference `exact`$/m);
  });

  test('keeps to constraints, which are not written', async (t) => {
    const { scene, run } = await addScene(t, HEAD);
    scene.write('limits.txt', 'pkg<1\n');
    const { status, stderr } = await run('add', 'pkg', '-c', 'limits.txt');
    assert.equal(status, 0, stderr);
    assert.match(scene.read('pyproject.toml'), /"pkg>=0\.9",/);
  });

  test('installs the group and the extra that it adds to, beside what is installed by default', async (t) => {
    const { run, installed } = await addScene(t, `${HEAD}\n[dependency-groups]\ndev = ["zero"]\n`);
    await run('add', 'pkg', '--group', 'lint');
    assert.deepEqual(installed(), ['pkg-1.2.3', 'zero-0.0.5']);
    await run('add', 'local', '--optional', 'web');
    assert.deepEqual(installed(), ['local-1.0+cpu', 'pkg-1.2.3', 'zero-0.0.5']);
  });

  test('names what it adds by path, and takes its folder into the workspace', async (t) => {
    const { scene, run } = await addScene(t, HEAD);
    scene.write(
      'libs/inner/pyproject.toml',
      '[project]\nname = "Inner_Lib"\nversion = "1"\nrequires-python = ">=3.9"\n',
    );
    const { status, stderr } = await run('add', './libs/inner', '--no-sync');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Added `libs\/inner` to workspace members$/m);
    assert.match(scene.read('pyproject.toml'), /"inner-lib",\n\]\n[^]*inner-lib = \{ workspace = true \}\n/);
  });

  test('adds to a script, which has no environment and no lockfile afterwards', async (t) => {
    const { scene, run } = await addScene(t, HEAD);
    scene.write('tool.py', '#!/usr/bin/env python\nprint(1)\n');
    const { status, stderr } = await run('add', '--script', 'tool.py', 'pkg');
    assert.equal(status, 0, stderr);
    const block = `# /// script\n# requires-python = ">=${scene.minor}"\n# dependencies = [\n#     "pkg>=1.2.3",\n# ]\n# ///\n`;
    assert.equal(scene.read('tool.py'), `#!/usr/bin/env python\n${block}print(1)\n`);
    assert.equal((await run('remove', '--script', 'tool.py', 'pkg')).stderr, 'Updated `tool.py`\n');
    assert.deepEqual(globSync('{.venv,*.lock}', { cwd: scene.folder }), []);
  });
});

test('add keeps the indexes of options and variables in the file', async (t) => {
  const { scene, index, run } = await addScene(t, HEAD);
  const { status, stderr } = await run('add', 'pkg', '--no-sync', '--index', `own=${index.url}`);
  assert.equal(status, 0, stderr);
  assert.ok(
    scene.read('pyproject.toml').endsWith(`
[tool.uv.sources]
pkg = { index = "own" }

[[tool.uv.index]]
name = "own"
url = "${index.url}"
`),
  );
  assert.equal((await run('lock', '--check')).status, 0);
});

suite('a failed command leaves every byte as it was', () => {
  for (const [title, words, status, message] of [
    [
      'add, where nothing fits',
      ['add', 'pkg>9'],
      1,
      /^error: Failed to add dependencies\n {2}cause: No solution found when resolving dependencies\n[^]*provide the `--frozen` flag to skip locking and syncing\n$/m,
    ],
    [
      'add, where the lockfile may not change',
      ['add', 'pkg', '--locked'],
      1,
      /The lockfile at `uv\.lock` needs to be updated, but `--locked` was provided/,
    ],
    [
      'version, where the lockfile may not change',
      ['version', '2', '--locked'],
      1,
      /The lockfile at `uv\.lock` needs to be updated/,
    ],
  ] as const)
    test(title, async (t) => {
      const { scene, run } = await addScene(t, HEAD);
      assert.equal((await run('lock')).status, 0);
      const before = scene.files();

      const end = await run(...words);

      assert.equal(end.status, status, end.stderr);
      assert.match(end.stderr, message);
      assert.deepEqual(scene.files(), before);
    });

  test('add, where what it added cannot be fetched', async (t) => {
    const { scene, index, run } = await addScene(t, HEAD);
    assert.equal((await run('add', 'zero')).status, 0);
    const before = scene.files();
    index.fail('/files/rare-1.0-py3-none-any.whl', { kind: 'status', status: 404 });

    const end = await run('add', 'rare');

    assert.equal(end.status, 1, end.stderr);
    assert.deepEqual(scene.files(), before);
    assert.match(readFileSync(join(scene.folder, 'uv.lock'), 'utf8'), /name = "zero"/);
  });
});

suite('remove', () => {
  test('takes the requirement, what only it needed, and its lines of the lockfile away', async (t) => {
    const { scene, run, installed } = await addScene(t, HEAD);
    await run('add', 'other', 'zero');

    const { status, stderr } = await run('remove', 'other');

    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^Resolved 2 packages in \[TIME\]\nUninstalled 2 packages in \[TIME\]\n - other==0\.4\n - pkg==1\.2\.3\n$/,
    );
    assert.equal(scene.read('pyproject.toml'), `${HEAD}dependencies = [\n    "zero>=0.0.5",\n]\n`);
    assert.deepEqual(installed(), ['zero-0.0.5']);
    assert.equal((await run('lock', '--check')).status, 0);
  });
});
