import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { projectScene } from '../support/project-scene.ts';
import { runTogether } from '../support/commands-together.ts';
import { shoalCommand } from '../support/shoal-command.ts';

suite('init makes', () => {
  test('an application: a package with a command, a readme, a version file and a repository', async (t) => {
    const scene = projectScene(t);

    const run = await scene.run('init', 'My.App');

    assert.deepEqual([run.status, run.stdout], [0, '']);
    assert.equal(run.stderr, `Initialized project \`my-app\` at \`${scene.path('My.App')}\`\n`);
    const { '.gitignore': ignored, ...files } = scene.in('My.App').files();
    assert.match(ignored ?? '', /^\.venv$/m);
    assert.deepEqual(files, {
      '.python-version': `${scene.minor}\n`,
      'README.md': '',
      'pyproject.toml': `[project]
name = "my-app"
version = "0.1.0"
description = "Add your description here"
readme = "README.md"
authors = [
    { name = "Ann Other", email = "ann@mail.test" }
]
requires-python = ">=${scene.minor}"
dependencies = []

[project.scripts]
my-app = "my_app:main"

[build-system]
requires = ["uv_build>=0.13.0,<0.14.0"]
build-backend = "uv_build"
`,
      'src/my_app/__init__.py': 'def main() -> None:\n    print("Hello from my-app!")\n',
    });
    assert.equal(existsSync(scene.path('My.App', '.git')), true);
  });

  test('a library', async (t) => {
    const scene = projectScene(t);
    await scene.run('init', '--lib', '--vcs', 'none', '--no-readme', '--no-pin-python', '--author-from', 'none', 'lib');
    const { 'pyproject.toml': project, ...files } = scene.in('lib').files();
    assert.deepEqual(files, {
      'src/lib/__init__.py': 'def hello() -> str:\n    return "Hello from lib!"\n',
      'src/lib/py.typed': '',
    });
    assert.doesNotMatch(project ?? '', /scripts|authors|readme/);
  });

  test('a flat application, in the working folder', async (t) => {
    const scene = projectScene(t).in('flat app');
    const run = await scene.run('init', '--no-package', '--description', 'It is "flat"');
    assert.equal(run.stderr, 'Initialized project `flat-app`\n');
    const files = scene.files();
    assert.deepEqual(Object.keys(files), ['.gitignore', '.python-version', 'README.md', 'main.py', 'pyproject.toml']);
    assert.doesNotMatch(files['pyproject.toml'] ?? '', /build-system|authors/);
  });

  test('a `pyproject.toml` alone, with `--bare`', async (t) => {
    const scene = projectScene(t);
    await scene.run('init', '--bare', 'bare');
    const text = `[project]\nname = "bare"\nversion = "0.1.0"\nrequires-python = ">=${scene.minor}"\ndependencies = []\n`;
    assert.deepEqual(scene.in('bare').files(), { 'pyproject.toml': text });
  });

  for (const [backend, requires, name] of [
    ['hatch', '["hatchling"]', 'hatchling.build'],
    ['flit', '["flit_core>=3.2,<4"]', 'flit_core.buildapi'],
    ['pdm', '["pdm-backend"]', 'pdm.backend'],
    ['poetry', '["poetry-core>=2,<3"]', 'poetry.core.masonry.api'],
    ['setuptools', '["setuptools>=61"]', 'setuptools.build_meta'],
    ['maturin', '["maturin>=1.0,<2.0"]', 'maturin'],
    ['scikit', '["scikit-build-core>=0.12", "pybind11>=3"]', 'scikit_build_core.build'],
  ] as const)
    test(`a project that ${backend} builds`, async (t) => {
      const scene = projectScene(t);
      await scene.run('init', '--build-backend', backend, '--vcs', 'none', 'app');
      const { 'pyproject.toml': text, ...files } = scene.in('app').files();
      assert.ok(text?.endsWith(`[build-system]\nrequires = ${requires}\nbuild-backend = "${name}"\n`), text);
      assert.equal('src/app/_core.pyi' in files, backend === 'maturin' || backend === 'scikit');
    });

  test('a script, new or from a file that is there', async (t) => {
    const scene = projectScene(t);
    scene.write('old.py', '#!/usr/bin/env -S uv run --script\nprint(1)\n');
    await scene.run('init', '--script', 'new.py');
    await scene.run('init', '--script', 'old.py');
    const block = `# /// script\n# requires-python = ">=${scene.minor}"\n# dependencies = []\n# ///\n`;
    assert.equal(
      scene.read('new.py'),
      `${block}\n\ndef main() -> None:\n    print("Hello from new.py!")\n\n\nif __name__ == "__main__":\n    main()\n`,
    );
    assert.equal(scene.read('old.py'), `#!/usr/bin/env -S uv run --script\n#\n${block}\nprint(1)\n`);
  });
});

suite('init in a workspace', () => {
  test('adds the project to the members of the one above, unless a pattern has or excludes it', async (t) => {
    const scene = projectScene(t);
    scene.write('pyproject.toml', '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/seed"]\n');
    const root = scene.folder;

    const runs = [];
    for (const path of ['packages/one', 'packages/seed', 'other/two'])
      runs.push((await scene.run('init', '--bare', path)).stderr.split('\n')[0]);
    await scene.run('init', '--bare', '--no-workspace', 'alone');

    assert.deepEqual(runs, [
      `Project \`one\` is already a member of workspace \`${root}\``,
      `Project \`seed\` is excluded by workspace \`${root}\``,
      `Adding \`two\` as member of workspace \`${root}\``,
    ]);
    assert.equal(
      scene.read('pyproject.toml'),
      '[tool.uv.workspace]\nmembers = [\n    "packages/*",\n    "other/two",\n]\nexclude = ["packages/seed"]\n',
    );
  });

  test('eight projects join at once, and all of them are members', async (t) => {
    const scene = projectScene(t);
    await scene.run('init', '--bare', '--name', 'root');
    const names = Array.from({ length: 8 }, (_, index) => `member-${index}`);

    const ends = await runTogether(
      names.map((name) => [...shoalCommand(), 'init', '--bare', name]),
      { cwd: scene.folder, variables: { SHOAL_CACHE_DIR: scene.path('cache'), SHOAL_NO_CONFIG: 'false' } },
    );

    assert.deepEqual(
      ends.map(({ status }) => status),
      names.map(() => 0),
      ends.map(({ stderr }) => stderr).join(''),
    );
    const members = scene.read('pyproject.toml').match(/member-\d/g) ?? [];
    assert.deepEqual(members.toSorted(), names);
  });
});

suite('init refuses', () => {
  for (const [title, words, message] of [
    ['a second project in one folder', ['.'], /because `pyproject\.toml` already exists/],
    ['a name that is none', ['a@b'], /The target directory \(`a@b`\) is not a valid package name/],
    ['a script without a path', ['--script'], /required arguments were not provided:\n {2}<PATH>/],
    ['an application that is a library', ['--app', '--lib', 'x'], /cannot be used with/],
    ['a version control system that it does not know', ['--vcs', 'hg', 'x'], /invalid value 'hg' for '--vcs <VCS>'/],
  ] as const)
    test(title, async (t) => {
      const scene = projectScene(t);
      scene.write('pyproject.toml', '[project]\nname = "app"\nversion = "1"\n');
      const before = scene.files();
      const run = await scene.run('init', ...words);
      assert.equal(run.status, 2);
      assert.match(run.stderr, message);
      assert.deepEqual(scene.files(), before);
    });
});
