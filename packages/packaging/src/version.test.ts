import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { arbitraryVersionText } from '../../../tests/support/arbitrary-version.ts';
import { InvalidVersionError } from './errors.ts';
import {
  baseVersion,
  compareVersions,
  formatVersion,
  isLocal,
  isPostrelease,
  isPrerelease,
  parseVersion,
  publicVersion,
  tryParseVersion,
  versionsEqual,
} from './version.ts';

/** PEP 440, "Summary of permitted suffixes and relative ordering", with the cases that trip sorters. */
const ASCENDING = [
  '0.dev0',
  '0',
  '1.dev0',
  '1.0.dev456',
  '1.0.dev456+local',
  '1.0a1.dev1',
  '1.0a1',
  '1.0a1+x',
  '1.0a1.post0.dev2',
  '1.0a1.post2',
  '1.0a2.dev456',
  '1.0a12',
  '1.0b1.dev456',
  '1.0b2',
  '1.0b2.post345.dev456',
  '1.0b2.post345',
  '1.0rc1.dev456',
  '1.0rc1',
  '1.0',
  '1.0+a',
  '1.0+a.b',
  '1.0+abc',
  '1.0+abc.5',
  '1.0+abc.7',
  '1.0+0',
  '1.0+5',
  '1.0+5.a',
  '1.0+10',
  '1.0.post456.dev34',
  '1.0.post456',
  '1.0.1.dev1',
  '1.0.15',
  '1.1.dev1',
  '1.2',
  '1.16383',
  '1.16384',
  '1.16384.1',
  '2',
  '10',
  '20240101',
  '33554431.5',
  '33554432',
  '9007199254740992',
  '9007199254740993',
  '123456789012345678901234567890',
  '1!0.dev0',
  '1!1',
  '2!0',
];

test('compareVersions() sorts the versions of PEP 440 and numbers of any size', () => {
  const versions = ASCENDING.map(parseVersion);

  for (const [i, a] of versions.entries()) {
    for (const [j, b] of versions.entries()) {
      assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a.text} and ${b.text}`);
    }
  }
});

test('parseVersion() takes the spellings of PEP 440 for one version', () => {
  const spellings: readonly (readonly [string, string])[] = [
    ['v1.0', '1.0'],
    [' 1.0\n', '1.0'],
    ['1.1RC1', '1.1rc1'],
    ['01.010', '1.10'],
    ['1.1-a.1', '1.1a1'],
    ['1.1alpha1', '1.1a1'],
    ['1.1_beta_2', '1.1b2'],
    ['1.1c3', '1.1rc3'],
    ['1.1pre', '1.1rc0'],
    ['1.1preview4', '1.1rc4'],
    ['1.2-post2', '1.2.post2'],
    ['1.2r', '1.2.post0'],
    ['1.0-1', '1.0.post1'],
    ['1.2.rev3', '1.2.post3'],
    ['1.2dev', '1.2.dev0'],
    ['1.0+Ubuntu-1_01', '1.0+ubuntu.1.1'],
    ['0!1.0', '1.0'],
    ['01!1', '1!1'],
  ];
  for (const [written, normalized] of spellings) assert.equal(formatVersion(parseVersion(written)), normalized);
});

test('parseVersion() gives the parts of a version', () => {
  const version = parseVersion('2!1.0.3rc4.post5.dev6+deb.7');

  const { epoch, release, pre, post, dev, local } = version;
  assert.deepEqual(
    { epoch, release, pre, post, dev, local },
    { epoch: 2, release: [1, 0, 3], pre: { kind: 'rc', number: 4 }, post: 5, dev: 6, local: ['deb', 7] },
  );
  assert.equal(formatVersion(publicVersion(version)), '2!1.0.3rc4.post5.dev6');
  assert.equal(formatVersion(baseVersion(version)), '2!1.0.3');
  assert.deepEqual([isPrerelease(version), isPostrelease(version), isLocal(version)], [true, true, true]);
  assert.deepEqual(
    [isPrerelease(parseVersion('1')), isPostrelease(parseVersion('1')), isLocal(parseVersion('1'))],
    [false, false, false],
  );
  assert.ok(versionsEqual(parseVersion('1.0'), parseVersion('1')));
});

test('parseVersion() says what is wrong in the words of uv, when the text is no version', () => {
  const complaints: readonly (readonly [string, string])[] = [
    ['', 'expected version to start with a number, but no leading ASCII digits were found'],
    ['french toast', 'expected version to start with a number, but no leading ASCII digits were found'],
    ['1.x', 'after parsing `1`, found `.x`, which is not part of a valid version'],
    ['1.0a1b', 'after parsing `1.0a1`, found `b`, which is not part of a valid version'],
    [
      '1!',
      'expected version to have a non-empty release component after an epoch, but no ASCII digits after the epoch were found',
    ],
    [
      '1.0+',
      'found a `+` indicating the start of a local component in a version, but did not find any alphanumeric ASCII segment following the `+`',
    ],
    [
      '1.0+a.*',
      'found a `.` indicating the start of a local component in a version, but did not find any alphanumeric ASCII segment following the `.`',
    ],
  ];
  for (const [text, message] of complaints) {
    assert.equal(tryParseVersion(text), undefined);
    assert.throws(
      () => parseVersion(text),
      (error) => error instanceof InvalidVersionError && error.message === message,
    );
  }
});

test('formatVersion() gives a spelling that parses to the same version and formats to itself', () => {
  fc.assert(
    fc.property(arbitraryVersionText, (text) => {
      const version = parseVersion(text);
      const spelled = formatVersion(version);
      assert.ok(versionsEqual(parseVersion(spelled), version));
      assert.equal(formatVersion(parseVersion(spelled)), spelled);
    }),
  );
});
