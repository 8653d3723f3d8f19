/** Requirements from `pyproject.toml`, its extras, groups and sources, and from scripts (PEP 723). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import type { PipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const old = buildWheel({ name: 'six', version: '1.16.0' });
const DISTRIBUTIONS = [old, ...['six', 'lib', 'web', 'dev'].map((name) => buildWheel({ name, version: '2.0' }))];

const PROJECT = `[project]
name = "app"
version = "1"
dependencies = ["lib"]
[project.optional-dependencies]
web = ["web"]
more = ["six"]
[dependency-groups]
dev = ["dev", {include-group = "old"}]
old = ["six==1.16.0"]
`;

async function scene(t: TestContext, files: Readonly<Record<string, string>>): Promise<PipScene> {
  const made = await pipScene(t, { distributions: DISTRIBUTIONS });
  for (const [path, content] of Object.entries(files)) made.write(path, content);
  return made;
}

for (const [words, installed] of [
  ['-r pyproject.toml', ['lib==2.0']],
  ['-r pyproject.toml --extra web', ['lib==2.0', 'web==2.0']],
  ['-r pyproject.toml --all-extras', ['lib==2.0', 'six==2.0', 'web==2.0']],
  ['-r pyproject.toml --all-extras --no-all-extras', ['lib==2.0']],
  ['--group dev', ['dev==2.0', 'six==1.16.0']],
  ['--group pyproject.toml:old web', ['six==1.16.0', 'web==2.0']],
] as const)
  test(`pip install ${words} takes ${installed.join(', ')}`, async (t) => {
    const made = await scene(t, { 'pyproject.toml': PROJECT });

    await made.lines(`pip install ${words}`);

    assert.deepEqual(made.installed(), installed);
  });

for (const [words, message] of [
  ['-r pyproject.toml --extra absent', /^error: Requested extra not found: absent\n/],
  ['--group absent', /^error: The dependency group 'absent' was not found/],
  [
    'six --extra web',
    /^error: Requesting extras requires a `pylock\.toml`, `pyproject\.toml`,.*\n\nhint: Use `package\[extra\]` syntax instead\n$/,
  ],
  ['six --all-extras', /^error: Requesting extras requires/],
  ['six -c pyproject.toml', /^error: `pyproject\.toml` holds no constraints/],
  ['-r setup.py', /^error: .*`setup\.py`/],
  ['-r pylock.toml', /^error: `pylock\.toml` is a lockfile \(PEP 751\), which this release cannot install from/],
  ['-r plain.py', /^error: `plain\.py` does not contain inline script metadata\n/],
  [
    '-r open.py',
    /^error: An opening tag \(`# \/\/\/ script`\) was found in `open\.py` \(line 2\) without a closing tag/,
  ],
  ['-r toml.py', /^error: Failed to parse `toml\.py` at toml\.py:2:/],
] as const)
  test(`pip install ${words} is an error that names what is wrong`, async (t) => {
    const made = await scene(t, {
      'pyproject.toml': PROJECT,
      'setup.py': '',
      'pylock.toml': 'lock-version = "1.0"\n',
      'plain.py': 'print(1)\n',
      'open.py': '\n# /// script\n# dependencies = ["six"]\n',
      'toml.py': '# /// script\n# dependencies = [\n# ///\n',
    });

    const { status, stderr } = await made.run(`pip install ${words}`);

    assert.equal(status, 2);
    assert.match(stderr, message);
    assert.deepEqual(made.installed(), []);
  });

const SCRIPT = '#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   "six==1.16.0",\n#\n# ]\n# ///\nprint(1)\n';

test('a script installs what its metadata lists, by its name, by its content, or from standard input', async (t) => {
  const made = await scene(t, { 'tool.py': SCRIPT, tool: SCRIPT });

  const named = await made.run('pip install --dry-run -r tool.py');
  const bare = await made.run('pip install --dry-run -r tool');
  const piped = await made.run('pip install --dry-run -r -', { input: SCRIPT });

  assert.match(named.stderr, / \+ six==1\.16\.0\n$/);
  assert.deepEqual([bare, piped], [named, named]);
});

test('tool.uv.sources has a wheel in place of the index, unless it is ignored', async (t) => {
  const sources = (source: string): string =>
    `${PROJECT.replace('"lib"', '"six"')}[tool.uv.sources]\nsix = ${source}\n`;
  const made = await scene(t, {
    'sub/pyproject.toml': sources(`{ path = "${old.filename}" }`),
    'pyproject.toml': sources('{ index = "x" }'),
  });
  made.write(`sub/${old.filename}`, old.content);

  const path = await made.run('pip install --dry-run -r sub/pyproject.toml');
  const ignored = await made.run('pip install --dry-run --no-sources -r pyproject.toml');
  const named = await made.run('pip install --dry-run --no-sources-package six -r pyproject.toml');
  const index = await made.run('pip install --dry-run -r pyproject.toml');

  assert.match(path.stderr, / \+ six==1\.16\.0 \(from file:.*\/sub\/six-1\.16\.0-py3-none-any\.whl\)\n$/);
  assert.match(ignored.stderr, / \+ six==2\.0\n$/);
  assert.deepEqual(named, ignored);
  assert.equal(index.status, 2);
  assert.match(
    index.stderr,
    /^error: The source of `six` in `pyproject\.toml` \(`tool\.uv\.sources`\) is not available/,
  );
});
