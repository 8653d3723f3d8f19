/** Requirements held to the answers of Python's `packaging`: every line of the metadata of popular projects. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  evaluateMarker,
  formatRequirement,
  formatSpecifier,
  formatSpecifierSet,
  InvalidRequirementError,
  normalizeName,
  parseLenientRequirement,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  specifierSetContains,
  type MarkerEnvironment,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { askPython } from '../support/ask-python.ts';
import { popularProjects } from '../support/popular-projects.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { randomSeed } from '../support/random-seed.ts';

const seed = randomSeed();
const projects = popularProjects();
const lines = [...new Set(projects.flatMap(({ requiresDist }) => requiresDist))];

const environments: readonly MarkerEnvironment[] = [
  environment({ python: '3.8.18', platform: 'linux', system: 'Linux', os: 'posix', machine: 'x86_64' }),
  environment({ python: '3.12.1', platform: 'win32', system: 'Windows', os: 'nt', machine: 'AMD64' }),
  environment({ python: '3.14.0', platform: 'darwin', system: 'Darwin', os: 'posix', machine: 'arm64' }),
];

test('parseRequirement() reads every real line as packaging does', async () => {
  assert.ok(projects.length >= 500, `${projects.length} projects`);
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
  assertSameAnswers(ours, theirs, { questions: lines });
});

test('parseRequirement() accepts what packaging accepts, for 10,000 damaged lines', async () => {
  const pieces = [
    '',
    '(',
    ')',
    '[',
    ']',
    ',',
    ' ',
    ';',
    '=',
    '<',
    '>',
    '~',
    '!',
    '*',
    '.',
    '-',
    '1',
    'x',
    'é',
    '"',
    '+',
    '\t',
  ];
  // What a URL may be, and where it ends, is left to uv: requirement.test.ts has its rules.
  const damaged = fc
    .tuple(
      fc.constantFrom(...lines.filter((line) => !line.includes('@'))),
      fc.nat(),
      fc.nat(2),
      fc.constantFrom(...pieces),
    )
    .map(([whole, place, length, piece]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + piece + whole.slice(at + length);
    });
  const texts = fc.sample(damaged, { numRuns: 10_000, seed });

  const theirs = await askPython<boolean[]>(
    `
from packaging.requirements import Requirement, InvalidRequirement
def accepts(text):
    try: Requirement(text); return True
    except InvalidRequirement: return False
answer = [accepts(text) for text in data]`,
    texts,
  );

  assertSameAnswers(texts.map(accepts), theirs, { questions: texts, seed });
});

function accepts(text: string): boolean {
  try {
    parseRequirement(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidRequirementError) return false;
    throw error;
  }
}

test('every real line reads the same again from its own spelling', () => {
  for (const line of lines) {
    const spelled = formatRequirement(parseRequirement(line));
    assert.equal(formatRequirement(parseRequirement(spelled)), spelled);
    assert.equal(formatRequirement(parseLenientRequirement(line)), spelled);
  }
});

test('every real Requires-Python is read as packaging reads it', async () => {
  const texts = projects.flatMap(({ requiresPython }) => requiresPython ?? []);
  const pythons = ['2.7.18', '3.6.15', '3.8.18', '3.9.0', '3.10.13', '3.11.7', '3.12.1', '3.13.0', '3.14.0', '4.0'];

  const theirs = await askPython<[number, boolean[]][]>(
    `
from packaging.specifiers import SpecifierSet
answer = [[len(SpecifierSet(t)), [SpecifierSet(t).contains(p) for p in data["pythons"]]] for t in data["texts"]]`,
    { texts, pythons },
  );

  const ours = texts.map((text) => {
    const set = parseSpecifierSet(text);
    assert.equal(formatSpecifierSet(parseSpecifierSet(formatSpecifierSet(set))), formatSpecifierSet(set));
    return [
      new Set(set.specifiers.map(formatSpecifier)).size,
      pythons.map((python) => specifierSetContains(set, parseVersion(python))),
    ];
  });
  assertSameAnswers(ours, theirs, { questions: texts });
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
