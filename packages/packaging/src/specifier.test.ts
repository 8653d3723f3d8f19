import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidSpecifierError } from './errors.ts';
import {
  allowsPrereleases,
  formatSpecifierSet,
  parseSpecifier,
  parseSpecifierSet,
  specifierContains,
  specifierSetContains,
  tryParseSpecifierSet,
} from './specifier.ts';
import { parseVersion } from './version.ts';

test('specifierContains() follows the rules of PEP 440 that are easily missed', () => {
  const answers: readonly (readonly [string, string, boolean])[] = [
    ['==1.0', '1.0+local', true],
    ['==1.0+local', '1.0', false],
    ['==1.1.*', '1.1.dev1', true],
    ['==1.1.*', '1.1a1.post2', true],
    ['==1.1.*', '1.10', false],
    ['==1!1.*', '1.0', false],
    ['!=1.1.*', '1.1rc1', false],
    ['~=2.2.post3', '2.9', true],
    ['~=2.2.post3', '2.2.post2', false],
    ['~=1.4.5a4', '1.5', false],
    ['>1.7', '1.7.post1', false],
    ['>1.7.post2', '1.7.post3', true],
    ['>1.7', '1.7+local', false],
    ['<1.0', '1.0rc1', false],
    ['<1.0rc2', '1.0rc1', true],
    ['<=1.0', '1.0+local', true],
    ['===1.0', '1.0.0', false],
    ['===1.0', 'v1.0', true],
  ];
  for (const [specifier, version, expected] of answers)
    assert.equal(
      specifierContains(parseSpecifier(specifier), parseVersion(version)),
      expected,
      `${version} ${specifier}`,
    );
});

test('a set holds what all of its specifiers hold, the empty set holds everything', () => {
  const set = parseSpecifierSet(' >= 1.0-RC1 , <2, !=1.5.* ,');
  assert.equal(formatSpecifierSet(set), '>=1.0rc1,<2,!=1.5.*');
  const held = ['1.0rc1', '1.4', '1.5.2', '2.0'].map((text) => specifierSetContains(set, parseVersion(text)));
  assert.deepEqual(held, [true, true, false, false]);
  assert.equal(specifierSetContains(set, parseVersion('1.0rc1'), { prereleases: false }), false);
  assert.equal(specifierSetContains(parseSpecifierSet(''), parseVersion('0.dev0')), true);
});

test('allowsPrereleases() when one is named, but not to exclude it or its series', () => {
  const answers = {
    '>=1.0rc1': true,
    '==1.0.dev1': true,
    '~=1.0a1': true,
    '!=1.0rc1': false,
    '<2': false,
    '==1.*': false,
  };
  for (const [text, expected] of Object.entries(answers))
    assert.equal(allowsPrereleases(parseSpecifierSet(text)), expected, text);
});

test('parseSpecifierSet() marks the specifier at fault', () => {
  const faults: readonly (readonly [string, number, number])[] = [
    ['>=1, <x', 5, 2],
    ['1.0', 0, 3],
    ['>=1.*', 0, 5],
    ['~=1', 0, 3],
    ['>1.0+a', 0, 6],
    ['==1.0rc1.*', 0, 10],
  ];
  for (const [text, position, length] of faults) {
    assert.equal(tryParseSpecifierSet(text), undefined);
    assert.throws(
      () => parseSpecifierSet(text),
      (error) => error instanceof InvalidSpecifierError && error.position === position && error.length === length,
      text,
    );
  }
});
