import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { httpClient, localIndex, temporaryFolder } from '../../../../tests/support/fetch-fixture.ts';
import { testCertificate, testKey } from '../../../../tests/support/test-certificate.ts';
import { buildWheel } from '../../../../tests/support/wheel-builder.ts';
import { createCredentialSource } from './credentials.ts';
import type { FetchEvent } from './fetch-events.ts';
import { HttpStatusError, NetworkError, OfflineError, RetriesExhaustedError } from './http-errors.ts';

const wheel = buildWheel({ name: 'demo', version: '1.0' });
const file = `/files/${wheel.filename}`;

test('read() tries a transient status again, and says so', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const events: FetchEvent[] = [];
  index.fail(file, { kind: 'status', status: 503, times: 2 });

  const answer = await httpClient(t, { events }).read({ url: `${index.root}${file.slice(1)}` });

  assert.equal(answer.status, 200);
  assert.equal(index.count(file), 3);
  assert.equal(events.filter(({ type }) => type === 'retry').length, 2);
});

test('read() gives up after the retries it was allowed', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  index.fail(file, { kind: 'status', status: 500 });

  await assert.rejects(httpClient(t, { retries: 1 }).read({ url: `${index.root}${file.slice(1)}` }), (error) => {
    assert.ok(error instanceof RetriesExhaustedError);
    assert.equal(error.message, 'Request failed after 1 retry');
    assert.ok(error.cause instanceof HttpStatusError);
    assert.equal(
      error.cause.message,
      `HTTP status server error (500 Internal Server Error) for url (${index.root}${file.slice(1)})`,
    );
    return true;
  });
  assert.equal(index.count(file), 2);
});

test('read() waits as long as Retry-After says', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const events: FetchEvent[] = [];
  index.fail(file, { kind: 'status', status: 429, headers: { 'retry-after': '0' }, times: 1 });

  await httpClient(t, { events, firstPauseMs: 60_000 }).read({ url: `${index.root}${file.slice(1)}` });

  assert.deepEqual(
    events.filter((event) => event.type === 'retry').map(({ delayMs }) => delayMs),
    [0],
  );
});

test('read() asks again when the answer is cut off', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  index.fail(file, { kind: 'cut', afterBytes: 10, times: 1 });

  const answer = await httpClient(t).read({ url: `${index.root}${file.slice(1)}` });

  assert.ok(answer.content.equals(wheel.content));
});

test('read() gives up on a server that says nothing within the time-out', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  for (const kind of ['silence', 'stall'] as const) {
    index.fail(file, { kind });

    await assert.rejects(
      httpClient(t, { timeoutMs: 50, retries: 0 }).read({ url: `${index.root}${file.slice(1)}` }),
      (error) => {
        assert.ok(error instanceof NetworkError, String(error));
        assert.ok(error.timedOut);
        return true;
      },
    );
  }
});

test('read() names the URL when nobody listens', async (t) => {
  const index = await localIndex(t);
  const url = `${index.root}gone`;
  await index.close();

  await assert.rejects(
    httpClient(t, { retries: 0 }).read({ url }),
    (error) => error instanceof NetworkError && error.message.includes(url),
  );
});

test('read() follows redirects and keeps credentials on one server', async (t) => {
  const index = await localIndex(t, { distributions: [wheel], credentials: { username: 'u', password: 'p' } });
  index.fail('/old', { kind: 'redirect', location: file, status: 307 });

  const answer = await httpClient(t).read({ url: `${index.root.replace('//', '//u:p@')}old` });

  assert.equal(answer.status, 200);
  assert.equal(answer.url, `${index.root}${file.slice(1)}`);
});

test('read() sends credentials to no other host', async (t) => {
  const other = await localIndex(t, { distributions: [wheel] });
  const index = await localIndex(t);
  const login = { username: 'u', password: 'p' };
  const credentials = createCredentialSource({ indexes: [{ url: index.url.replace('//', '//u:p@') }] });
  index.fail('/old', { kind: 'redirect', location: `${other.root}${file.slice(1)}` });

  await httpClient(t, { credentials }).read({ url: `${index.root}old` });

  assert.equal(
    index.requests[0]?.headers['authorization'],
    `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
  );
  assert.equal(other.requests.length, 1);
  assert.equal(other.requests[0]?.headers['authorization'], undefined);
});

test('read() shows no password in errors and events', async (t) => {
  const index = await localIndex(t);
  const events: FetchEvent[] = [];
  index.fail('/x', { kind: 'status', status: 500 });
  const url = `${index.root.replace('//', '//user:hunter2@')}x`;

  await assert.rejects(
    httpClient(t, { events }).read({ url }),
    (error: Error) => !`${error.message}${String(error.cause)}`.includes('hunter2'),
  );

  assert.ok(events.length > 0);
  assert.ok(!JSON.stringify(events).includes('hunter2'));
});

test('read() does not follow redirects for ever', async (t) => {
  const index = await localIndex(t);
  index.fail('/loop', { kind: 'redirect', location: '/loop' });

  await assert.rejects(
    httpClient(t).read({ url: `${index.root}loop` }),
    (error) => error instanceof NetworkError && !error.transient,
  );
});

test('read() sends nothing when offline', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });

  await assert.rejects(httpClient(t, { offline: true }).read({ url: index.url }), OfflineError);

  assert.equal(index.requests.length, 0);
});

test('read() goes through a proxy, unless NO_PROXY names the host', async (t) => {
  const proxy = await localIndex(t, { distributions: [wheel] });
  const index = await localIndex(t, { distributions: [wheel] });
  const url = `${index.root}${file.slice(1)}`;

  await httpClient(t, { proxies: { http: proxy.root } }).read({ url });
  await httpClient(t, { proxies: { http: proxy.root, none: '127.0.0.1' } }).read({ url });

  assert.equal(proxy.requests.length, 1);
  assert.equal(index.requests.length, 1);
});

test('read() undoes the content encoding', async (t) => {
  const index = await localIndex(t);
  index.fail('/zipped', {
    kind: 'status',
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync('{"a": 1}'),
  });

  const answer = await httpClient(t).read({ url: `${index.root}zipped` });

  assert.equal(answer.content.toString('utf8'), '{"a": 1}');
});

test('send() lets no more requests run at once than it may', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const client = httpClient(t, { concurrentDownloads: 2 });
  const url = `${index.root}${file.slice(1)}`;
  const first = await client.send({ url });
  const second = await client.send({ url });

  const third = client.send({ url });
  await first.discard();
  const answer = await third;

  assert.equal(answer.status, 200);
  assert.equal(index.count(file), 3);
  await second.discard();
  await answer.discard();
});

test('read() stops at once when its signal is aborted', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const controller = new AbortController();
  index.fail(file, { kind: 'silence' });

  const reading = httpClient(t).read({ url: `${index.root}${file.slice(1)}`, signal: controller.signal });
  controller.abort(new Error('enough'));

  await assert.rejects(reading, { message: 'enough' });
});

test('read() trusts a certificate that SSL_CERT_FILE has, or whose host is insecure by order, and no other', async (t) => {
  const server = createServer({ key: testKey, cert: testCertificate }, (_, response) => response.end('hello'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const caFile = join(temporaryFolder(t), 'ca.pem');
  writeFileSync(caFile, testCertificate);

  const trusting = await httpClient(t, { caFile }).read({ url });
  const careless = await httpClient(t, { insecureHosts: ['127.0.0.1'] }).read({ url });

  assert.equal(trusting.content.toString('utf8'), 'hello');
  assert.equal(careless.content.toString('utf8'), 'hello');
  await assert.rejects(
    httpClient(t).read({ url }),
    (error) =>
      error instanceof NetworkError && !error.transient && /invalid peer certificate/.test(String(error.cause)),
  );
  await assert.rejects(httpClient(t, { caFile: `${caFile}.gone` }).read({ url }), { code: 'UNUSABLE_CERTIFICATES' });
});

test('read() trusts the certificates of the files in SSL_CERT_DIR, and passes other files over', async (t) => {
  const index = await localIndex(t, { tls: true, distributions: [wheel] });
  const caFolder = temporaryFolder(t);
  writeFileSync(join(caFolder, 'ca.pem'), testCertificate);
  writeFileSync(join(caFolder, 'notes.txt'), 'no certificate');

  const { status } = await httpClient(t, { caFolder }).read({ url: `${index.root}${file.slice(1)}` });

  assert.equal(status, 200);
  await assert.rejects(httpClient(t, { caFolder: `${caFolder}/gone` }).read({ url: index.root }), {
    code: 'UNUSABLE_CERTIFICATES',
    hint: 'Set SSL_CERT_DIR to a folder of PEM certificates, or unset it',
  });
});
