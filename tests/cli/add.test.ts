/** `add` and `remove` as edits: with `--frozen` nothing is locked or installed, and no index is asked. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { projectScene } from '../support/project-scene.ts';
import type { ProjectScene } from '../support/project-scene.ts';

const HEAD = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n';
const LIST = `${HEAD}dependencies = [\n    "b>=1", # why\n]\n`;

/** Run on a file; what the file holds then. */
async function edited(scene: ProjectScene, text: string, ...words: readonly string[]): Promise<string> {
  scene.write('pyproject.toml', text);
  const run = await scene.run(...words, '--frozen');
  assert.deepEqual([run.status, run.stdout], [0, ''], run.stderr);
  return scene.read('pyproject.toml');
}

suite('add --frozen writes', () => {
  for (const [title, words, added] of [
    ['a requirement as it is', ['Foo_Bar[z,A]<2,>=1'], 'foo-bar[a,z]>=1,<2'],
    [
      'a marker of its own, and one for all',
      ['x; os_name == "nt"', '-m', "sys_platform == 'win32'"],
      "x ; os_name == 'nt' and sys_platform == 'win32'",
    ],
    ['extras of an option', ['x[b]', '--extra', 'c', '--extra', 'a'], 'x[a,b,c]'],
    ['a URL as it is, with --raw', ['x @ git+https://git.test/x@v1', '--raw'], 'x @ git+https://git.test/x@v1'],
  ] as const)
    test(title, async (t) => {
      const text = await edited(projectScene(t), LIST, 'add', ...words);
      const entry = `    "${added}",\n`;
      assert.equal(text, LIST.replace(/(?= {4}"b|\]\n$)/, '').replace('\n]\n', `\n${entry}]\n`));
    });

  for (const [title, words, table] of [
    ['a group', ['x', '--group', 'Lint'], '[dependency-groups]\nlint = [\n    "x",\n]\n'],
    ['the development group', ['x', '--dev'], '[dependency-groups]\ndev = [\n    "x",\n]\n'],
    ['an extra', ['x', '--optional', 'web'], '[project.optional-dependencies]\nweb = [\n    "x",\n]\n'],
  ] as const)
    test(`the list of ${title}, which was not there`, async (t) => {
      assert.equal(await edited(projectScene(t), LIST, 'add', ...words), `${LIST}\n${table}`);
    });

  for (const [title, words, source] of [
    [
      'a repository',
      ['x @ git+https://me:secret@git.test/x@v1#subdirectory=a'],
      '{ git = "https://git.test/x", subdirectory = "a", rev = "v1" }',
    ],
    ['a branch', ['x @ git+https://git.test/x', '--branch', 'next'], '{ git = "https://git.test/x", branch = "next" }'],
    ['a tag', ['x @ git+ssh://git@git.test/x', '--tag', '1'], '{ git = "ssh://git@git.test/x", tag = "1" }'],
    [
      'a URL',
      ['x @ https://files.test/x-1.0-py3-none-any.whl'],
      '{ url = "https://files.test/x-1.0-py3-none-any.whl" }',
    ],
    ['a named index', ['x', '--index', 'own=https://index.test/simple'], '{ index = "own" }'],
  ] as const)
    test(`the source for ${title}`, async (t) => {
      const text = await edited(projectScene(t), HEAD, 'add', ...words);
      const index = title.endsWith('index')
        ? '\n[[tool.uv.index]]\nname = "own"\nurl = "https://index.test/simple"\n'
        : '';
      assert.equal(text, `${HEAD}dependencies = [\n    "x",\n]\n\n[tool.uv.sources]\nx = ${source}\n${index}`);
    });

  test('the source for a folder, which becomes a member of the workspace where it is below the root', async (t) => {
    const scene = projectScene(t);
    scene.write('root/libs/inner/pyproject.toml', '[project]\nname = "inner"\nversion = "1"\n');
    scene.write('outer/pyproject.toml', '[project]\nname = "outer"\nversion = "1"\n');
    const root = scene.in('root');

    const inner = await edited(root, HEAD, 'add', 'inner @ ./libs/inner');
    const alone = await edited(root, HEAD, 'add', 'inner @ ./libs/inner', '--no-workspace', '--editable');
    const outer = await edited(root, HEAD, 'add', 'outer @ ../outer');

    const members = '[tool.uv.workspace]\nmembers = [\n    "libs/inner",\n]\n';
    const text = (name: string, tables: string): string => `${HEAD}dependencies = [\n    "${name}",\n]\n\n${tables}`;
    assert.equal(inner, text('inner', `${members}\n[tool.uv.sources]\ninner = { workspace = true }\n`));
    assert.equal(alone, text('inner', '[tool.uv.sources]\ninner = { path = "libs/inner", editable = true }\n'));
    assert.equal(outer, text('outer', '[tool.uv.sources]\nouter = { path = "../outer" }\n'));
  });

  test('the requirements of a file, in order', async (t) => {
    const scene = projectScene(t);
    scene.write('requirements.txt', '# all\nz>=2\na ; python_version < "3.10" # note\n');
    assert.equal(
      await edited(scene, LIST, 'add', '-r', 'requirements.txt'),
      LIST.replace('    "b', '    "a ; python_full_version < \'3.10\'",\n    "b').replace(
        '# why\n',
        '# why\n    "z>=2",\n',
      ),
    );
  });

  test('the member of a workspace that is named', async (t) => {
    const scene = projectScene(t);
    scene.write('pyproject.toml', '[tool.uv.workspace]\nmembers = ["*"]\n');
    scene.write('one/pyproject.toml', HEAD.replace('app', 'one'));
    scene.write('two/pyproject.toml', HEAD.replace('app', 'two'));
    const run = await scene.run('add', 'x', 'two', '--package', 'one', '--frozen');
    assert.equal(run.status, 0, run.stderr);
    assert.equal(
      scene.read('one/pyproject.toml'),
      `${HEAD.replace('app', 'one')}dependencies = [\n    "two",\n    "x",\n]\n\n[tool.uv.sources]\ntwo = { workspace = true }\n`,
    );
  });
});

suite('remove --frozen takes out', () => {
  const text = `${LIST}\n[dependency-groups]\ndev = ["c", "d"]\n\n[tool.uv.sources]\nb = { path = "../b" }\nd = { path = "../d" }\n`;

  test('a requirement with its source', async (t) => {
    const after = await edited(projectScene(t), text, 'remove', 'B');
    assert.equal(
      after,
      text.replace('[\n    "b>=1", # why\n]', '[\n    # why\n]').replace('b = { path = "../b" }\n', ''),
    );
  });

  test('all that is named, of a group', async (t) => {
    const after = await edited(projectScene(t), text, 'remove', '--dev', 'c', 'd');
    assert.equal(after, text.replace('["c", "d"]', '[]').replace('d = { path = "../d" }\n', ''));
  });
});

suite('refusals leave the file as it was', () => {
  for (const [title, words, message] of [
    ['add nothing', ['add'], '<PACKAGES|--requirements <REQUIREMENTS>>'],
    ['add the project itself', ['add', 'app'], 'matches project name `app`'],
    [
      'add a reference without repository',
      ['add', 'x', '--rev', '1'],
      '`x` did not resolve to a Git repository, but a Git reference (`--rev 1`)',
    ],
    ['add an editable that is no folder', ['add', 'x', '--editable'], '`x` did not resolve to a local directory'],
    ['add from a `pyproject.toml`', ['add', '-r', 'pyproject.toml'], 'from a `pyproject.toml` is not supported'],
    ['add to an unknown member', ['add', 'x', '--package', 'nope'], 'nope'],
    [
      'add with bounds that are none',
      ['add', 'x', '--bounds', 'tight'],
      "invalid value 'tight' for '--bounds <BOUNDS>'",
    ],
    ['add to two lists', ['add', 'x', '--dev', '--optional', 'web'], 'cannot be used with'],
    ['remove what is not there', ['remove', 'x'], 'The dependency `x` could not be found in `project.dependencies`'],
    ['remove from the wrong list', ['remove', 'b', '--group', 'lint'], '`b` is a production dependency'],
    ['remove from production what is in a group', ['remove', 'c'], '`c` is in the `dev` group'],
  ] as const)
    test(title, async (t) => {
      const scene = projectScene(t);
      const text = `${LIST}\n[dependency-groups]\ndev = ["c"]\n`;
      scene.write('pyproject.toml', text);
      const run = await scene.run(...words, '--frozen');
      assert.equal(run.status, 2);
      assert.ok(run.stderr.includes(message), run.stderr);
      assert.equal(scene.read('pyproject.toml'), text);
    });
});
