import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { projectScene } from '../support/project-scene.ts';

const HIGHER = "didn't increase the version";

suite('version --bump', () => {
  for (const [before, bumps, after] of [
    ['1.2.3', ['major'], '2.0.0'],
    ['0.2', ['minor'], '0.3'],
    ['1', ['patch'], '1.0.1'],
    ['1!1.2.3+loc', ['minor'], '1!1.3.0+loc'],
    ['1.2.3.post2', ['patch'], '1.2.4'],
    ['1.2.3a4', ['stable'], '1.2.3'],
    ['1.2.3a4', ['alpha'], '1.2.3a5'],
    ['1.2.3.dev5', ['beta'], '1.2.3b1'],
    ['1.2.3a4', ['rc=7'], '1.2.3rc7'],
    ['1.2.3', ['post'], '1.2.3.post1'],
    ['1.2.3.dev5', ['dev'], '1.2.3.dev6'],
    ['1.2.3', ['dev', 'minor=9'], '1.9.0.dev1'],
    ['1.2.3', ['beta', 'patch'], '1.2.4b1'],
    ['1.2.3', ['stable'], HIGHER],
    ['1.2.3', ['rc'], 'you also need to increase a release version component'],
    ['1.2.3a4', ['dev'], 'you also need to increase another version component'],
    ['1.2.3', ['stable', 'dev'], '`--bump stable` cannot be used with another `--bump` value, got: stable, dev'],
    ['1.2.3', ['major', 'patch'], 'Only one release version component'],
    ['1.2.3', ['rc', 'alpha'], 'Only one pre-release version component'],
    ['1.2.3', ['huge'], 'invalid bump component `huge`'],
    ['1.2.3', ['minor=x'], 'invalid numeric value `x` for `--bump minor`'],
    ['1.2.3', ['stable=3'], '`--bump stable` does not accept a value'],
  ] as const)
    test(`${before}, ${bumps.join(' and ')}: ${after}`, async (t) => {
      const scene = projectScene(t);
      scene.write('pyproject.toml', `[project]\nname = "app"\nversion = "${before}"\n`);
      const run = await scene.run('version', '--dry-run', '--short', ...bumps.flatMap((bump) => ['--bump', bump]));
      if (run.status === 0) assert.equal(run.stdout, `${after}\n`);
      else assert.match(run.stderr, new RegExp(after.replaceAll(/[^\w ]/g, String.raw`\$&`)));
      assert.equal(run.status, /^\d/.test(after) ? 0 : 2);
    });
});

suite('version', () => {
  const TEXT = "# top\n[project]\nname = 'My_App'\nversion = '1.2.3' # kept\n";

  test('shows the version, in three formats', async (t) => {
    const scene = projectScene(t);
    scene.write('pyproject.toml', TEXT);
    const outputs = [];
    for (const words of [[], ['--short'], ['--output-format', 'json']])
      outputs.push((await scene.run('version', ...words)).stdout);
    assert.deepEqual(outputs, [
      'my-app 1.2.3\n',
      '1.2.3\n',
      '{\n  "package_name": "my-app",\n  "version": "1.2.3",\n  "commit_info": null\n}\n',
    ]);
  });

  test('sets the version, and nothing else of the file', async (t) => {
    const scene = projectScene(t);
    scene.write('pyproject.toml', TEXT);
    const dry = await scene.run('version', '2.0', '--dry-run');
    assert.deepEqual([dry.stdout, scene.read('pyproject.toml')], ['my-app 1.2.3 => 2.0\n', TEXT]);

    const run = await scene.run('version', '2.0rc1', '--frozen');

    assert.deepEqual([run.status, run.stdout], [0, 'my-app 1.2.3 => 2.0rc1\n']);
    assert.equal(scene.read('pyproject.toml'), TEXT.replace("'1.2.3'", '"2.0rc1"'));
  });

  for (const [title, text, words, message] of [
    ['a word that is a component', TEXT, ['major'], 'did you mean to pass `--bump major`?'],
    ['a version and a bump', TEXT, ['1.0', '--bump', 'major'], "'[VALUE]' cannot be used with '--bump <BUMP[=VALUE]>'"],
    [
      'a dynamic version',
      '[project]\nname = "x"\ndynamic = ["version"]\n',
      [],
      'cannot get or set dynamic project versions',
    ],
    ['a workspace without project', '[tool.uv.workspace]\nmembers = []\n', [], 'No `project` table found in'],
    [
      'a folder without project',
      undefined,
      [],
      'No `pyproject.toml` found in current directory or any parent directory',
    ],
  ] as const)
    test(`refuses ${title}`, async (t) => {
      const scene = projectScene(t);
      if (text !== undefined) scene.write('pyproject.toml', text);
      const run = await scene.run('version', ...words);
      assert.equal(run.status, 2);
      assert.ok(run.stderr.includes(message), run.stderr);
    });
});
