/** Versions and specifiers held to the answers of Python's `packaging`, in large batches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  allowsPrereleases,
  baseVersion,
  compareVersions,
  formatVersion,
  intersectRanges,
  isEmptyRange,
  isLocal,
  isPostrelease,
  isPrerelease,
  parseSpecifier,
  parseSpecifierSet,
  parseVersion,
  publicVersion,
  rangeContains,
  rangeOfSpecifierSet,
  specifierContains,
  specifierSetContains,
  tryParseSpecifierSet,
  tryParseVersion,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { arbitrarySpecifierSetText, arbitraryVersionText } from '../support/arbitrary-version.ts';
import { askPython } from '../support/ask-python.ts';
import { popularProjects } from '../support/popular-projects.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { randomSeed } from '../support/random-seed.ts';

const COUNT = 20_000;
const seed = randomSeed();
const lines = popularProjects().flatMap(({ requiresDist }) => requiresDist);

/** Versions that real requirements name. */
const realVersions = [...new Set(lines.flatMap((line) => line.match(/(?<=[=<>])\s*\d[\w.!+]*/g) ?? []))].filter(
  (text) => tryParseVersion(text) !== undefined,
);
const versionText = fc.oneof(
  { weight: 3, arbitrary: arbitraryVersionText },
  { weight: 1, arbitrary: fc.constantFrom(...realVersions) },
);

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}

test('compareVersions() and formatVersion() answer as packaging, for 20,000 pairs of versions', async () => {
  const pairs = sample(fc.tuple(versionText, versionText), COUNT);

  const theirs = await askPython<[number, string, boolean][]>(
    'from packaging.version import Version as V\nanswer = [[(V(a) > V(b)) - (V(a) < V(b)), str(V(a)), V(a).is_prerelease] for a, b in data]',
    pairs,
  );

  const ours = pairs.map(([a, b]) => [
    Math.sign(compareVersions(parseVersion(a), parseVersion(b))),
    formatVersion(parseVersion(a)),
    isPrerelease(parseVersion(a)),
  ]);
  assertSameAnswers(ours, theirs, { questions: pairs, seed });
});

test('the parts of 5,000 versions are those of packaging', async () => {
  const texts = sample(versionText, 5000);

  const theirs = await askPython<unknown[]>(
    `
from packaging.version import Version
def row(text):
    v = Version(text)
    return [v.public, v.base_version, v.local, v.is_postrelease, v.pre and v.pre[0], len(v.release), v.dev is not None]
answer = [row(text) for text in data]`,
    texts,
  );

  const ours = texts.map((text) => {
    const version = parseVersion(text);
    const { pre, release, dev } = version;
    const [shown, local] = formatVersion(version).split('+');
    assert.equal(isLocal(version), local !== undefined);
    assert.equal(formatVersion(publicVersion(version)), shown);
    return [
      shown,
      formatVersion(baseVersion(version)),
      local ?? null,
      isPostrelease(version),
      pre?.kind ?? null,
      release.length,
      dev !== undefined,
    ];
  });
  assertSameAnswers(ours, theirs, { questions: texts, seed });
});

test('=== compares as packaging does, for 5,000 pairs of spellings', async () => {
  const spelling = fc.oneof(
    versionText,
    fc.constantFrom('1.0', 'V1.0', '1.0.0', '1.0RC1', '1.0rc1', '1.0-rc.1', 'wrong', '1.0+A'),
  );
  const cases = sample(fc.tuple(spelling, spelling), 5000)
    .map(([left, right]) => [left.trim(), right.trim()] as const)
    .filter(([, right]) => tryParseVersion(right) !== undefined);

  const theirs = await askPython<boolean[]>(
    'from packaging.specifiers import Specifier\nfrom packaging.version import Version\nanswer = [Specifier("===" + a).contains(Version(b), prereleases=True) for a, b in data]',
    cases,
  );

  const ours = cases.map(([left, right]) => specifierContains(parseSpecifier(`===${left}`), parseVersion(right)));
  assertSameAnswers(ours, theirs, { questions: cases, seed });
});

test('tryParseVersion() and tryParseSpecifierSet() accept what packaging accepts, for 5,000 damaged texts each', async () => {
  const damaged = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(text, fc.nat(), fc.constantFrom('', '.', '-', '+', '!', '*', 'x', ' ', '=', '1', 'é', ','))
      .map(
        ([whole, at, piece]) =>
          whole.slice(0, at % (whole.length + 1)) + piece + whole.slice((at % (whole.length + 1)) + 1),
      );
  const texts = {
    versions: sample(damaged(versionText), 5000),
    sets: sample(damaged(arbitrarySpecifierSetText), 5000),
  };

  const theirs = await askPython<{ versions: boolean[]; sets: boolean[] }>(
    `
from packaging.version import Version
from packaging.specifiers import SpecifierSet
def ok(kind, text):
    try: kind(text); return True
    except ValueError: return False
answer = {"versions": [ok(Version, t) for t in data["versions"]], "sets": [ok(SpecifierSet, t) for t in data["sets"]]}`,
    texts,
  );

  assertSameAnswers(
    texts.versions.map((text) => tryParseVersion(text) !== undefined),
    theirs.versions,
    { questions: texts.versions, seed },
  );
  // packaging lets commas stand anywhere, uv only at the end.
  const isStrict = texts.sets.map((text) => !/^\s*,|,\s*,/.test(text) || text.trim() === '');
  assertSameAnswers(
    texts.sets.map((text) => tryParseSpecifierSet(text) !== undefined).filter((_, index) => isStrict[index]),
    theirs.sets.filter((_, index) => isStrict[index]),
    { questions: texts.sets.filter((_, index) => isStrict[index]), seed },
  );
});

test('specifierSetContains() and rangeContains() answer as packaging, for 20,000 sets and versions with each pre-release policy', async () => {
  const cases = sample(fc.tuple(arbitrarySpecifierSetText, versionText), COUNT);

  const theirs = await askPython<boolean[][]>(
    `
from packaging.version import Version
from packaging.specifiers import SpecifierSet
def row(text, version):
    s, v = SpecifierSet(text), Version(version)
    return [s.contains(v), s.contains(v, prereleases=True), s.contains(v, prereleases=False), bool(s.prereleases)]
answer = [row(*case) for case in data]`,
    cases,
  );

  const ours = cases.map(([text, versionText_]) => {
    const [set, version] = [parseSpecifierSet(text), parseVersion(versionText_)];
    const contained = rangeContains(rangeOfSpecifierSet(set), version);
    return [
      specifierSetContains(set, version),
      contained,
      specifierSetContains(set, version, { prereleases: false }),
      allowsPrereleases(set),
    ];
  });
  assertSameAnswers(ours, theirs, { questions: cases, seed });
});

test('isEmptyRange() finds empty whatever packaging finds unsatisfiable, for 20,000 sets', async () => {
  const cases = sample(fc.tuple(arbitrarySpecifierSetText, arbitrarySpecifierSetText), COUNT);

  const theirs = await askPython<boolean[]>(
    'from packaging.specifiers import SpecifierSet\nanswer = [SpecifierSet(a + "," + b).is_unsatisfiable() for a, b in data]',
    cases,
  );

  const ours = cases.map(([a, b]) =>
    isEmptyRange(intersectRanges(rangeOfSpecifierSet(parseSpecifierSet(a)), rangeOfSpecifierSet(parseSpecifierSet(b)))),
  );
  const wrong = cases.filter((_, index) => theirs[index] === true && ours[index] === false);
  assert.deepEqual(wrong, [], `seed ${seed}`);
});
