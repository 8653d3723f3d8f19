import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type DirectUrl, formatDirectUrl, InvalidDirectUrlError, parseDirectUrl } from './direct-url.ts';

test('formatDirectUrl() writes archives, folders and repositories, and parseDirectUrl() reads them back', () => {
  const written: readonly (readonly [DirectUrl, string])[] = [
    [
      { url: 'https://example.org/a.zip', subdirectory: 'b', origin: { kind: 'archive', hashes: { sha256: '00' } } },
      '{"url":"https://example.org/a.zip","archive_info":{"hashes":{"sha256":"00"}},"subdirectory":"b"}',
    ],
    [
      { url: 'file:///srv/a', origin: { kind: 'directory', editable: true } },
      '{"url":"file:///srv/a","dir_info":{"editable":true}}',
    ],
    [
      {
        url: 'https://example.org/a.git',
        origin: { kind: 'vcs', vcs: 'git', commit: '7921be1', requestedRevision: 'main' },
      },
      '{"url":"https://example.org/a.git","vcs_info":{"vcs":"git","commit_id":"7921be1","requested_revision":"main"}}',
    ],
  ];
  for (const [value, text] of written) {
    assert.equal(formatDirectUrl(value), text);
    assert.deepEqual(parseDirectUrl(text), value);
  }
});

test('parseDirectUrl() reads the older single hash, and refuses what says nothing of an origin', () => {
  const old = parseDirectUrl('{"url":"https://example.org/a.zip","archive_info":{"hash":"sha256=00"}}');
  assert.deepEqual(old.origin, { kind: 'archive', hashes: { sha256: '00' } });
  for (const text of ['', '[]', '{}', '{"url":1}', '{"url":"file:///a"}', '{"url":"a","vcs_info":{"vcs":"git"}}'])
    assert.throws(() => parseDirectUrl(text), InvalidDirectUrlError, text);
});
