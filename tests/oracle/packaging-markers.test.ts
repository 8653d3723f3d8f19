/** Markers held to the answers of Python's `packaging`, and their spelling to the real uv's. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import {
  evaluateMarker,
  formatMarker,
  InvalidMarkerError,
  isFalseMarker,
  normalizeName,
  parseMarker,
  parseSpecifierSet,
  rangeOfSpecifierSet,
  simplifyMarkerNotExtras,
  simplifyMarkerWithPython,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { arbitraryMarkerEnvironment, arbitraryMarkerText } from '../support/arbitrary-marker.ts';
import { askPython } from '../support/ask-python.ts';
import { pythonTools } from '../support/python-tools.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { randomSeed } from '../support/random-seed.ts';

const seed = randomSeed();

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}

const arbitraryName = fc.constantFrom('', 'dev', 'All_in', 'x');

test('evaluateMarker() answers as packaging, for 20,000 markers over all variables and operators', async () => {
  const cases = sample(
    fc.tuple(arbitraryMarkerText(), arbitraryMarkerEnvironment, arbitraryName, arbitraryName),
    20_000,
  );

  const theirs = await askPython<(boolean | 'undefined')[]>(
    `
from packaging.markers import Marker, UndefinedComparison
def row(text, environment, extra, group):
    names = {"extra": extra, "extras": {extra} - {""}, "dependency_groups": {group} - {""}}
    try: return Marker(text).evaluate({**environment, **names}, "lock_file")
    except UndefinedComparison: return "undefined"
answer = [row(*case) for case in data]`,
    cases,
  );

  const defined = cases.map((_, index) => index).filter((index) => theirs[index] !== 'undefined');
  const ours = cases.map(([text, environment, extra, group]) =>
    evaluateMarker(parseMarker(text), environment, namesOf(extra), namesOf(group)),
  );
  // `~=` has no meaning for text: packaging refuses to answer, uv and shoal leave the comparison out.
  assert.ok(defined.length > 19_000);
  assertSameAnswers(
    defined.map((index) => ours[index]),
    defined.map((index) => theirs[index]),
    { questions: defined.map((index) => cases[index]), seed },
  );
});

function namesOf(name: string): ReadonlySet<ReturnType<typeof normalizeName>> {
  return new Set(name === '' ? [] : [normalizeName(name)]);
}

const PIECES = [
  '',
  '(',
  ')',
  '"',
  "'",
  ' ',
  'and',
  ' or ',
  '=',
  '<',
  'not',
  'x',
  ';',
  '==',
  '~',
  'os.name',
  'é',
  '\t',
  ' in ',
  '#',
];

test('parseMarker() accepts what packaging accepts, for 10,000 damaged markers', async () => {
  const damaged = fc
    .tuple(arbitraryMarkerText(), fc.nat(), fc.nat(3), fc.constantFrom(...PIECES))
    .map(([whole, place, length, piece]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + piece + whole.slice(at + length);
    });
  const texts = sample(damaged, 10_000);

  const theirs = await askPython<boolean[]>(
    `
from packaging.markers import Marker, InvalidMarker
def accepts(text):
    try: Marker(text); return True
    except (InvalidMarker, SyntaxError): return False
answer = [accepts(text) for text in data]`,
    texts,
  );

  // As uv, shoal refuses what PEP 751 gives no meaning: any operator but in and not in for a list.
  const isAsked = texts.map((text) => !isListMisuse(text));
  assertSameAnswers(
    texts.map(accepts).filter((_, index) => isAsked[index]),
    theirs.filter((_, index) => isAsked[index]),
    { questions: texts.filter((_, index) => isAsked[index]), seed },
  );
});

function accepts(text: string): boolean {
  return complaintOf(text) === undefined;
}

function isListMisuse(text: string): boolean {
  return /^(?:The marker \w+ must be on the right|The operator .* is not supported)/.test(complaintOf(text) ?? '');
}

function complaintOf(text: string): string | undefined {
  try {
    parseMarker(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidMarkerError) return error.reason;
    throw error;
  }
}

test('formatMarker() spells 60 simplified markers as the real uv does in a universal lockfile', async (t) => {
  const folder = temporaryFolder(t);
  // uv has no `===` in markers.
  const texts = sample(
    arbitraryMarkerText().filter((text) => !/extras|dependency_groups|===/.test(text) && text.length < 200),
    60,
  );
  for (const index of texts.keys()) {
    const wheel = buildWheel({ name: `p${index}`, version: '1' });
    writeFileSync(join(folder, wheel.filename), wheel.content);
  }
  writeFileSync(join(folder, 'all.in'), texts.map((text, index) => `p${index} ; ${text}\n`).join(''));

  const compiled = await compileUniversal(folder);

  const pythons = rangeOfSpecifierSet(parseSpecifierSet('>=3.8'));
  const ours = texts.map((text, index) => {
    const marker = simplifyMarkerWithPython(simplifyMarkerNotExtras(parseMarker(text)), pythons);
    const written = formatMarker(marker);
    return isFalseMarker(marker) ? undefined : `p${index}==1${written === undefined ? '' : ` ; ${written}`}`;
  });
  const theirs = texts.map((_, index) => compiled.find((line) => line.split(/[ =]/)[0] === `p${index}`));
  assertSameAnswers(ours, theirs, { questions: texts, seed });
});

async function compileUniversal(folder: string): Promise<readonly string[]> {
  const { uv, python } = await pythonTools();
  const words =
    'pip compile all.in --universal --no-index --find-links . --no-annotate --no-header --python-version 3.8';
  const { stdout } = await promisify(execFile)(uv, [...words.split(' '), '--python', python], {
    cwd: folder,
    env: { ...process.env, UV_CACHE_DIR: join(folder, 'cache'), UV_PYTHON_DOWNLOADS: 'never' },
  });
  return stdout.trim().split('\n');
}
