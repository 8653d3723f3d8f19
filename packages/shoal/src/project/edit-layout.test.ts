/** Layouts in which lists, sources and indexes are left: those in which uv leaves them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { normalizeName, parseRequirement } from '@shoal/packaging';
import { addRequirement, removeRequirement, setSpecifiers } from './edit-dependencies.ts';
import type { DependencyPlace, EditTarget } from './dependency-place.ts';
import { addIndex } from './edit-indexes.ts';
import { addWorkspaceMember, removeUnusedSource, setSource } from './edit-sources.ts';
import { TomlDocument } from './edit-toml/toml-document.ts';

const PRODUCTION: DependencyPlace = { kind: 'production' };

function edited(text: string, edit: (target: EditTarget) => void, isScript = false): string {
  const target = { document: new TomlDocument(text), isScript };
  edit(target);
  return target.document.text;
}

function add(text: string, written: string, place = PRODUCTION): string {
  return edited(text, (target) =>
    addRequirement(target, place, { requirement: parseRequirement(written), text: written, hasSource: false }),
  );
}

suite('addRequirement()', () => {
  for (const [title, before, written, after] of [
    ['one line becomes many', 'dependencies = ["a", "c"]', 'b', 'dependencies = [\n    "a",\n    "b",\n    "c",\n]'],
    ['an empty list', 'dependencies = []', 'b', 'dependencies = [\n    "b",\n]'],
    [
      'indentation, and a comment at the end of a line',
      'dependencies = [\n  "a", # one\n  "c",\n]',
      'b',
      'dependencies = [\n  "a", # one\n  "b",\n  "c",\n]',
    ],
    [
      'a comment on its own line goes with what follows',
      'dependencies = [\n\t# first\n\t"b",\n]',
      'a',
      'dependencies = [\n\t"a",\n\t# first\n\t"b",\n]',
    ],
    [
      'a comment beside the bracket',
      'dependencies = [ # all\n    "b",\n]',
      'a',
      'dependencies = [ # all\n    "a",\n    "b",\n]',
    ],
    [
      'a list in no order gets it at its end',
      'dependencies = ["c", "a"]',
      'b',
      'dependencies = [\n    "c",\n    "a",\n    "b",\n]',
    ],
    [
      'an entry of that name keeps its extras, and gets the new version',
      'dependencies = ["A.b[x]<2"]',
      'a-b[w]>=3',
      'dependencies = [\n    "a-b[w,x]>=3",\n]',
    ],
  ] as const)
    test(title, () => {
      const text = (list: string): string => `[project]\nname = "app"\n${list}\n`;
      assert.equal(add(text(before), written), text(after));
    });

  test('refuses to choose between two entries of that name', () => {
    assert.throws(() => add('[project]\ndependencies = ["a<1", "a>2"]\n', 'a'), { code: 'AMBIGUOUS_REQUIREMENT' });
  });

  test('puts a new group in the order of the groups, and before what includes others', () => {
    const place: DependencyPlace = { kind: 'group', name: normalizeName('lint') };
    const groups = '[dependency-groups]\ndev = []\n# about tests\ntest = [{include-group = "dev"}]\n';
    assert.equal(
      add(groups, 'a', place),
      '[dependency-groups]\ndev = []\nlint = [\n    "a",\n]\n# about tests\ntest = [{include-group = "dev"}]\n',
    );
  });

  test('writes the list of a script at its top', () => {
    const before = 'requires-python = ">=3.9"\n\n[tool.uv]\nmanaged = true\n';
    const after = 'requires-python = ">=3.9"\ndependencies = [\n    "a",\n]\n\n[tool.uv]\nmanaged = true\n';
    const requirement = parseRequirement('a');
    assert.equal(
      edited(
        before,
        (target) => addRequirement(target, PRODUCTION, { requirement, text: 'a', hasSource: false }),
        true,
      ),
      after,
    );
  });
});

test('setSpecifiers() changes the one entry, and no layout', () => {
  const before = '[project]\ndependencies = ["a", "b[x] ; os_name == \'nt\'"]\n';
  const specifiers = parseRequirement('b>=1,<2').specifiers;
  assert.equal(
    edited(before, (target) => setSpecifiers(target, PRODUCTION, { index: 1, specifiers })),
    '[project]\ndependencies = ["a", "b[x]>=1,<2 ; os_name == \'nt\'"]\n',
  );
});

suite('removing', () => {
  test('removeRequirement() keeps comments that may be about others', () => {
    const before = '[project]\ndependencies = [\n    "a", # about a\n    # about b\n    "b",\n    "c",\n]\n';
    const after = '[project]\ndependencies = [\n    "a", # about a\n    # about b\n    "c",\n]\n';
    assert.equal(
      edited(before, (target) => removeRequirement(target, PRODUCTION, normalizeName('b'))),
      after,
    );
  });

  test('removeUnusedSource() removes the table with its last source, but no source that is in use', () => {
    const text = '[project]\ndependencies = ["a"]\n\n[tool.uv.sources]\na = { workspace = true }\n\n[tool.x]\ny = 1\n';
    const name = normalizeName('a');
    assert.equal(
      edited(text, (target) => removeUnusedSource(target, name)),
      text,
    );
    const without = edited(text, (target) => {
      removeRequirement(target, PRODUCTION, name);
      removeUnusedSource(target, name);
    });
    assert.equal(without, '[project]\ndependencies = []\n\n[tool.x]\ny = 1\n');
  });
});

suite('sources, indexes and members', () => {
  test('setSource() writes the fields in order, and replaces the source of that name', () => {
    const before = '[tool.uv.sources]\nA-b = { path = "x" }\nc = { path = "y" }\n';
    assert.equal(
      edited(before, (target) => setSource(target, normalizeName('a.b'), { git: 'https://git.test/a', tag: '1' })),
      '[tool.uv.sources]\nc = { path = "y" }\na-b = { git = "https://git.test/a", tag = "1" }\n',
    );
  });

  test('setSource() refuses sources that are an inline table', () => {
    assert.throws(
      () => edited('[tool.uv]\nsources = {}\n', (target) => setSource(target, normalizeName('a'), { path: 'x' })),
      { code: 'MALFORMED_PROJECT' },
    );
  });

  test('addIndex() puts the index first, and keeps what else is said of one that it replaces', () => {
    const before =
      '[[tool.uv.index]]\nname = "one"\nurl = "https://one.test/"\n\n# second\n[[tool.uv.index]]\nurl = "https://two.test" # here\nexplicit = true\n';
    const after =
      '# second\n[[tool.uv.index]]\nurl = "https://two.test" # here\nexplicit = true\nname = "two"\n\n[[tool.uv.index]]\nname = "one"\nurl = "https://one.test/"\n';
    assert.equal(
      edited(before, (target) => addIndex(target, { name: 'two', url: 'https://two.test', isDefault: false }, '/')),
      after,
    );
  });

  test('addWorkspaceMember() makes the list, and adds to one that is there', () => {
    const before = '[project]\nname = "app"\n';
    const one = edited(before, (target) => addWorkspaceMember(target, 'packages/a'));
    assert.equal(one, `${before}\n[tool.uv.workspace]\nmembers = [\n    "packages/a",\n]\n`);
    const two = edited(one, (target) => addWorkspaceMember(target, 'b'));
    assert.equal(two, `${before}\n[tool.uv.workspace]\nmembers = [\n    "packages/a",\n    "b",\n]\n`);
  });
});
