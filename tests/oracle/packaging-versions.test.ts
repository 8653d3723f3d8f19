/** Versions, specifiers and requirements held to the answers of Python's `packaging`, in large batches. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import {
  allowsPrereleases,
  compareVersions,
  evaluateMarker,
  formatRequirement,
  formatSpecifier,
  formatVersion,
  intersectRanges,
  isEmptyRange,
  isPrerelease,
  normalizeName,
  parseLenientRequirement,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  rangeContains,
  rangeOfSpecifierSet,
  specifierSetContains,
  tryParseSpecifierSet,
  tryParseVersion,
  type MarkerEnvironment,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { arbitrarySpecifierSetText, arbitraryVersionText } from '../support/arbitrary-version.ts';
import { askPython } from '../support/ask-python.ts';

const COUNT = 20_000;
const seed = randomInt(2 ** 31);
const lines = gunzipSync(readFileSync(new URL('data/requirement-lines.txt.gz', import.meta.url)))
  .toString()
  .trimEnd()
  .split('\n');

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
  assertSame(ours, theirs, pairs);
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

  assertSame(
    texts.versions.map((text) => tryParseVersion(text) !== undefined),
    theirs.versions,
    texts.versions,
  );
  // packaging lets commas stand anywhere, uv only at the end.
  const isStrict = texts.sets.map((text) => !/^\s*,|,\s*,/.test(text) || text.trim() === '');
  assertSame(
    texts.sets.map((text) => tryParseSpecifierSet(text) !== undefined).filter((_, index) => isStrict[index]),
    theirs.sets.filter((_, index) => isStrict[index]),
    texts.sets.filter((_, index) => isStrict[index]),
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
  assertSame(ours, theirs, cases);
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

const environments: readonly MarkerEnvironment[] = [
  environment({ python: '3.8.18', platform: 'linux', system: 'Linux', os: 'posix', machine: 'x86_64' }),
  environment({ python: '3.12.1', platform: 'win32', system: 'Windows', os: 'nt', machine: 'AMD64' }),
  environment({ python: '3.14.0', platform: 'darwin', system: 'Darwin', os: 'posix', machine: 'arm64' }),
];

test('parseRequirement() reads every real line as packaging does, and reads its own spelling as the same', async () => {
  const theirs = await askPython<unknown[]>(
    `
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
def row(line):
    r = Requirement(line)
    extras = sorted({canonicalize_name(e) for e in r.extras})
    asked = [""] + sorted({p.split('"')[1] if '"' in p else p.split("'")[1] for p in line.split("extra ==")[1:]})
    holds = [[r.marker is None or r.marker.evaluate({**e, "extra": x}) for x in asked] for e in data["environments"]]
    return [canonicalize_name(r.name), extras, sorted(map(str, r.specifier)), r.url, asked, holds]
answer = [row(line) for line in data["lines"]]`,
    { lines, environments },
  );

  const ours = lines.map((line, index) => describeRequirement(line, theirs[index]));
  assertSame(ours, theirs, lines);
  for (const line of lines) {
    const spelled = formatRequirement(parseRequirement(line));
    assert.equal(formatRequirement(parseRequirement(spelled)), spelled);
    assert.equal(formatRequirement(parseLenientRequirement(line)), spelled);
  }
});

function describeRequirement(line: string, theirs: unknown): unknown[] {
  const { name, extras, specifiers, url, marker } = parseRequirement(line);
  const asked = Array.isArray(theirs) ? (theirs[4] as string[]) : [];
  const holds = environments.map((facts) =>
    asked.map(
      (extra) =>
        marker === undefined || evaluateMarker(marker, facts, new Set(extra === '' ? [] : [normalizeName(extra)])),
    ),
  );
  const written = specifiers.specifiers.map((specifier) => `${specifier.operator}${specifier.versionText}`).sort();
  assert.ok(specifiers.specifiers.every((specifier) => formatSpecifier(specifier) !== ''));
  return [name, extras.toSorted(), [...new Set(written)], url ?? null, asked, holds];
}

function environment(facts: {
  python: string;
  platform: string;
  system: string;
  os: string;
  machine: string;
}): MarkerEnvironment {
  return {
    python_version: facts.python.split('.').slice(0, 2).join('.'),
    python_full_version: facts.python,
    os_name: facts.os,
    sys_platform: facts.platform,
    platform_release: '6.1.0',
    platform_system: facts.system,
    platform_version: '1',
    platform_machine: facts.machine,
    platform_python_implementation: 'CPython',
    implementation_name: 'cpython',
    implementation_version: facts.python,
  };
}

/** One difference shown is enough; all of them would fill the screen. */
function assertSame(ours: readonly unknown[], theirs: readonly unknown[], questions: readonly unknown[]): void {
  const different = questions
    .map((question, index) => ({ question, ours: ours[index], theirs: theirs[index] }))
    .filter((row) => JSON.stringify(row.ours) !== JSON.stringify(row.theirs));
  assert.equal(ours.length, theirs.length);
  assert.equal(
    different.length,
    0,
    `${different.length} differences (seed ${seed}), such as ${JSON.stringify(different.slice(0, 5))}`,
  );
}
