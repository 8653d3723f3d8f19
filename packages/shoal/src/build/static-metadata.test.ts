import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staticPkgInfo, staticProject } from './static-metadata.ts';

const pkgInfo = (version: string, ...lines: readonly string[]): string =>
  [`Metadata-Version: ${version}`, 'Name: part', 'Version: 1.0', ...lines, ''].join('\n');

test('PKG-INFO is trusted from metadata 2.2 on, when no field that decides is dynamic', () => {
  for (const text of [pkgInfo('2.2'), pkgInfo('2.4', 'Dynamic: license', 'Requires-Dist: a')])
    assert.equal(staticPkgInfo(text), text);
  for (const text of [
    pkgInfo('2.1'),
    pkgInfo('1.2'),
    pkgInfo('3.0'),
    pkgInfo('2.2', 'Dynamic: Requires-Dist'),
    'no metadata',
  ])
    assert.equal(staticPkgInfo(text), undefined, text);
});

test('[project] with all that resolving needs is metadata without a build', () => {
  const text = `[project]
name = "part"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["a>=1", "b; os_name == 'nt'"]

[project.optional-dependencies]
More_Of = ["c", "d; sys_platform == 'linux'"]
`;

  assert.deepEqual(staticProject(text)?.trimEnd().split('\n'), [
    'Metadata-Version: 2.4',
    'Name: part',
    'Version: 1.0',
    'Requires-Python: >=3.9',
    'Requires-Dist: a>=1',
    "Requires-Dist: b ; os_name == 'nt'",
    'Provides-Extra: more-of',
    "Requires-Dist: c ; extra == 'more-of'",
    "Requires-Dist: d ; sys_platform == 'linux' and extra == 'more-of'",
  ]);
});

for (const [claim, text] of [
  ['no table', ''],
  ['no version', '[project]\nname = "part"'],
  ['a dynamic version', '[project]\nname = "part"\nversion = "1"\ndynamic = ["version"]'],
  ['dynamic dependencies', '[project]\nname = "part"\nversion = "1"\ndynamic = ["dependencies"]'],
  ['an invalid version', '[project]\nname = "part"\nversion = "one"'],
  ['an invalid dependency', '[project]\nname = "part"\nversion = "1"\ndependencies = ["a >>> 1"]'],
  ['a dependency that is no text', '[project]\nname = "part"\nversion = "1"\ndependencies = [1]'],
  ['no TOML', '[project'],
] as const)
  test(`${claim}: only a build can tell`, () => {
    assert.equal(staticProject(text), undefined);
  });
