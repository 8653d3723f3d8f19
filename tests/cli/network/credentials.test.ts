/** Names and passwords: where they come from, where they go, and where they must not be seen. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { indexedScene, type IndexedScene } from '../../support/indexed-scene.ts';
import { startLocalIndex } from '../../support/local-index.ts';
import { buildWheel } from '../../support/wheel-builder.ts';

const login = { username: 'agent', password: 'hunter2' };
const SECRETS = ['hunter2', Buffer.from('agent:hunter2').toString('base64')];

interface Source {
  readonly title: string;
  readonly give: (scene: IndexedScene) => {
    readonly words?: readonly string[];
    readonly variables?: Readonly<Record<string, string>>;
  };
}

const sources: readonly Source[] = [
  { title: 'the URL of the index', give: ({ index }) => ({ words: ['--default-index', withLogin(index.url)] }) },
  { title: 'UV_DEFAULT_INDEX', give: ({ index }) => ({ variables: { UV_DEFAULT_INDEX: withLogin(index.url) } }) },
  {
    title: 'UV_INDEX_<NAME>_USERNAME and _PASSWORD',
    give: ({ index }) => ({
      words: ['--default-index', `my-index=${index.url}`],
      variables: { UV_INDEX_MY_INDEX_USERNAME: 'agent', UV_INDEX_MY_INDEX_PASSWORD: 'hunter2' },
    }),
  },
  {
    title: 'the file that NETRC names',
    give: ({ write }) => ({
      variables: { NETRC: write('netrc', 'machine 127.0.0.1 login agent password hunter2\n') },
    }),
  },
  {
    title: '.netrc at home',
    give: ({ write, folder }) => {
      write('.netrc', 'default login agent password hunter2\n');
      return { variables: { HOME: folder, NETRC: '' } };
    },
  },
  {
    title: 'a requirements file',
    give: ({ write, index }) => {
      write('r.txt', `-i ${withLogin(index.url)}\n`);
      return { words: ['-r', 'r.txt'], variables: { UV_DEFAULT_INDEX: '' } };
    },
  },
];
for (const { title, give } of sources) {
  test(`credentials from ${title} open the index, and are neither shown nor kept`, async (t) => {
    const scene = await indexedScene(t, { credentials: login });
    const { words = [], variables = {} } = give(scene);

    const { status, stdout, stderr } = await scene.run(['pip', 'install', '-v', 'good', ...words], variables);

    assert.equal(status, 0, stderr);
    assertNoSecret(`${stdout}${stderr}`, 'what was said');
    assertNoSecretBelow(scene.cache);
    assertNoSecretBelow(scene.environment);
  });
}

test('credentials in a URL requirement open the file, and are neither shown nor kept', async (t) => {
  const scene = await indexedScene(t, { credentials: login });
  const url = `${withLogin(scene.index.root)}files/good-1.0-py3-none-any.whl`;

  const { status, stderr } = await scene.run(['pip', 'install', '-v', `good @ ${url}`]);
  const frozen = await scene.run(['pip', 'freeze']);

  assert.equal(status, 0, stderr);
  assertNoSecret(`${stderr}${frozen.stdout}`, 'what was said');
  assertNoSecretBelow(scene.cache);
  assertNoSecretBelow(scene.environment);
});

test('files on another host get no credentials', async (t) => {
  const other = await startLocalIndex({ distributions: [buildWheel({ name: 'far', version: '1.0' })] });
  t.after(() => other.close());
  const scene = await indexedScene(t, { credentials: login });
  const body = `<a href="${other.root}files/far-1.0-py3-none-any.whl">far-1.0-py3-none-any.whl</a>`;
  scene.index.fail('/simple/far/', { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body });

  const { status, stderr } = await scene.run(['pip', 'install', 'far', '--default-index', withLogin(scene.index.url)]);

  assert.equal(status, 0, stderr);
  assert.ok(scene.index.requests.every(({ headers }) => headers['authorization'] !== undefined));
  assert.ok(other.requests.length > 0);
  assert.ok(other.requests.every(({ headers }) => headers['authorization'] === undefined));
});

test('a redirect to another host takes no credentials along', async (t) => {
  const other = await startLocalIndex({ distributions: [buildWheel({ name: 'far', version: '1.0' })] });
  t.after(() => other.close());
  const scene = await indexedScene(t, { credentials: login });
  scene.index.fail('/simple/far/', { kind: 'redirect', location: `${other.url}far/`, status: 301 });

  const { status, stderr } = await scene.run(['pip', 'install', 'far', '--default-index', withLogin(scene.index.url)]);

  assert.equal(status, 0, stderr);
  assert.ok(other.requests.every(({ headers }) => headers['authorization'] === undefined));
});

test('wrong credentials are refused in words that do not show them', async (t) => {
  const scene = await indexedScene(t, { credentials: { username: 'agent', password: 'other' } });

  const { status, stderr } = await scene.run([
    'pip',
    'install',
    '-v',
    'good',
    '--default-index',
    withLogin(scene.index.url),
  ]);

  assert.equal(status, 1);
  assert.match(stderr, /lack of valid authentication credentials \(401 Unauthorized\)/);
  assertNoSecret(stderr, 'what was said');
});

function withLogin(url: string): string {
  return url.replace('://', '://agent:hunter2@');
}

function assertNoSecret(text: string, where: string): void {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${where} shows ${secret}\n${text}`);
}

function assertNoSecretBelow(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const absolute = join(folder, path);
    if (statSync(absolute).isFile()) assertNoSecret(readFileSync(absolute, 'latin1'), absolute);
  }
}
