/** Settings of files, variables and options in their order of precedence, shown by which index and which version is taken. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import type { CommandRun } from '../support/run-command.ts';
import { projectScene } from '../support/project-scene.ts';
import type { Word } from '../support/venv-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

/** Indexes by the version of `pkg` that each of them has; the second one has an older version as well. */
class Scene {
  readonly folder: string;
  readonly one: string;
  readonly two: string;
  readonly #run: (...words: readonly Word[]) => Promise<CommandRun>;

  constructor(t: TestContext, urls: readonly [string, string]) {
    // A folder below another one, which is the test's too.
    const scene = projectScene(t).in('work');
    this.folder = scene.folder;
    [this.one, this.two] = urls;
    const home = scene.path('home');
    const variables = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CONFIG_DIRS: scene.path('system') };
    this.#run = (...words) => scene.run({ variables }, ...words);
  }

  write(path: string, text: string): void {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text.replaceAll('ONE', this.one).replaceAll('TWO', this.two));
  }

  run(...words: readonly Word[]): Promise<CommandRun> {
    return this.#run(...words.map((word) => (typeof word === 'string' ? this.#named(word) : word)));
  }

  #named(word: string): string {
    return word.replaceAll('ONE', this.one).replaceAll('TWO', this.two);
  }

  /** The version that `pip compile` chooses for `pkg`. */
  async compile(...words: readonly Word[]): Promise<string> {
    this.write('requirements.in', 'pkg\n');
    const run = await this.run('pip', 'compile', 'requirements.in', '--no-annotate', '--no-header', ...words);
    assert.equal(run.status, 0, run.stderr);
    return run.stdout.trim();
  }
}

async function scene(t: TestContext): Promise<Scene> {
  const [one, two] = await Promise.all([
    startLocalIndex({ distributions: [buildWheel({ name: 'pkg', version: '1.0' })] }),
    startLocalIndex({
      distributions: ['2.0', '2.1', '3.0a1'].map((version) => buildWheel({ name: 'pkg', version })),
    }),
  ]);
  t.after(() => Promise.all([one.close(), two.close()]));
  return new Scene(t, [one.url, two.url]);
}

const PROJECT = '[project]\nname = "app"\nversion = "1"\n';

type Files = Readonly<Record<string, string>>;

suite('of several places, the first that says something counts', () => {
  for (const [title, files, words, version] of [
    ['the project', { 'pyproject.toml': `${PROJECT}[tool.uv]\nindex-url = "ONE"\n` }, [], '1.0'],
    [
      '`uv.toml` beside it',
      { 'pyproject.toml': `${PROJECT}[tool.uv]\nindex-url = "ONE"\n`, 'uv.toml': 'index-url = "TWO"\n' },
      [],
      '2.1',
    ],
    ['a folder above', { '../uv.toml': 'index-url = "ONE"\n', 'pyproject.toml': PROJECT }, [], '1.0'],
    ['the person', { 'home/.config/uv/uv.toml': 'index-url = "ONE"\n' }, [], '1.0'],
    ['the machine', { 'system/uv/uv.toml': 'index-url = "ONE"\n' }, [], '1.0'],
    [
      'the project before the person',
      { 'uv.toml': 'index-url = "TWO"\n', 'home/.config/uv/uv.toml': 'index-url = "ONE"\n' },
      [],
      '2.1',
    ],
    [
      'the person before the machine',
      { 'home/.config/uv/uv.toml': 'index-url = "TWO"\n', 'system/uv/uv.toml': 'index-url = "ONE"\n' },
      [],
      '2.1',
    ],
    ['`pip` before the rest', { 'uv.toml': 'index-url = "ONE"\n[pip]\nindex-url = "TWO"\n' }, [], '2.1'],
    ['an option before the project', { 'uv.toml': 'index-url = "ONE"\n' }, ['--index-url', 'TWO'], '2.1'],
    [
      'a default index before an index URL',
      { 'uv.toml': 'index-url = "ONE"\n[[index]]\nurl = "TWO"\ndefault = true\n' },
      [],
      '2.1',
    ],
    [
      'the indexes of options before those of files',
      { 'uv.toml': 'no-index = false\n[[index]]\nurl = "ONE"\n' },
      ['--index', 'TWO'],
      '2.1',
    ],
    ['a resolution strategy', { 'uv.toml': 'index-url = "TWO"\nresolution = "lowest"\n' }, [], '2.0'],
    [
      'an option before a strategy',
      { 'uv.toml': 'index-url = "TWO"\nresolution = "lowest"\n' },
      ['--resolution', 'highest'],
      '2.1',
    ],
    ['a mode for pre-releases', { 'uv.toml': 'index-url = "TWO"\nprerelease = "allow"\n' }, [], '3.0a1'],
    ['one package’s mode', { 'uv.toml': 'index-url = "TWO"\n[prerelease-package]\npkg = "allow"\n' }, [], '3.0a1'],
    ['a constraint', { 'uv.toml': 'index-url = "TWO"\nconstraint-dependencies = ["pkg<2.1"]\n' }, [], '2.0'],
    ['an override', { 'uv.toml': 'index-url = "TWO"\noverride-dependencies = ["pkg==2.0"]\n' }, [], '2.0'],
    [
      'the file that is named',
      { 'uv.toml': 'index-url = "ONE"\n', 'other/my.toml': 'index-url = "TWO"\n' },
      ['--config-file', 'other/my.toml'],
      '2.1',
    ],
  ] as const satisfies readonly (readonly [string, Files, readonly string[], string])[])
    test(title, async (t) => {
      const place = await scene(t);
      for (const [path, text] of Object.entries<string>(files)) place.write(path, text);
      assert.equal(await place.compile(...words), `pkg==${version}`);
    });

  for (const [title, variables, words] of [
    ['a variable comes before files', { UV_RESOLUTION: 'lowest' }, ['--index-url', 'TWO']],
    ['`UV_NO_CONFIG` leaves files out', { UV_NO_CONFIG: '1', UV_DEFAULT_INDEX: 'TWO', UV_RESOLUTION: 'lowest' }, []],
    ['`UV_CONFIG_FILE` names one', { UV_CONFIG_FILE: 'low.toml' }, []],
  ] as const)
    test(title, async (t) => {
      const place = await scene(t);
      place.write('uv.toml', 'index-url = "ONE"\nresolution = "highest"\n');
      place.write('low.toml', 'index-url = "TWO"\nresolution = "lowest"\n');
      const named = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, value === 'TWO' ? place.two : value]),
      );
      assert.equal(await place.compile(...words, { variables: named }), 'pkg==2.0');
    });

  test('the members of a workspace have the settings of its root', async (t) => {
    const place = await scene(t);
    place.write(
      'pyproject.toml',
      `${PROJECT}[tool.uv]\nindex-url = "TWO"\n[tool.uv.workspace]\nmembers = ["member"]\n`,
    );
    place.write('member/pyproject.toml', '[project]\nname = "member"\nversion = "1"\n[tool.uv]\nindex-url = "ONE"\n');
    assert.equal(await place.compile('--project', 'member'), 'pkg==2.1');
  });

  test('lists of several files and of options are joined', async (t) => {
    const place = await scene(t);
    place.write('links/none.html', '');
    place.write('uv.toml', 'no-index = true\nfind-links = ["links"]\n');
    place.write('home/.config/uv/uv.toml', 'find-links = ["../../../more"]\n');
    place.write('more/readme', '');
    writeFileSync(
      join(place.folder, 'more/pkg-9.0-py3-none-any.whl'),
      buildWheel({ name: 'pkg', version: '9.0' }).content,
    );
    assert.equal(await place.compile(), 'pkg==9.0');
  });

  test('`lock` takes indexes and strategies of files, and `add` the bounds', async (t) => {
    const place = await scene(t);
    place.write(
      'pyproject.toml',
      `${PROJECT}requires-python = ">=3.9"\n[tool.uv]\nadd-bounds = "exact"\nresolution = "lowest"\n[[tool.uv.index]]\nurl = "TWO"\ndefault = true\n`,
    );
    const run = await place.run('add', 'pkg', '--no-sync');
    assert.equal(run.status, 0, run.stderr);
    assert.match(readFileSync(join(place.folder, 'pyproject.toml'), 'utf8'), /"pkg==2\.0",/);
  });
});

suite('settings that are wrong', () => {
  for (const [title, file, text, status, message] of [
    [
      'a key that nobody knows is named, and the rest counts',
      'pyproject.toml',
      `${PROJECT}[tool.uv]\nindex-url = "TWO"\nlink-mod = "copy"\n`,
      0,
      /warning: Unknown setting `tool\.uv\.link-mod` in `.*pyproject\.toml`/,
    ],
    [
      'the same in `uv.toml`',
      'uv.toml',
      'index-url = "TWO"\n[pip]\nstrictly = true\n',
      0,
      /warning: Unknown setting `pip\.strictly` in `.*uv\.toml`/,
    ],
    [
      'a value of another kind',
      'uv.toml',
      'offline = "yes"\n',
      2,
      /`offline` in `.*uv\.toml` must be `true` or `false`/,
    ],
    [
      'a word that is none of the choices',
      'uv.toml',
      'resolution = "middle"\n',
      2,
      /invalid value 'middle' for the setting `resolution`/,
    ],
    ['what is no TOML', 'uv.toml', 'x = [\n', 2, /Failed to parse: `.*uv\.toml` at .*uv\.toml:2:1/],
    [
      'a project that is no TOML is named and passed over',
      'pyproject.toml',
      'x = [\n',
      0,
      /warning: Failed to parse `.*pyproject\.toml` during settings discovery/,
    ],
    [
      'what is about projects alone',
      'uv.toml',
      'managed = false\n',
      2,
      /The `managed` field is not allowed in a `uv\.toml` file/,
    ],
    [
      'a release of uv that is another one',
      'uv.toml',
      'required-version = ">=9"\n',
      2,
      /Required uv version `>=9` does not match/,
    ],
  ] as const)
    test(title, async (t) => {
      const place = await scene(t);
      place.write(file, file === 'pyproject.toml' && text.startsWith('x') ? text.replace('x', 'uv') : text);
      place.write('requirements.in', 'pkg\n');
      const run = await place.run('pip', 'compile', 'requirements.in', ...(status === 0 ? ['--index-url', 'TWO'] : []));
      assert.equal(run.status, status, run.stderr);
      assert.match(run.stderr, message);
    });

  test('a configuration file that is named and not there', async (t) => {
    const place = await scene(t);
    const run = await place.run('pip', 'list', '--config-file', 'nope.toml');
    assert.equal(run.status, 2);
    assert.match(run.stderr, /nope\.toml/);
  });

  test('`[tool.uv]` beside a `uv.toml`', async (t) => {
    const place = await scene(t);
    place.write('uv.toml', 'index-url = "TWO"\n');
    place.write('pyproject.toml', `${PROJECT}[tool.uv]\noffline = true\nmanaged = true\n`);
    place.write('requirements.in', 'pkg\n');
    const run = await place.run('pip', 'compile', 'requirements.in');
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /ignored in favor of the `uv\.toml` file:\n- offline\n/);
  });
});
