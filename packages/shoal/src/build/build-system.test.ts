import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRequirement } from '@shoal/packaging';
import { InvalidBuildSystemError } from './build-errors.ts';
import { readBuildSystem } from './build-system.ts';

test('a project without pyproject.toml, without the table, or without a backend is built by legacy setuptools', () => {
  for (const text of [undefined, '', '[project]\nname = "part"', '[build-system]\nrequires = ["setuptools>=40.8.0"]']) {
    const { requires, backend, backendPath } = readBuildSystem(text, 'part');
    assert.equal(backend, 'setuptools.build_meta:__legacy__');
    assert.deepEqual(requires.map(formatRequirement), ['setuptools>=40.8.0']);
    assert.deepEqual(backendPath, []);
  }
});

test('requirements, backend and the folders of an in-tree backend are read', () => {
  const text = '[build-system]\nrequires = ["a>=1", "b"]\nbuild-backend = "own.inner:object"\nbackend-path = ["tools"]';

  const { requires, backend, backendPath } = readBuildSystem(text, 'part');

  assert.deepEqual(requires.map(formatRequirement), ['a>=1', 'b']);
  assert.deepEqual([backend, backendPath], ['own.inner:object', ['tools']]);
});

for (const [claim, text, message] of [
  ['is no TOML', '[build-system', /line 1/],
  ['is no table', 'build-system = 1', /`build-system` is no table/],
  ['has no requires', '[build-system]\nbuild-backend = "own"', /has no `requires`/],
  ['requires no list', '[build-system]\nrequires = "a"', /`build-system\.requires` is no list of strings/],
  ['requires no requirement', '[build-system]\nrequires = ["a >>> 1"]', /`build-system\.requires` holds `a >>> 1`/],
  ['names no object', '[build-system]\nrequires = []\nbuild-backend = "a; b"', /names no Python object/],
  ['leaves the tree', '[build-system]\nrequires = []\nbackend-path = ["../a"]', /leaves the source tree: `\.\.\/a`/],
  ['begins at the root', '[build-system]\nrequires = []\nbackend-path = ["/a"]', /leaves the source tree: `\/a`/],
] as const)
  test(`a build system that ${claim} is an error that says so`, () => {
    assert.throws(
      () => readBuildSystem(text, 'part'),
      (error) => error instanceof InvalidBuildSystemError && message.test(error.message),
    );
  });
