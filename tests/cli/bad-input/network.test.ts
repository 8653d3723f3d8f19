/** What servers, proxies and networks answer. */
import { createServer } from 'node:net';
import { refusesBadInputs, type BadInput } from '../../support/bad-input.ts';
import type { IndexedScene } from '../../support/indexed-scene.ts';
import type { IndexFault } from '../../support/index-fault.ts';
import { buildWheel } from '../../support/wheel-builder.ts';

const install = ['pip', 'install', 'good'];
const page = '/simple/good/';
const wheel = '/files/good-1.0-py3-none-any.whl';

function failing(path: string, fault: IndexFault, words = install): (scene: IndexedScene) => readonly string[] {
  return ({ index }) => {
    index.fail(path, fault);
    return words;
  };
}

function answering(body: string, contentType: string): (scene: IndexedScene) => readonly string[] {
  return failing(page, { kind: 'status', status: 200, headers: { 'content-type': contentType }, body });
}

const refusals = [400, 401, 403, 410, 451, 429, 500, 502, 503].map((status): BadInput => ({
  title: `status ${status} for a page`,
  words: failing(page, { kind: 'status', status }),
  says: ['[INDEX]/simple/', String(status)],
  status: status === 401 || status === 403 ? 1 : 2,
}));

refusesBadInputs('index', [
  ...refusals,
  { title: 'status 404 for a page', words: ['pip', 'install', 'absent'], says: ['absent'], status: 1 },
  {
    title: 'status 404 for a file',
    status: 1,
    words: failing(wheel, { kind: 'status', status: 404 }),
    says: [`[INDEX]${wheel}`, '404'],
  },
  {
    title: 'status 500 for a file, also after retries',
    status: 1,
    words: failing(wheel, { kind: 'status', status: 500 }),
    variables: { UV_HTTP_RETRIES: '1' },
    says: [`[INDEX]${wheel}`, '500', '1 retry'],
  },
  {
    title: 'silence',
    words: failing(page, { kind: 'silence' }),
    variables: { UV_HTTP_TIMEOUT: '1' },
    says: ['[INDEX]/simple/good/', 'UV_HTTP_TIMEOUT', '1s'],
  },
  {
    title: 'a file that stalls',
    status: 1,
    words: failing(wheel, { kind: 'stall' }),
    variables: { UV_HTTP_TIMEOUT: '1' },
    says: [`[INDEX]${wheel}`, 'UV_HTTP_TIMEOUT'],
  },
  {
    title: 'redirects without end',
    words: failing(page, { kind: 'redirect', location: page }),
    says: ['[INDEX]/simple/good/', 'redirect'],
  },
  {
    title: 'a redirect to another scheme',
    words: failing(page, { kind: 'redirect', location: 'ftp://host.invalid/' }),
    says: ['[INDEX]/simple/good/', 'ftp:'],
  },
  {
    title: 'a redirect to nowhere',
    words: failing(page, { kind: 'redirect', location: 'http://[::' }),
    says: ['[INDEX]/simple/good/', 'http://[::'],
  },
  {
    title: 'a file that is cut off again and again',
    status: 1,
    words: failing(wheel, { kind: 'cut', afterBytes: 10 }),
    says: [`[INDEX]${wheel}`, 'the connection was closed'],
  },
  {
    title: 'a file that is shorter than the page says',
    status: 1,
    words: failing(wheel, { kind: 'truncated', sizeBytes: 100 }),
    says: ['good==1.0', 'mismatch'],
  },
  {
    title: 'other bytes than the page says',
    status: 1,
    words: failing(wheel, { kind: 'wrong-bytes' }),
    says: ['Hash mismatch', 'good', 'sha256:'],
  },
  {
    title: 'an unknown type of page',
    words: answering('PK', 'application/zip'),
    says: ['application/zip', '[INDEX]/simple/good/'],
  },
  {
    title: 'a page of JSON that is none',
    words: answering('{"files": [', 'application/vnd.pypi.simple.v1+json'),
    says: ['[INDEX]/simple/good/'],
  },
  {
    title: 'a page of JSON without files',
    words: answering('{"meta": {"api-version": "1.0"}, "name": "good"}', 'application/vnd.pypi.simple.v1+json'),
    says: ['[INDEX]/simple/good/', 'files'],
  },
  {
    title: 'a page of a later version',
    words: answering(
      '{"meta": {"api-version": "2.0"}, "name": "good", "files": []}',
      'application/vnd.pypi.simple.v1+json',
    ),
    says: ['[INDEX]/simple/good/', '2.0'],
  },
  {
    title: 'a page of HTML with a hash that is none',
    words: answering('<a href="/files/good-1.0-py3-none-any.whl#sha256=zz">good-1.0-py3-none-any.whl</a>', 'text/html'),
    says: ['[INDEX]/simple/good/', 'sha256=zz'],
  },
  {
    title: 'a page of HTML without links',
    words: answering('<html><h1>It works!', 'text/html'),
    says: ['good'],
    status: 1,
  },
  {
    title: 'a page of HTML with a link that is none',
    words: answering('<a href="http://[::/good-1.0-py3-none-any.whl">good-1.0-py3-none-any.whl</a>', 'text/html'),
    says: ['http://[::/good-1.0-py3-none-any.whl', 'no valid URL'],
  },
  {
    title: 'a truncated encoding',
    words: failing(page, {
      kind: 'status',
      status: 200,
      headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' },
      body: new Uint8Array([0x1f, 0x8b, 8, 0]),
    }),
    says: ['[INDEX]/simple/good/'],
  },
  {
    title: 'a wheel of another size than the page says',
    status: 1,
    words: ({ index }) => {
      const { filename, content, sha256 } = buildWheel({ name: 'sized', version: '1.0' });
      index.fail('/simple/sized/', {
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
        body: JSON.stringify({
          meta: { 'api-version': '1.1' },
          name: 'sized',
          files: [{ filename, url: `/files/${filename}`, hashes: {}, size: content.length + 1 }],
        }),
      });
      index.add({ filename, content, sha256 });
      return ['pip', 'install', 'sized'];
    },
    says: ['Size mismatch for `sized==1.0`'],
  },
  {
    title: 'a sidecar with another hash',
    words: ({ index, offer }) => {
      const { filename } = offer({ name: 'side', version: '1.0' });
      index.fail(`/files/${filename}.metadata`, {
        kind: 'status',
        status: 200,
        body: 'Metadata-Version: 2.1\nName: side\nVersion: 1.0\nSummary: other\n',
      });
      return ['pip', 'install', 'side'];
    },
    says: ['side-1.0-py3-none-any.whl.metadata', 'sha256:'],
  },
]);

refusesBadInputs('connection', [
  {
    title: 'refused',
    words: [...install, '--default-index', 'http://127.0.0.1:1/simple/'],
    says: ['http://127.0.0.1:1/simple/good/', 'the connection was refused'],
  },
  {
    title: 'to a host without an address',
    words: [...install, '--default-index', 'http://host.invalid/simple/'],
    says: ['http://host.invalid/simple/good/', 'dns error'],
  },
  {
    title: 'to a proxy that refuses',
    words: [...install, '--default-index', 'http://host.invalid/simple/'],
    variables: { HTTP_PROXY: 'http://user:hunter2@127.0.0.1:1' },
    says: ['http://host.invalid/simple/good/'],
  },
  {
    title: 'through a proxy that is none',
    words: [...install, '--default-index', 'http://host.invalid/simple/'],
    variables: { HTTP_PROXY: 'gopher://127.0.0.1' },
    says: ['gopher://127.0.0.1', 'HTTP_PROXY'],
  },
  {
    title: 'to a server that speaks no HTTP',
    words: async ({ t }) => {
      const server = createServer((socket) => {
        // Whoever is greeted so hangs up.
        socket.on('error', () => socket.destroy());
        socket.end('220 mail.invalid ESMTP\r\n');
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      t.after(() => server.close());
      const address = server.address();
      return [
        ...install,
        '--default-index',
        `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/simple/`,
      ];
    },
    says: [/http:\/\/127\.0\.0\.1:\d+\/simple\/good\//, 'does not speak HTTP'],
  },
  { title: 'forbidden by --offline', words: [...install, '--offline'], says: ['good', 'disabled'], status: 1 },
  {
    title: 'with a file of certificates that is not there',
    words: install,
    variables: { SSL_CERT_FILE: '/nowhere/ca.pem' },
    says: ['/nowhere/ca.pem', 'SSL_CERT_FILE'],
  },
  {
    title: 'with a password in the URL that is refused',
    words: ({ index }) => {
      index.fail(page, { kind: 'status', status: 401 });
      return [...install, '-v', '--default-index', index.url.replace('//', '//user:hunter2@')];
    },
    says: ['401'],
    status: 1,
  },
]);
