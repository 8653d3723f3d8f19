import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidPageError, UnsupportedContentTypeError } from './index-errors.ts';
import { parsePage } from './parse-page.ts';

const PAGE_URL = 'https://example.org/simple/a/';
const LINK = '<a href="a-1.0.zip" data-yanked>a-1.0.zip</a>';

function pageOf(version: string): Buffer {
  return Buffer.from(`<html><head><meta name="pypi:repository-version" content="${version}"></head><body>${LINK}`);
}

test('parsePage() reads HTML of any version 1.x of the API, and refuses another major version (PEP 629)', async () => {
  const files = await parsePage(pageOf('1.99'), 'text/html; charset=utf-8', PAGE_URL);
  assert.deepEqual(
    files.map(({ url, yanked }) => [url, yanked]),
    [[`${PAGE_URL}a-1.0.zip`, '']],
  );
  await assert.rejects(parsePage(pageOf('2.0'), 'text/html', PAGE_URL), InvalidPageError);
});

test('parsePage() refuses what is neither JSON nor HTML, and JSON that is none', async () => {
  await assert.rejects(parsePage(Buffer.from(LINK), 'text/plain', PAGE_URL), UnsupportedContentTypeError);
  await assert.rejects(parsePage(Buffer.from(LINK), 'application/vnd.pypi.simple.v1+json', PAGE_URL), InvalidPageError);
});
