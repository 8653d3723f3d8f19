/** Pages of the Simple API held to what pip finds on them. */
import { test } from 'node:test';

import { parseProjectPageJson, type ProjectFile } from '@shoal/packaging';
import * as fc from 'fast-check';

import { parseHtml } from '../../packages/shoal/src/index/parse-page.ts';
import { askPython } from '../support/ask-python.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { randomSeed } from '../support/random-seed.ts';

const seed = randomSeed();
const sha256 = 'ab'.repeat(32);
const md5 = 'cd'.repeat(16);

const PIP = `
from urllib.parse import unquote
from pip._internal.index.collector import IndexContent, parse_links
def describe(link):
    data = link.metadata_file_data
    return [unquote(link.url_without_fragment), link.filename, link.requires_python or None, link.yanked_reason, link._hashes or {},
            None if data is None else data.hashes or {}]
def row(url, content_type, text):
    return [describe(link) for link in parse_links(IndexContent(text.encode(), content_type, None, url, False))]
answer = [row(*case) for case in data]`;

/** `hashes` reduced to those that pip keeps, when it keeps only the first of a fragment. */
function describe(file: ProjectFile, { isFirstOnly }: { readonly isFirstOnly: boolean }): unknown[] {
  const hashes = Object.entries(file.hashes);
  return [
    // pip writes more characters of a URL as escapes than the page does.
    decodeURIComponent(file.url),
    file.filename,
    file.requiresPython ?? null,
    file.yanked === false ? null : file.yanked,
    Object.fromEntries(isFirstOnly ? hashes.slice(0, 1) : hashes),
    file.coreMetadata === false ? null : file.coreMetadata === true ? {} : file.coreMetadata,
  ];
}

const pageUrl = fc.constantFrom(
  'https://example.org/simple/a/',
  'https://example.org/simple/a',
  'https://example.org/root/pypi/+simple/a/?x=1',
  'http://localhost:8080/simple/a/index.html',
);
const href = fc
  .tuple(
    fc.constantFrom(
      '',
      './',
      '../',
      '../../files/',
      '../../../../',
      '/',
      '/files/x/../',
      '//files.example.org/',
      'https://files.example.org/p/',
    ),
    fc.constantFrom(
      'a-1.0-py3-none-any.whl',
      'a-1.0%2Bcu121-py3-none-any.whl',
      'a-1.0+local.tar.gz',
      'A_b-1!2.0.zip',
      'a-1.0.tar.gz?token=x%20y',
    ),
    fc.constantFrom(
      '',
      `#sha256=${sha256}`,
      `#md5=${md5}&amp;sha256=${sha256}`,
      `#egg=a&amp;sha256=${sha256}`,
      '#egg=a-1.0',
      '#',
    ),
  )
  .map((parts) => parts.join(''));
const attributes = fc
  .tuple(
    fc.constantFrom(
      '',
      ' data-requires-python="&gt;=3.8,&lt;4"',
      " data-requires-python='>=3.9'",
      ' data-requires-python=""',
    ),
    fc.constantFrom('', '', ' data-yanked=""', ' data-yanked="bad &amp; broken"', ' DATA-YANKED="é"'),
    fc.constantFrom(
      '',
      ` data-core-metadata="sha256=${sha256}"`,
      ' data-core-metadata="true"',
      ` data-dist-info-metadata="sha256=${sha256}"`,
      ` data-core-metadata="true" data-dist-info-metadata="sha256=${sha256}"`,
    ),
    fc.constantFrom('', ' rel="internal"', ' data-gpg-sig="true"'),
  )
  .map((parts) => parts.join(''));
const anchor = fc
  .tuple(
    href,
    attributes,
    fc.constantFrom('a', 'A'),
    fc.constantFrom('', '\n', ' <br/>', '<!-- <a href="no-1.0.zip">no</a> -->'),
  )
  .map(([target, rest, tag, end]) => `<${tag} href="${target}"${rest}>text</${tag}>${end}`);
const html = fc
  .tuple(
    fc.constantFrom('<!DOCTYPE html><html><head>', '<html><head>', ''),
    fc.constantFrom(
      '',
      '',
      '<base href="https://cdn.example.org/x/y/">',
      '<meta name="pypi:repository-version" content="1.7">',
    ),
    fc.array(anchor, { maxLength: 5 }),
  )
  .map(
    ([start, head, anchors]) =>
      `${start}${head}${start === '' ? '' : '<title>Links for a</title></head><body>'}${anchors.join('')}`,
  );

test('parseHtml() finds the files that pip finds, on 1,500 pages with relative links, escapes and odd attributes', async () => {
  const cases = fc.sample(fc.tuple(pageUrl, html), { numRuns: 1500, seed });

  const theirs = await askPython<unknown[]>(
    PIP,
    cases.map(([url, text]) => [url, 'text/html', text]),
  );

  const ours = [];
  for (const [url, text] of cases)
    ours.push((await parseHtml(text, url)).map((file) => describe(file, { isFirstOnly: true })));
  assertSameAnswers(ours, theirs, { questions: cases, seed });
});

const jsonFile = fc.record(
  {
    filename: fc.constant('a-1.0-py3-none-any.whl'),
    url: fc
      .constantFrom('https://files.example.org/', '../../files/', '/', '')
      .map((folder) => `${folder}a-1.0-py3-none-any.whl`),
    hashes: fc.constantFrom({}, { sha256 }, { sha256, md5 }),
    'requires-python': fc.constantFrom('>=3.8', '', null),
    yanked: fc.constantFrom(true, false, 'broken'),
    'core-metadata': fc.constantFrom(true, false, { sha256 }),
    'dist-info-metadata': fc.constantFrom(true, false, { sha256 }),
    size: fc.nat(),
    'upload-time': fc.constant('2024-01-01T00:00:00.000000Z'),
    unknown: fc.anything({ maxDepth: 1 }),
  },
  { requiredKeys: ['filename', 'url', 'hashes'], noNullPrototype: true },
);

test('parseProjectPageJson() finds the files that pip finds, on 1,500 pages of API 1.0 to 1.9', async () => {
  const page = fc.record(
    {
      meta: fc.integer({ min: 0, max: 9 }).map((minor) => ({ 'api-version': `1.${minor}`, _later: 1 })),
      name: fc.constant('a'),
      files: fc.array(jsonFile, { maxLength: 4 }),
      versions: fc.constant(['1.0']),
    },
    { requiredKeys: ['meta', 'name', 'files'], noNullPrototype: true },
  );
  const cases = fc
    .sample(fc.tuple(pageUrl, page), { numRuns: 1500, seed })
    .map(
      ([url, one]) =>
        [url, JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value))] as const,
    );

  const theirs = await askPython<unknown[]>(
    PIP,
    cases.map(([url, text]) => [url, 'application/vnd.pypi.simple.v1+json', text]),
  );

  assertSameAnswers(
    cases.map(([url, text]) =>
      parseProjectPageJson(text, url).files.map((file) => describe(file, { isFirstOnly: false })),
    ),
    theirs,
    { questions: cases, seed },
  );
});
