import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidProjectPageError, parseProjectPageJson, projectPageOfAnchors } from './project-page.ts';

const PAGE_URL = 'https://example.org/simple/a/';

test('parseProjectPageJson() reads files, status (PEP 792), tracks and alternate locations (PEP 708)', () => {
  const page = parseProjectPageJson(
    JSON.stringify({
      meta: { 'api-version': '1.4', tracks: ['https://other.example.org/a/'] },
      name: 'A',
      'alternate-locations': ['https://mirror.example.org/a/'],
      'project-status': { status: 'archived', reason: 'done' },
      versions: ['1.0'],
      files: [
        {
          filename: 'a-1.0.tar.gz',
          url: '../../files/a-1.0.tar.gz#egg=a',
          hashes: { sha256: 'AB'.repeat(32) },
          'requires-python': '>=3.8',
          yanked: 'broken',
          size: 12,
          'upload-time': '2024-01-01T00:00:00Z',
          'core-metadata': { sha256: 'CD'.repeat(32) },
        },
        { filename: 'a-2.0.tar.gz', url: '/a-2.0.tar.gz', hashes: {}, yanked: true, 'dist-info-metadata': true },
        'no file',
        { filename: 'no-url.zip' },
      ],
    }),
    PAGE_URL,
  );
  const { files, ...rest } = page;
  assert.deepEqual(rest, {
    name: 'A',
    apiVersion: '1.4',
    status: { status: 'archived', reason: 'done' },
    tracks: ['https://other.example.org/a/'],
    alternateLocations: ['https://mirror.example.org/a/'],
  });
  assert.deepEqual(files, [
    {
      filename: 'a-1.0.tar.gz',
      url: 'https://example.org/files/a-1.0.tar.gz',
      hashes: { sha256: 'ab'.repeat(32) },
      requiresPython: '>=3.8',
      yanked: 'broken',
      sizeBytes: 12,
      uploadTime: '2024-01-01T00:00:00Z',
      coreMetadata: { sha256: 'cd'.repeat(32) },
    },
    {
      filename: 'a-2.0.tar.gz',
      url: 'https://example.org/a-2.0.tar.gz',
      hashes: {},
      requiresPython: undefined,
      yanked: '',
      sizeBytes: undefined,
      uploadTime: undefined,
      coreMetadata: true,
    },
  ]);
});

test('a page of an unknown major version is refused, of a later minor version it is read', () => {
  const json = (version: string): string => JSON.stringify({ meta: { 'api-version': version }, name: 'a', files: [] });
  assert.equal(parseProjectPageJson(json('1.99'), PAGE_URL).apiVersion, '1.99');
  assert.throws(() => parseProjectPageJson(json('2.0'), PAGE_URL), InvalidProjectPageError);
  const html = { pageUrl: PAGE_URL, baseHref: undefined };
  assert.equal(projectPageOfAnchors([], html).apiVersion, '1.0');
  assert.throws(() => projectPageOfAnchors([], { ...html, apiVersion: '2.0' }), InvalidProjectPageError);
});

test('parseProjectPageJson() refuses what is no page', () => {
  for (const text of ['', '<html>', '[]', '{}', '{"files":{}}'])
    assert.throws(() => parseProjectPageJson(text, PAGE_URL), InvalidProjectPageError, text);
});

test('projectPageOfAnchors() reads all digests of a fragment, prefers data-core-metadata, and takes a bare data-yanked for yanked', () => {
  const anchors = [
    {
      href: `a-1.0.zip#egg=a&md5=${'AA'.repeat(16)}&sha256=${'BB'.repeat(32)}`,
      text: '',
      attributes: { 'data-yanked': '' },
    },
    {
      href: '/x/a-1.0%2Bb.whl',
      text: '',
      attributes: { 'data-core-metadata': 'true', 'data-dist-info-metadata': `sha256=${'00'.repeat(32)}` },
    },
    {
      href: 'a-2.0.zip',
      text: '',
      attributes: { 'data-dist-info-metadata': `sha256=${'00'.repeat(32)}`, 'data-requires-python': '' },
    },
    { href: 'folder/', text: '', attributes: {} },
  ];
  const { files } = projectPageOfAnchors(anchors, { pageUrl: PAGE_URL, baseHref: '../files/' });
  assert.deepEqual(
    files.map(({ url, filename, hashes, yanked, coreMetadata }) => [url, filename, hashes, yanked, coreMetadata]),
    [
      [
        'https://example.org/simple/files/a-1.0.zip',
        'a-1.0.zip',
        { md5: 'aa'.repeat(16), sha256: 'bb'.repeat(32) },
        '',
        false,
      ],
      ['https://example.org/x/a-1.0%2Bb.whl', 'a-1.0+b.whl', {}, false, true],
      ['https://example.org/simple/files/a-2.0.zip', 'a-2.0.zip', {}, false, { sha256: '00'.repeat(32) }],
    ],
  );
});

test('projectPageOfAnchors() and parseProjectPageJson() refuse a digest that is none, rather than leave a file unchecked', () => {
  const anchor = { href: 'a-1.0.zip#sha256=00', text: '', attributes: {} };
  const page = JSON.stringify({ files: [{ filename: 'a-1.0.zip', url: 'a-1.0.zip', hashes: { sha256: 'zz' } }] });

  assert.throws(() => projectPageOfAnchors([anchor], { pageUrl: 'https://example.org/', baseHref: undefined }), {
    code: 'INVALID_DIGEST',
  });
  assert.throws(() => parseProjectPageJson(page, 'https://example.org/'), { code: 'INVALID_DIGEST' });
});
