import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCredentialSource } from './credentials.ts';
import { isFresh, freshnessOf } from './http-cache.ts';
import { isInsecureHost } from './network-error.ts';
import { findNetrcLogin, parseNetrc } from './netrc.ts';
import { proxiesOfVariables, proxyFor } from './proxies.ts';
import { redactUrl, withoutCredentials } from './redact-url.ts';
import { parseRetryAfter } from './retry.ts';

test('parseNetrc() reads machines, defaults, comments, quotes and macros', () => {
  const entries = parseNetrc(
    '# top\nmachine a.example login u password p # end\nmacdef init\nmachine evil\n\nmachine b.example\n  login "two words"\n  account x\n  password "a\\"b"\ndefault login d password e',
  );

  assert.deepEqual(entries, [
    { machine: 'a.example', username: 'u', password: 'p' },
    { machine: 'b.example', username: 'two words', password: 'a"b' },
    { machine: undefined, username: 'd', password: 'e' },
  ]);
  assert.deepEqual(findNetrcLogin(entries, 'a.example'), { username: 'u', password: 'p' });
  assert.deepEqual(findNetrcLogin(entries, 'c.example'), { username: 'd', password: 'e' });
});

test('createCredentialSource() prefers the URL, then the longest path of an index, then its server, and no other', () => {
  const source = createCredentialSource({
    indexes: [{ url: 'https://a:1@host.example/simple' }, { url: 'https://b:2@host.example/simple/private' }],
  });
  const find = (url: string): string | undefined => source.find(new URL(url))?.username;

  assert.equal(find('https://c:3@host.example/simple/x/'), 'c');
  assert.equal(find('https://host.example/simple/private/x/'), 'b');
  assert.equal(find('https://host.example/simple/x/'), 'a');
  assert.equal(find('https://host.example/files/x.whl'), 'a');
  assert.equal(find('http://host.example/simple/x/'), undefined);
  assert.equal(find('https://host.example:8443/simple/x/'), undefined);
  assert.equal(find('https://other.example/simple/x/'), undefined);
});

const proxied: readonly (readonly [url: string, none: string, through: boolean])[] = [
  ['https://pypi.example/x', '', true],
  ['https://pypi.example/x', 'pypi.example', false],
  ['https://pypi.example/x', '.example', false],
  ['https://pypi.example/x', 'i.example', true],
  ['https://pypi.example:8443/x', 'pypi.example:443', true],
  ['https://pypi.example/x', 'pypi.example:443', false],
  ['https://pypi.example/x', '*', false],
  ['https://10.1.2.3/x', '10.0.0.0/8', false],
  ['https://11.1.2.3/x', '10.0.0.0/8', true],
  ['https://[::1]/x', '::1', false],
];
for (const [url, none, through] of proxied) {
  test(`proxyFor() ${through ? 'takes' : 'avoids'} the proxy for ${url} with NO_PROXY=${none}`, () => {
    const proxies = proxiesOfVariables({ HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: none });

    assert.equal(proxyFor(new URL(url), proxies), through ? 'http://proxy.example:3128' : undefined);
  });
}

test('proxiesOfVariables() prefers lower case and falls back to ALL_PROXY', () => {
  const proxies = proxiesOfVariables({ http_proxy: 'http://a', HTTP_PROXY: 'http://b', ALL_PROXY: 'socks5://c' });

  assert.equal(proxyFor(new URL('http://x.example/'), proxies), 'http://a');
  assert.equal(proxyFor(new URL('https://x.example/'), proxies), 'socks5://c');
});

test('redactUrl() hides passwords and bare tokens, and nothing else', () => {
  assert.equal(redactUrl('https://user:pa%40ss@host/x?y=a@b'), 'https://user:****@host/x?y=a@b');
  assert.equal(redactUrl('https://token@host/'), 'https://****@host/');
  assert.equal(redactUrl('https://host/@scope'), 'https://host/@scope');
  assert.equal(withoutCredentials('https://user:pw@host/x'), 'https://host/x');
});

test('isInsecureHost() compares host, port and scheme as they are given', () => {
  const url = new URL('https://host.example:8443/x');

  assert.ok(isInsecureHost(url, ['host.example']));
  assert.ok(isInsecureHost(url, ['host.example:8443']));
  assert.ok(isInsecureHost(url, ['https://host.example']));
  assert.ok(!isInsecureHost(url, ['http://host.example']));
  assert.ok(!isInsecureHost(url, ['host.example:443']));
  assert.ok(!isInsecureHost(url, ['other.example', 'ost.example']));
});

test('parseRetryAfter() reads seconds and dates', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  assert.equal(parseRetryAfter('3', now), 3000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', now), 5000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2025 00:00:05 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), undefined);
});

const lifetimes: readonly (readonly [headers: Record<string, string>, seconds: number])[] = [
  [{ 'cache-control': 'max-age=600, public' }, 600],
  [{ 'cache-control': 'private, max-age=60' }, 60],
  [{ 'cache-control': 'max-age=600', age: '500' }, 100],
  [{ 'cache-control': 'no-store' }, 0],
  [{ 'cache-control': 'no-cache, max-age=600' }, 0],
  [{ 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' }, 600],
  [{}, 0],
];
for (const [headers, seconds] of lifetimes) {
  test(`freshnessOf() gives ${seconds} s to an answer with ${JSON.stringify(headers)}`, async () => {
    const stored = await freshnessOf(
      { status: 200, headers: { date: new Date().toUTCString(), ...headers } },
      'https://host.example/simple/x/',
      {},
    );

    const lifetime = stored.freshUntilMs - stored.fetchedMs;
    assert.ok(lifetime <= seconds * 1000 && lifetime >= Math.max(0, seconds - 3) * 1000, String(lifetime));
    assert.equal(isFresh(stored, stored.fetchedMs), seconds > 0);
    assert.equal(isFresh(stored, stored.fetchedMs - 1), false);
  });
}
