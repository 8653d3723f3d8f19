/** Proxies, on the runtime of the command under test. Hosts that end in `.invalid` have no address: only a proxy reaches them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexedScene } from '../../support/indexed-scene.ts';
import { testCertificate } from '../../support/test-certificate.ts';
import { startProxy } from '../../support/test-proxy.ts';

const LOGIN = 'agent:hunter2';
const BASIC = `Basic ${Buffer.from(LOGIN).toString('base64')}`;

for (const variable of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
  test(`${variable} is gone through, with its credentials, and they are not shown`, async (t) => {
    const scene = await indexedScene(t);
    const proxy = await startProxy(t, { port: portOf(scene.index.root), login: LOGIN });

    const { status, stderr } = await scene.run(
      ['pip', 'install', '-v', 'good', '--default-index', 'http://index.invalid/simple/'],
      { [variable]: `http://${LOGIN}@${proxy.host}` },
    );

    assert.equal(status, 0, stderr);
    assert.deepEqual(proxy.requests[0], {
      method: 'GET',
      target: 'http://index.invalid/simple/good/',
      login: BASIC,
    });
    assert.ok(!stderr.includes('hunter2'));
    assert.ok(scene.index.requests.every(({ headers }) => headers['proxy-authorization'] === undefined));
  });
}

for (const variable of ['HTTPS_PROXY', 'ALL_PROXY']) {
  test(`${variable} is asked for a tunnel to an https index, with its credentials`, async (t) => {
    const scene = await indexedScene(t, { tls: true });
    const proxy = await startProxy(t, { port: portOf(scene.index.root), login: LOGIN });
    const certificates = scene.write('ca.pem', testCertificate);

    const { status, stderr } = await scene.run(
      ['pip', 'install', 'good', '--default-index', 'https://localhost:1/simple/'],
      { [variable]: `http://${LOGIN}@${proxy.host}`, SSL_CERT_FILE: certificates },
    );

    assert.equal(status, 0, stderr);
    assert.ok(proxy.requests.length > 0);
    for (const request of proxy.requests)
      assert.deepEqual(request, { method: 'CONNECT', target: 'localhost:1', login: BASIC });
  });
}

test('NO_PROXY names hosts that are reached without the proxy', async (t) => {
  const scene = await indexedScene(t);
  const proxy = await startProxy(t, { port: portOf(scene.index.root) });

  const { status, stderr } = await scene.run(['pip', 'install', 'good'], {
    HTTP_PROXY: `http://${proxy.host}`,
    NO_PROXY: 'example.org,127.0.0.1',
  });

  assert.equal(status, 0, stderr);
  assert.deepEqual(proxy.requests, []);
});

for (const tls of [false, true]) {
  test(`a proxy that refuses the credentials is named as the cause (${tls ? 'https' : 'http'})`, async (t) => {
    const scene = await indexedScene(t);
    const proxy = await startProxy(t, { port: portOf(scene.index.root), login: LOGIN });
    const url = `${tls ? 'https' : 'http'}://index.invalid/simple/`;

    const { status, stderr } = await scene.run(['pip', 'install', 'good', '--default-index', url], {
      ALL_PROXY: `http://agent:wrong-hunter2@${proxy.host}`,
    });

    assert.equal(status, 2, stderr);
    assert.match(stderr, /407|[Pp]roxy/);
    assert.ok(stderr.includes(`${url}good/`), stderr);
    assert.ok(!stderr.includes('hunter2'), stderr);
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
