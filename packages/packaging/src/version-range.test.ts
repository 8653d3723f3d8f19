import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { arbitrarySpecifierSetText, arbitraryVersionText } from '../../../tests/support/arbitrary-version.ts';
import { formatRange } from './format-range.ts';
import { simplifyRange } from './simplify-range.ts';
import { rangeOfSpecifier, rangeOfSpecifierSet, releaseRangeOfSpecifierSet } from './specifier-range.ts';
import { parseSpecifier, parseSpecifierSet } from './specifier.ts';
import {
  areRangesDisjoint,
  complementRange,
  emptyRange,
  fullRange,
  intersectRanges,
  isEmptyRange,
  isFullRange,
  isSubrange,
  rangeAtLeast,
  rangeAtMost,
  rangeContains,
  rangeIntervals,
  rangeOfIntervals,
  rangeOfVersions,
  rangesEqual,
  rangeStrictlyAbove,
  rangeStrictlyBelow,
  singleVersionRange,
  uniteRanges,
  type VersionRange,
} from './version-range.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

const range = (text: string): VersionRange => rangeOfSpecifierSet(parseSpecifierSet(text));
const version = fc
  .oneof(
    arbitraryVersionText,
    fc.constantFrom(
      '0.dev0',
      '0',
      '0+a',
      '1.dev0',
      '1a0.dev0',
      '1a1',
      '1a1.post1',
      '1a2.dev0',
      '1',
      '1+a',
      '1.post0.dev0',
      '1.post0',
      '1.post1.dev0',
      '1.0.1.dev0',
      '2.dev0',
    ),
  )
  .map(parseVersion);
const neighbours = fc.constantFrom(
  '<=1',
  '>=1.post0.dev0',
  '<1',
  '>=1.dev0',
  '<0',
  '>=0.dev0',
  '>1a1',
  '<1a2.dev0',
  '>1.post1',
  '>=1.post2.dev0',
  '<=1.dev3',
  '>=1.dev4',
  '==0.*',
  '!=1',
);
const simpleRange = fc.oneof(
  fc.oneof(arbitrarySpecifierSetText, neighbours).map(range),
  version.map(singleVersionRange),
  fc.constantFrom(emptyRange, fullRange),
);
const anyRange: fc.Arbitrary<VersionRange> = fc.oneof(
  simpleRange,
  fc.tuple(simpleRange, simpleRange).map(([a, b]) => uniteRanges(a, b)),
  fc.tuple(simpleRange, simpleRange).map(([a, b]) => intersectRanges(a, complementRange(b))),
);
const versions = fc.array(version, { minLength: 1, maxLength: 12 });

test('intersectRanges(), uniteRanges() and complementRange() hold a version when its membership in the operands says so', () => {
  fc.assert(
    fc.property(anyRange, anyRange, versions, (a, b, candidates) => {
      for (const candidate of candidates) {
        const [inA, inB] = [rangeContains(a, candidate), rangeContains(b, candidate)];
        assert.equal(rangeContains(intersectRanges(a, b), candidate), inA && inB);
        assert.equal(rangeContains(uniteRanges(a, b), candidate), inA || inB);
        assert.equal(rangeContains(complementRange(a), candidate), !inA);
      }
    }),
    { numRuns: 1000 },
  );
});

test('isSubrange(), areRangesDisjoint() and rangesEqual() agree with the algebra, and no member contradicts them', () => {
  fc.assert(
    fc.property(anyRange, anyRange, versions, (a, b, candidates) => {
      assert.equal(isSubrange(a, b), isEmptyRange(intersectRanges(a, complementRange(b))));
      assert.equal(areRangesDisjoint(a, b), isEmptyRange(intersectRanges(a, b)));
      assert.equal(rangesEqual(a, b), isSubrange(a, b) && isSubrange(b, a));
      assert.ok(isFullRange(uniteRanges(a, complementRange(a))));
      assert.ok(isEmptyRange(intersectRanges(a, complementRange(a))));
      assert.ok(rangesEqual(a, complementRange(complementRange(a))));
      for (const candidate of candidates) {
        const [inA, inB] = [rangeContains(a, candidate), rangeContains(b, candidate)];
        if (inA && !inB) assert.ok(!isSubrange(a, b));
        if (inA && inB) assert.ok(!areRangesDisjoint(a, b));
        if (inA !== inB) assert.ok(!rangesEqual(a, b));
      }
    }),
    { numRuns: 1000 },
  );
});

test('isEmptyRange() sees that no version lies between two places that are spelled differently', () => {
  for (const text of [
    '<=1,>=1.post0.dev0',
    '>=1.dev0,<1',
    '<0',
    '>1a1,<1a2.dev0',
    '>1.post1,<1.post2.dev0',
    '>1.dev3,<1.dev4',
    '<1,>1',
    '>=2,<1',
    '==1,==2',
  ]) {
    assert.ok(isEmptyRange(range(text)), text);
  }
  assert.ok(isFullRange(uniteRanges(range('<=1'), range('>=1.post0.dev0'))));
  assert.ok(isFullRange(uniteRanges(range('<1'), range('>=1.dev0'))));
  assert.ok(isFullRange(range('>=0.dev0')));
  assert.ok(!isEmptyRange(range('>=1,<1.0.0.1')));
});

/** Sentence of PEP 440, specifier, matching versions, others. */
const SENTENCES: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['~= V.N is >= V.N, == V.*', '~=2.2.post3', ['2.2.post3', '2.3', '2.99+x'], ['2.2', '2.2.post2', '3.dev0', '3']],
  [
    'if a pre-release is named, then the suffix MUST be ignored when determining the required prefix match',
    '~=1.4.5a4',
    ['1.4.5a4', '1.4.9'],
    ['1.4.5a3', '1.5.dev0'],
  ],
  [
    'the public version identifier of a candidate is compared when the specifier has no local version label',
    '==1.0',
    ['1.0', '1', '1.0+local'],
    ['1.0.post1', '1.0rc1', '1.0.1'],
  ],
  [
    'local versions must match exactly when the specifier has a local version label',
    '==1.0+a',
    ['1.0+A'],
    ['1.0', '1.0+b', '1.0+a.1'],
  ],
  [
    'a prefix match ignores what follows the prefix',
    '==1.1.*',
    ['1.1', '1.1.post1', '1.1a1', '1.1.dev0', '1.1.7+x'],
    ['1.10', '1.2.dev0', '1'],
  ],
  [
    '<V MUST NOT allow a pre-release of V unless V is a pre-release',
    '<3.1',
    ['3.0', '3.0.9.post1'],
    ['3.1.dev0', '3.1rc1', '3.1'],
  ],
  ['<V allows earlier pre-releases when V is a pre-release', '<3.1rc2', ['3.1rc1', '3.1.dev0'], ['3.1rc2', '3.1']],
  [
    '>V MUST NOT allow a post-release of V unless V is a post-release',
    '>1.7',
    ['1.7.1', '1.7.0.1', '1.8.dev0'],
    ['1.7', '1.7.0.post1', '1.7+x'],
  ],
  [
    '>V allows later post-releases when V is a post-release',
    '>1.7.post2',
    ['1.7.post3', '1.7.1'],
    ['1.7.post2', '1.7.post2+x', '1.7.0'],
  ],
  ['>V MUST NOT match a local version of V', '>1.0', ['1.0.1'], ['1.0+local']],
  ['<=V allows the local versions of V', '<=1.0', ['1.0', '1.0+local', '1.0rc1'], ['1.0.post0.dev0', '1.0.1']],
  ['!=V excludes the local versions of V', '!=1.0', ['1.0.post1', '1.0rc1', '2'], ['1.0', '1.0.0+local']],
  [
    'numbers beyond 2^53 are exact',
    '==1.9007199254740993.*',
    ['1.9007199254740993.1'],
    ['1.9007199254740992', '1.9007199254740994'],
  ],
];

for (const [sentence, specifier, matching, others] of SENTENCES) {
  test(`rangeOfSpecifier('${specifier}'): ${sentence}`, () => {
    const allowed = rangeOfSpecifier(parseSpecifier(specifier));

    for (const text of matching) assert.ok(rangeContains(allowed, parseVersion(text)), text);
    for (const text of others) assert.ok(!rangeContains(allowed, parseVersion(text)), text);
  });
}

test('releaseRangeOfSpecifierSet() takes versions for releases, when they are those of Python', () => {
  const pythons = ['3.8', '3.9.0', '3.9.7', '3.10.0', '3.11', '4.0'].map(parseVersion);
  const held = (text: string): string[] =>
    pythons
      .filter((python) => rangeContains(releaseRangeOfSpecifierSet(parseSpecifierSet(text)), python))
      .map(({ text: spelled }) => spelled);

  assert.deepEqual(held('>=3.9,<3.11'), ['3.9.0', '3.9.7', '3.10.0']);
  assert.deepEqual(held('>3.9,<=3.11'), ['3.9.7', '3.10.0', '3.11']);
  assert.deepEqual(held('==3.9'), ['3.9.0']);
  assert.deepEqual(held('!=3.9.*'), ['3.8', '3.10.0', '3.11', '4.0']);
  assert.deepEqual(held('~=3.10'), ['3.10.0', '3.11']);
  assert.deepEqual(held('>=3.10rc1,!=3.11'), ['3.10.0', '4.0']);
});

test('formatRange() prints ranges as uv does in its error messages', () => {
  const printed: readonly (readonly [string, string])[] = [
    ['>=1.0,<2.0', '>=1.0,<2.0'],
    ['==1.0', '==1.0'],
    ['===1.0', '==1.0'],
    ['==1.0+local', '==1.0+local'],
    ['==0.*', '==0.*'],
    ['==1.2.*', '==1.2.*'],
    ['~=1.4.2', '>=1.4.2,<1.5.dev0'],
    ['!=901,>=900', '>=900,<901 | >901'],
    ['!=900.*,>=800', '>=800,<900.dev0 | >=901.dev0'],
    ['<1.0.post1', '<1.0.post1.dev0'],
    ['>900.dev3', '>=900.dev4'],
    ['>900.post1', '>900.post1'],
    ['<=0.1', '<=0.1'],
    ['<0.1rc1', '<0.1rc1'],
    ['>1,<1', '∅'],
    ['', '*'],
  ];
  for (const [text, expected] of printed) assert.equal(formatRange(range(text)), expected);
});

test('simplifyRange() holds the same of the given versions, in no more intervals', () => {
  fc.assert(
    fc.property(anyRange, versions, (a, candidates) => {
      const simple = simplifyRange(a, candidates);
      for (const candidate of candidates) assert.equal(rangeContains(simple, candidate), rangeContains(a, candidate));
      assert.ok(rangeIntervals(simple).length <= rangeIntervals(a).length);
    }),
    { numRuns: 500 },
  );
  const known = ['1', '1.1', '2', '3'].map(parseVersion);
  assert.equal(formatRange(simplifyRange(rangeOfVersions(known.slice(0, 3)), known)), '<=2');
  assert.equal(formatRange(simplifyRange(rangeOfVersions(known.slice(1, 3)), known)), '>=1.1,<=2');
  assert.equal(simplifyRange(singleVersionRange(parseVersion('2')), [parseVersion('2')]).cuts.length, 2);
});

test('rangeOfIntervals() undoes rangeIntervals(), and the plain constructors follow the order of versions', () => {
  fc.assert(
    fc.property(anyRange, version, version, (a, v, other: Version) => {
      assert.ok(rangesEqual(rangeOfIntervals(rangeIntervals(a)), a));
      const order = compareVersions(other, v);
      assert.equal(rangeContains(rangeAtLeast(v), other), order >= 0);
      assert.equal(rangeContains(rangeAtMost(v), other), order <= 0);
      assert.equal(rangeContains(rangeStrictlyAbove(v), other), order > 0);
      assert.equal(rangeContains(rangeStrictlyBelow(v), other), order < 0);
      assert.equal(rangeContains(rangeOfVersions([v, other, v]), other), true);
    }),
  );
});
