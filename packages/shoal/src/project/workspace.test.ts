import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { normalizeName } from '@shoal/packaging';
import { parseProjectFile } from './project-file.ts';
import { discoverWorkspace, isPackaged, isVirtualRoot, memberPath, type Workspace } from './workspace.ts';

const project = (name: string, rest = ''): string => `[project]\nname = "${name}"\nversion = "1"\n${rest}`;
const workspace = (rest = ''): string => `[tool.uv.workspace]\nmembers = ["packages/*"]\n${rest}`;

/** A folder with these files. */
function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'shoal-test-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function found(t: TestContext, files: Readonly<Record<string, string>>, from = '.'): Workspace {
  const workspace = discoverWorkspace(join(folderOf(t, files), from));
  assert.ok(workspace);
  return workspace;
}

const names = ({ members }: Workspace): readonly string[] => [...members.keys()];

test('a folder without pyproject.toml above it has no workspace', (t) => {
  assert.equal(discoverWorkspace(folderOf(t, {})), undefined);
});

test('a project alone is a workspace of one member', (t) => {
  const alone = found(t, { 'pyproject.toml': project('Some_App'), 'src/x.py': '' }, 'src');

  assert.deepEqual(names(alone), ['some-app']);
  assert.equal(alone.current, alone.root);
  assert.equal(isVirtualRoot(alone), false);
});

test('members are what the patterns find, but for what is excluded or unmanaged', (t) => {
  const all = found(
    t,
    {
      'pyproject.toml': project('root', workspace('exclude = ["packages/out"]\n')),
      'packages/b/pyproject.toml': project('b'),
      'packages/a/pyproject.toml': project('a'),
      'packages/out/pyproject.toml': project('out'),
      'packages/other/pyproject.toml': project('other', '[tool.uv]\nmanaged = false\n'),
      'packages/.hidden/x': '',
      'packages/cache/__pycache__/x': '',
      'packages/file': '',
    },
    'packages/b',
  );

  assert.deepEqual(names(all), ['a', 'b', 'root']);
  assert.equal(all.current.name, 'b');
  assert.equal(memberPath(all, all.current), 'packages/b');
});

test('a project that the workspace above does not name stands alone', (t) => {
  const alone = found(
    t,
    { 'pyproject.toml': project('root', workspace()), 'examples/one/pyproject.toml': project('one') },
    'examples/one',
  );

  assert.deepEqual(names(alone), ['one']);
});

test('a root without [project] is virtual', (t) => {
  const virtual = found(t, { 'pyproject.toml': workspace(), 'packages/a/pyproject.toml': project('a') });

  assert.equal(isVirtualRoot(virtual), true);
  assert.equal(virtual.current, virtual.root);
});

test('what is required by another member is packaged without a build system', (t) => {
  const sources = '[tool.uv.sources]\na = { workspace = true }\n';
  const { members, ...rest } = found(t, {
    'pyproject.toml': project('root', workspace(sources)),
    'packages/a/pyproject.toml': project('a'),
    'packages/b/pyproject.toml': project('b'),
    'packages/c/pyproject.toml': project('c', '[build-system]\nrequires = []\n'),
    'packages/d/pyproject.toml': project('d', '[build-system]\nrequires = []\n[tool.uv]\npackage = false\n'),
  });

  const packaged = [...members.values()].filter((member) => isPackaged({ members, ...rest }, member));
  assert.deepEqual(
    packaged.map(({ name }) => name),
    ['a', 'c'],
  );
});

test('groups are read with what they include, in order', () => {
  const groups = `[dependency-groups]\ndev = ["x", {include-group = "Lint"}]\nlint = ["y>1"]\n[tool.uv]\ndev-dependencies = ["z"]\n`;
  const { dependencyGroups } = parseProjectFile(project('a', groups), '/app/pyproject.toml');

  const dev = dependencyGroups.get(normalizeName('dev'));
  assert.deepEqual(
    dev?.requirements.map(({ name }) => name),
    ['x', 'y', 'z'],
  );
});

const faults: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['is no TOML', { 'pyproject.toml': '[project\n' }, /Failed to parse `.*pyproject.toml` at .*:1:/],
  ['has neither a project nor a workspace', { 'pyproject.toml': '[tool]\n' }, /No `project` table found in/],
  ['is not managed', { 'pyproject.toml': project('a', '[tool.uv]\nmanaged = false\n') }, /marked as unmanaged/],
  [
    'has a member without pyproject.toml',
    { 'pyproject.toml': workspace(), 'packages/a/x.py': '' },
    /is missing a `pyproject.toml` \(matches: `packages\/\*`\)/,
  ],
  [
    'has a workspace inside',
    { 'pyproject.toml': workspace(), 'packages/a/pyproject.toml': project('a', workspace()) },
    /Nested workspaces are not supported/,
  ],
  [
    'has two members of one name',
    {
      'pyproject.toml': workspace(),
      'packages/a/pyproject.toml': project('a'),
      'packages/b/pyproject.toml': project('a'),
    },
    /Two workspace members are both named `a`/,
  ],
  [
    'has groups that include each other',
    {
      'pyproject.toml': project('a', '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}]\n'),
    },
    /Detected a cycle in `dependency-groups`: `a` -> `b` -> `a`/,
  ],
  [
    'has a dependency that is no requirement',
    { 'pyproject.toml': project('a', 'dependencies = ["x=1"]\n') },
    /`project.dependencies` is not valid/,
  ],
  [
    'has sources that overlap',
    { 'pyproject.toml': project('a', '[tool.uv.sources]\nx = [{ path = "a" }, { path = "b" }]\n') },
    /each source must include a platform marker/,
  ],
];

for (const [what, files, message] of faults)
  test(`discoverWorkspace() refuses what ${what}, and names the file`, (t) => {
    const root = folderOf(t, files);
    assert.throws(
      () => discoverWorkspace(root),
      (error: Error) => message.test(error.message) && error.message.includes(relative('/', root)),
    );
  });
