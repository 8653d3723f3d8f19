/** What `pip compile` reads: projects with extras and groups as uv does, and what it refuses in so many words. */
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { assertAsUv, CompileComparison, compiling, type CompileCase } from '../../support/compile-comparison.ts';
import { firstUniverse, secondUniverse } from '../../support/compile-universe.ts';

let comparison: CompileComparison;
before(async () => {
  comparison = await CompileComparison.start(firstUniverse, secondUniverse);
});
after(async () => comparison[Symbol.asyncDispose]());

const project = `[project]
name = 'Demo.App'
version = '1'
requires-python = '>=3.8'
dependencies = ['base', 'demo-app[foo] ; python_version < "3.0"']
[project.optional-dependencies]
foo = ['leaf']
bar = ['win', 'demo_app[foo]']
[dependency-groups]
dev = ['tool', { include-group = 'x' }]
x = ['py']
`;

function ofProject(text: string, ...words: readonly string[]): CompileCase {
  return { words, files: { 'pyproject.toml': text } };
}

test('pip compile reads the dependencies, extras and groups of a project', async (t) => {
  await assertAsUv(t, comparison, [
    ofProject(project, 'pyproject.toml'),
    ofProject(project, 'pyproject.toml', '--annotation-style', 'line'),
    ofProject(project, 'pyproject.toml', '--extra', 'foo'),
    ofProject(project, 'pyproject.toml', '--all-extras'),
    ofProject(project, 'pyproject.toml', '--extra', 'bar', '--universal'),
    ofProject(project, '--group', 'dev'),
    ofProject(project, 'pyproject.toml', '--group', 'dev'),
    { words: ['in.txt', '--group', 'x'], files: { 'in.txt': 'base\n', 'pyproject.toml': project } },
    {
      words: ['--group', 'sub/pyproject.toml:dev'],
      files: { 'sub/pyproject.toml': "[dependency-groups]\ndev = ['leaf']\n" },
    },
  ]);
});

async function refusal(t: TestContext, asked: CompileCase): Promise<string> {
  const ours = await comparison.ours(t, asked);
  assert.equal(ours.status, 2, asked.words.join(' '));
  assert.equal(ours.stdout, '');
  return ours.stderr;
}

const refused: Readonly<Record<string, readonly [CompileCase, RegExp]>> = {
  'no source at all': [{ words: [] }, /required arguments were not provided:\n {2}<SRC_FILE\|--group <GROUP>>/],
  'a file that is missing': [{ words: ['absent.in'] }, /File not found: absent\.in/],
  'an extra without a project': [compiling('base', '--extra', 'x'), /Requesting extras requires a `pyproject\.toml`/],
  'an extra that is missing': [ofProject(project, 'pyproject.toml', '--extra', 'no'), /extra not found: no/],
  'a group that is missing': [ofProject(project, '--group', 'no'), /The dependency group 'no' was not found/],
  'a lockfile as a source': [{ words: ['pylock.toml'], files: { 'pylock.toml': '' } }, /`pylock\.toml` is a lockfile/],
  'a lockfile as output': [compiling('base', '-o', 'pylock.toml'), /format `pylock\.toml` is not available/],
  '--format pylock.toml': [compiling('base', '--format', 'pylock.toml'), /format `pylock\.toml` is not available/],
  '--format of another kind': [compiling('base', '--format', 'x'), /invalid value 'x' for '--format <FORMAT>'/],
  'pyproject.toml as output': [compiling('base', '-o', 'pyproject.toml'), /not a supported output format/],
  '--upgrade-group': [compiling('base', '--upgrade-group', 'dev'), /`--upgrade-group` is not supported/],
  '--link-mode': [compiling('base', '--link-mode', 'copy'), /`--link-mode` has nothing to do/],
  '--torch-backend': [compiling('base', '--torch-backend', 'cpu'), /torch-backend.*not available/],
  '--keyring-provider': [compiling('base', '--keyring-provider', 'subprocess'), /not available in this release/],
  '--reuse-hashes of pip-compile': [compiling('base', '--reuse-hashes'), /`--reuse-hashes` is unsupported/],
  '--universal for one platform': [
    compiling('base', '--universal', '--python-platform', 'linux'),
    /'--universal' cannot be used with '--python-platform <PYTHON_PLATFORM>'/,
  ],
  'a Python that is no version': [compiling('base', '--python-version', 'x'), /'x' for '--python-version/],
  'a platform that is none': [compiling('base', '--python-platform', 'x'), /'x' for '--python-platform/],
  'a date that is none': [compiling('base', '--exclude-newer', 'soon'), /'soon' for '--exclude-newer/],
  'a mode that is none': [compiling('base', '--prerelease-package', 'base=x'), /'base=x' for '--prerelease-package/],
};

for (const [what, [asked, words]] of Object.entries(refused)) {
  test(`pip compile refuses ${what}`, async (t) => {
    assert.match(await refusal(t, asked), words);
  });
}

test('pip compile --no-sources takes projects from the index that `tool.uv.sources` places elsewhere', async (t) => {
  const sourced = `${project}[tool.uv.sources]\nbase = { path = './x' }\n`;

  await assertAsUv(t, comparison, [
    ofProject(sourced, 'pyproject.toml', '--no-sources'),
    ofProject(sourced, 'pyproject.toml', '--no-sources-package', 'base'),
  ]);
});

test('pip compile takes the options of pip-compile that change nothing, and says so', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('leaf', '--allow-unsafe', '--no-reuse-hashes', '--no-emit-trusted-host', '--no-emit-options'),
    compiling('leaf', '--annotate', '--header', '--strip-extras', '--strip-markers', '--no-emit-index-url'),
  ]);
});
