/** Whose certificates are believed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexedScene, type IndexedScene } from '../../support/indexed-scene.ts';
import { testCertificate } from '../../support/test-certificate.ts';

interface Trust {
  readonly title: string;
  readonly words?: readonly string[];
  readonly variables?: (scene: IndexedScene) => Readonly<Record<string, string>>;
}

const trusting: readonly Trust[] = [
  { title: 'SSL_CERT_FILE holds', variables: ({ write }) => ({ SSL_CERT_FILE: write('ca.pem', testCertificate) }) },
  {
    title: 'a file in SSL_CERT_DIR holds',
    variables: ({ write, folder }) => {
      write('certificates/ca.pem', testCertificate);
      return { SSL_CERT_DIR: `${folder}/certificates` };
    },
  },
  { title: '--allow-insecure-host lets pass', words: ['--allow-insecure-host', '127.0.0.1'] },
  { title: 'UV_INSECURE_HOST lets pass', variables: () => ({ UV_INSECURE_HOST: 'example.org 127.0.0.1' }) },
];
for (const { title, words = [], variables } of trusting) {
  test(`a certificate that ${title} is believed`, async (t) => {
    const scene = await indexedScene(t, { tls: true });

    const { status, stderr } = await scene.run(['pip', 'install', 'good', ...words], variables?.(scene));

    assert.equal(status, 0, stderr);
  });
}

const distrusting: readonly Trust[] = [
  { title: 'nobody vouches for' },
  { title: 'the system does not know', words: ['--system-certs'] },
  { title: '--allow-insecure-host lets pass for another host', words: ['--allow-insecure-host', 'example.org'] },
];
for (const { title, words = [] } of distrusting) {
  test(`a certificate that ${title} is not believed, and nothing is sent`, async (t) => {
    const scene = await indexedScene(t, { tls: true });

    const { status, stderr } = await scene.run(['pip', 'install', 'good', ...words]);

    assert.equal(status, 2, stderr);
    assert.ok(stderr.includes(`${scene.index.url}good/`), stderr);
    assert.match(stderr, /invalid peer certificate/);
    assert.match(stderr, /SSL_CERT_FILE/);
    assert.equal(scene.index.requests.length, 0);
  });
}
