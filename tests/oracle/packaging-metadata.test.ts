/** Core metadata and the files of `.dist-info` held to the answers of `packaging.metadata`, `csv` and `importlib.metadata`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  formatDirectUrl,
  formatRecord,
  formatRequirement,
  formatSpecifierSet,
  formatVersion,
  parseCoreMetadata,
  parseDependencyMetadata,
  parseDirectUrl,
  parseEntryPoints,
  parseRecord,
  type RecordRow,
} from '@shoal/packaging';
import * as fc from 'fast-check';

import { askPython } from '../support/ask-python.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { randomSeed } from '../support/random-seed.ts';

const seed = randomSeed();

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}

const word = fc.constantFrom(
  'A tool',
  'für jeden',
  '日本語',
  'x: y',
  'https://example.org/a?b=c',
  'MIT',
  '"quoted", text',
  '-',
  '=?utf-8?q?=C3=A9?=',
);
const fold = fc.constantFrom('', '', '', '\n        second line', '\n        1: two\n        |three');
const value = fc.tuple(word, fold).map((parts) => parts.join(''));

/** Field of METADATA -> key of `packaging.metadata.RawMetadata`. */
const SINGLE = {
  Summary: 'summary',
  'Home-page': 'home_page',
  Author: 'author',
  'Author-email': 'author_email',
  Maintainer: 'maintainer',
  License: 'license',
  'License-Expression': 'license_expression',
  'Description-Content-Type': 'description_content_type',
} as const;
const LISTS = {
  Classifier: 'classifiers',
  Platform: 'platforms',
  'License-File': 'license_files',
  'Requires-Dist': 'requires_dist',
  'Provides-Extra': 'provides_extra',
  Dynamic: 'dynamic',
  'Import-Name': 'import_names',
  'Import-Namespace': 'import_namespaces',
} as const;

const listValue: Readonly<Record<keyof typeof LISTS, fc.Arbitrary<string>>> = {
  Classifier: fc.constantFrom('Topic :: Utilities', 'Private :: Do Not Upload'),
  Platform: fc.constantFrom('any', 'Windows'),
  'License-File': fc.constantFrom('LICENSE', 'licenses/MIT.txt', 'ÄÖ/licence'),
  'Requires-Dist': fc.constantFrom('a>=1 ; extra == "x"', 'b (>=1,<2)', 'c[d] @ https://example.org/c.whl'),
  'Provides-Extra': fc.constantFrom('x', 'all'),
  Dynamic: fc.constantFrom('Requires-Dist', 'license-file'),
  'Import-Name': fc.constantFrom('a.b', '_c; private'),
  'Import-Namespace': fc.constantFrom('a'),
};

const singles = fc.tuple(
  ...Object.keys(SINGLE).map((field) =>
    fc.option(
      value.map((text) => `${field}: ${text}`),
      { nil: '' },
    ),
  ),
);
const lists = fc.array(
  fc.oneof(
    ...(Object.keys(LISTS) as (keyof typeof LISTS)[]).map((field) =>
      listValue[field].map((text) => `${field}: ${text}`),
    ),
  ),
  { maxLength: 6 },
);
const metadataText = fc
  .record({
    version: fc.constantFrom('2.1', '2.2', '2.3', '2.4', '2.5', '2.99'),
    fields: fc.tuple(singles, lists).map((parts) => parts.flat().filter((line) => line !== '')),
    python: fc.constantFrom('', 'Requires-Python: >=3.8', 'requires-python: >=3.9, <4'),
    body: fc.constantFrom('', '\n# Title\n\nText: with colon\n  kept\n', '\nNur Text, ohne Zeilenende – ✓'),
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
  })
  .map(({ version, fields, python, body, lineEnd }) =>
    [
      `Metadata-Version: ${version}`,
      'Name: Foo.Bar',
      'Version: 1.0',
      ...fields,
      ...(python === '' ? [] : [python]),
      body,
    ]
      .join('\n')
      .replaceAll('\n', lineEnd),
  );

test('parseCoreMetadata() reads 3,000 texts of METADATA 2.1 to 2.5 as packaging.metadata does', async () => {
  const texts = sample(metadataText, 3000);

  const theirs = await askPython<unknown[]>(
    `
from packaging.metadata import parse_email
import re
SINGLE, LISTS = data["single"], data["lists"]
def unfolded(text): return re.sub(r"\\s*\\n *\\|?", "\\n", text).strip()
def row(text):
    raw, unparsed = parse_email(text)
    singles = [unfolded(raw[key]) if key in raw else None for key in SINGLE]
    return [raw["metadata_version"], singles, [[v.lower() if key == "dynamic" else v for v in raw.get(key, [])] for key in LISTS], raw.get("description"), sorted(unparsed)]
answer = [row(text) for text in data["texts"]]`,
    { texts, single: Object.values(SINGLE), lists: Object.values(LISTS) },
  );

  assertSameAnswers(texts.map(describeMetadata), theirs, { questions: texts, seed });
});

function describeMetadata(text: string): unknown[] {
  const found = parseCoreMetadata(text);
  assert.deepEqual({ ...found, ...parseDependencyMetadata(text) }, found);
  assert.equal(found.name, 'foo-bar');
  assert.equal(formatVersion(found.version), '1.0');
  assert.ok(!/requires-python: ./i.test(text) || formatSpecifierSet(found.requiresPython ?? { specifiers: [] }) !== '');
  const { summary, homePage, author, authorEmail, maintainer, license, licenseExpression, descriptionContentType } =
    found;
  const singles = [
    summary,
    homePage,
    author,
    authorEmail,
    maintainer,
    license,
    licenseExpression,
    descriptionContentType,
  ];
  const requiresDist = [...text.matchAll(/^Requires-Dist: (.*?)\r?$/gm)].map((match) => match[1]);
  assert.equal(found.requiresDist.length, requiresDist.length);
  assert.ok(found.requiresDist.every((requirement) => /^[abc]/.test(formatRequirement(requirement))));
  const { classifiers, platforms, licenseFiles, providesExtra, dynamic, importNames, importNamespaces } = found;
  const lists_ = [
    classifiers,
    platforms,
    licenseFiles,
    requiresDist,
    providesExtra,
    dynamic,
    importNames,
    importNamespaces,
  ];
  return [
    found.metadataVersion,
    singles.map((one) => one?.replaceAll('\r', '').replaceAll(/\n\|?/g, '\n') ?? null),
    lists_,
    found.description ?? null,
    [],
  ];
}

const recordPath = fc.oneof(
  fc.constantFrom(
    'a/__init__.py',
    'a,b.py',
    'say "hi".txt',
    'ü/日本.py',
    'line\nbreak',
    'cr\rhere',
    '"',
    "it's",
    ' lead',
    'a-1.dist-info/RECORD',
    '../../bin/a',
  ),
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', "'", '/'), minLength: 1, maxLength: 8 }),
);
const recordRows: fc.Arbitrary<RecordRow[]> = fc.array(
  fc.record(
    {
      path: recordPath,
      hash: fc.record(
        { algorithm: fc.constantFrom('sha256', 'md5'), digest: fc.constantFrom('AbC-_1', 'x=y') },
        { noNullPrototype: true },
      ),
      sizeBytes: fc.nat(),
    },
    { requiredKeys: ['path'], noNullPrototype: true },
  ),
  { maxLength: 5 },
);

test('formatRecord() and parseRecord() write and read what the csv module does, for 3,000 lists of odd paths', async () => {
  const cases = sample(recordRows, 3000);
  const asCells = (rows: readonly RecordRow[]): string[][] =>
    rows.map(({ path, hash, sizeBytes }) => [
      path,
      hash === undefined ? '' : `${hash.algorithm}=${hash.digest}`,
      sizeBytes?.toString() ?? '',
    ]);

  const theirs = await askPython<{ written: string; read: string[][] }[]>(
    `
import csv, io
def row(cells, text):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\\r\\n").writerows(cells)
    return {"written": out.getvalue(), "read": list(csv.reader(io.StringIO(text, newline="")))}
answer = [row(*case) for case in data]`,
    cases.map((rows) => [asCells(rows), formatRecord(rows)]),
  );

  for (const [index, rows] of cases.entries()) {
    assert.deepEqual(theirs[index]?.read, asCells(rows));
    assert.deepEqual(parseRecord(formatRecord(rows)), rows);
    assert.deepEqual(parseRecord(theirs[index].written), rows);
  }
});

test('parseEntryPoints() finds what importlib.metadata finds', async () => {
  const line = fc.constantFrom(
    '',
    '# note',
    '  tool = a.b:main',
    'two words=a:b.c',
    'x = module',
    'e = a:f [dev, Docs]',
    'é = ü.ö:ä',
    'CAPS=A_1:B',
    'colon:name = a:b',
  );
  const texts = sample(
    fc.array(fc.oneof(line, line, fc.constantFrom('[console_scripts]', '[gui_scripts]', '[a.b:c]')), { maxLength: 12 }),
    2000,
  ).map((lines) => ['[first]', ...lines].join('\n'));

  const theirs = await askPython<unknown[]>(
    `
from importlib.metadata import Distribution
class Text(Distribution):
    def __init__(self, text): self.text = text
    def read_text(self, name): return self.text if name == "entry_points.txt" else None
    def locate_file(self, path): return path
def row(text):
    return [[p.group, p.name, p.module, p.attr or None, [getattr(e, "group", lambda: e)() for e in p.extras]] for p in Text(text).entry_points]
answer = [row(text) for text in data]`,
    texts,
  );

  const ours = texts.map((text) =>
    parseEntryPoints(text).map(({ group, name, module, attribute, extras }) => [
      group,
      name,
      module,
      attribute ?? null,
      extras,
    ]),
  );
  assertSameAnswers(ours, theirs, { questions: texts, seed });
});

const DIRECT_URLS = [
  { url: 'https://example.org/a.zip', archive_info: { hash: 'sha256=00', hashes: { sha256: '00' } } },
  { url: 'https://example.org/a.zip', archive_info: { hashes: { sha256: '00', md5: '11' } }, subdirectory: 'pkg' },
  { url: 'https://example.org/a.zip', archive_info: {} },
  { url: 'file:///srv/a', dir_info: { editable: true } },
  { url: 'file:///srv/a', dir_info: {} },
  {
    url: 'https://example.org/a.git',
    vcs_info: { vcs: 'git', requested_revision: 'v1', commit_id: '7921be1537eac1e97bc40179a57f0349c2aee67d' },
  },
  { url: 'https://example.org/a.git', vcs_info: { vcs: 'git', commit_id: '7921be1' } },
  { url: 'https://example.org/a.git', vcs_info: { vcs: 'git' } },
  { url: 'https://example.org/a.git' },
  { vcs_info: { vcs: 'git', commit_id: '7921be1' } },
  { url: 1, dir_info: {} },
];

test('parseDirectUrl() takes what packaging.direct_url takes, and formatDirectUrl() writes what it reads as the same', async () => {
  const written = DIRECT_URLS.map((one) => {
    try {
      return JSON.parse(formatDirectUrl(parseDirectUrl(JSON.stringify(one)))) as unknown;
    } catch (error) {
      assert.ok(error instanceof Error && error.name === 'InvalidDirectUrlError');
      return null;
    }
  });

  const theirs = await askPython<unknown[]>(
    `
from packaging.direct_url import DirectUrl, DirectUrlValidationError
def read(value):
    if value is None: return None
    try: return DirectUrl.from_dict(value).to_dict()
    except DirectUrlValidationError: return None
answer = [[read(original), read(ours)] for original, ours in data]`,
    DIRECT_URLS.map((one, index) => [one, written[index]]),
  );

  for (const answer of theirs) assert.ok(Array.isArray(answer));
  const [original, again] = [0, 1].map((side) => theirs.map((answer) => (answer as unknown[])[side]));
  // The single `hash` is the older spelling of what `hashes` says; it is not written any more.
  assert.deepEqual(again?.slice(1), original?.slice(1));
});
