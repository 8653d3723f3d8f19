/** Filenames of distributions held to the answers of `packaging.utils`. */
import { test } from 'node:test';

import {
  formatVersion,
  InvalidSdistFilenameError,
  isNormalizedName,
  parseSdistFilename,
  parseTagSet,
  tryNormalizeName,
  tryParseWheelFilename,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { arbitraryVersionText } from '../support/arbitrary-version.ts';
import { askPython } from '../support/ask-python.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { randomSeed } from '../support/random-seed.ts';

const seed = randomSeed();

const name = fc.constantFrom('a', 'Foo', 'foo_bar', 'zope.interface', 'A1_b.C', 'x86', '3to2');
const version = fc.oneof(
  fc.constantFrom('1.0', '1!2.0', '2.1.post1', '1.0rc1', '1.0.dev3', '1.0+cu121', '0'),
  arbitraryVersionText.map((text) => text.trim().replaceAll('-', '.').replaceAll('_', '.')),
);
const build = fc.option(fc.constantFrom('1', '0', '202401', '1abc', '2_x', 'b1', '9007199254740991'), {
  nil: undefined,
  freq: 3,
});
const tag = fc.constantFrom(
  'py3-none-any',
  'py2.py3-none-any',
  'cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64',
  'cp39-abi3-win_amd64',
  'pp310-pypy310_pp73-macosx_10_9_x86_64',
  'py3-none',
);
const wheel = fc
  .tuple(name, version, build, tag, fc.constantFrom('.whl', '.whl', '.whl', '.whl', '.WHL', '.whl.metadata', '.zip'))
  .map(
    ([project, release, number, tags, suffix]) =>
      [project, release, ...(number === undefined ? [] : [number]), tags].join('-') + suffix,
  );
const sdist = fc
  .tuple(
    fc.oneof(name, fc.constantFrom('foo-bar', 'a-1')),
    version,
    fc.constantFrom('.tar.gz', '.zip', '.tar.bz2', '.egg', '.tar.gz.asc'),
  )
  .map(([project, release, suffix]) => `${project}-${release}${suffix}`);

/** A piece lost, put in or doubled. */
function damaged(filename: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc.constantFrom('', '', '-', '.', '1', 'x', '--', '__', '+', '!', '.whl');
  return fc.tuple(filename, fc.nat(), fc.nat(2), piece).map(([whole, place, length, inserted]) => {
    const at = place % (whole.length + 1);
    return whole.slice(0, at) + inserted + whole.slice(at + length);
  });
}

function sample(filename: fc.Arbitrary<string>, count: number): string[] {
  return [...new Set(fc.sample(fc.oneof(filename, damaged(filename)), { numRuns: count, seed }))];
}

/** `packaging` takes nearly anything for a name; shoal, as uv, what PEP 508 calls one. */
function isPlainName(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

/** As uv, shoal reads `_` in a version as `-`. A tag must not be empty: `parseTagSet()` of this test says so. */
function isReadAsUvDoes(filename: string): boolean {
  return /^[^-]*-[^-]*_/.test(filename) || /[-.](?:[-.]|\.whl$)|-\.|\.-/.test(filename);
}

test('tryParseWheelFilename() reads 10,000 filenames, half of them damaged, as packaging does', async () => {
  const filenames = sample(wheel, 10_000).filter(
    (filename) => isPlainName(filename.split('-')[0] ?? '') && !isReadAsUvDoes(filename),
  );

  const theirs = await askPython<unknown[]>(
    `
from packaging.utils import parse_wheel_filename, InvalidWheelFilename
def row(filename):
    try: name, version, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename: return None
    return [name, str(version), list(build), sorted(map(str, tags))]
answer = [row(filename) for filename in data]`,
    filenames,
  );

  assertSameAnswers(filenames.map(describeWheel), theirs, { questions: filenames, seed });
});

function describeWheel(filename: string): unknown {
  const found = tryParseWheelFilename(filename);
  if (found === undefined) return null;
  const tags =
    parseTagSet([found.pythons, found.abis, found.platforms].map((names) => names.join('.')).join('-')) ?? [];
  const written = tags.map(({ interpreter, abi, platform }) => `${interpreter}-${abi}-${platform}`);
  return [
    found.name,
    formatVersion(found.version),
    found.buildTag === undefined ? [] : [found.buildTag.number, found.buildTag.suffix],
    [...new Set(written)].sort(),
  ];
}

/** More kinds of archives than packaging reads were published before PEP 625. */
const OTHER_ARCHIVES = /\.(?:tar|tar\.(?:bz2|xz|zst|lzma|lz)|t[gbxl]z)$/;

test('parseSdistFilename() reads 10,000 filenames, half of them damaged, as packaging does', async () => {
  const filenames = sample(sdist, 10_000).filter(
    (filename) => isPlainName(filename.slice(0, filename.lastIndexOf('-'))) && !OTHER_ARCHIVES.test(filename),
  );

  const theirs = await askPython<unknown[]>(
    `
from packaging.utils import parse_sdist_filename, InvalidSdistFilename
def row(filename):
    try: name, version = parse_sdist_filename(filename)
    except InvalidSdistFilename: return None
    return [name, str(version)]
answer = [row(filename) for filename in data]`,
    filenames,
  );

  assertSameAnswers(filenames.map(describeSdist), theirs, { questions: filenames, seed });
});

function describeSdist(filename: string): unknown {
  try {
    const found = parseSdistFilename(filename);
    return [found.name, formatVersion(found.version)];
  } catch (error) {
    if (error instanceof InvalidSdistFilenameError) return null;
    throw error;
  }
}

test('tryNormalizeName() and isNormalizedName() answer as packaging, for 5,000 names and texts that are none', async () => {
  const texts = fc.sample(
    fc
      .array(fc.constantFrom('a', 'B', '3', '-', '_', '.', 'z', 'é', ' ', 'K'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join('')),
    { numRuns: 5000, seed },
  );

  const theirs = await askPython<unknown[]>(
    `
from packaging.utils import canonicalize_name, InvalidName
def row(text):
    try: return [canonicalize_name(text, validate=True), canonicalize_name(text) == text]
    except InvalidName: return [None, False]
answer = [row(text) for text in data]`,
    texts,
  );

  assertSameAnswers(
    texts.map((text) => [tryNormalizeName(text) ?? null, isNormalizedName(text)]),
    theirs,
    { questions: texts, seed },
  );
});
