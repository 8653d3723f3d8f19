/** What is asked of an index, and how often. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { indexedScene, type IndexedScene } from '../../support/indexed-scene.ts';
import { startLocalIndex, type LocalIndexOptions } from '../../support/local-index.ts';
import { buildWheel } from '../../support/wheel-builder.ts';

const page = '/simple/good/';
const file = '/files/good-1.0-py3-none-any.whl';

/** A dry run: it resolves, and installs nothing. */
async function resolve(scene: IndexedScene, ...words: readonly string[]): Promise<string> {
  const { status, stderr } = await scene.run(['pip', 'install', '--dry-run', 'good', ...words]);
  assert.equal(status, 0, stderr);
  return stderr;
}

const sources: readonly {
  readonly title: string;
  readonly options: LocalIndexOptions;
  readonly asked: readonly string[];
}[] = [
  { title: 'the sidecar', options: {}, asked: [`GET ${file}.metadata`] },
  { title: 'the sidecar, named by HTML', options: { format: 'html' }, asked: [`GET ${file}.metadata`] },
  { title: 'the end of the wheel', options: { sidecars: false }, asked: [`GET ${file} in part`] },
  {
    title: 'the whole wheel, where there are no ranges',
    options: { sidecars: false, ranges: false },
    asked: [`GET ${file} in part`, `GET ${file}`],
  },
];
for (const { title, options, asked } of sources) {
  test(`metadata is read from ${title}`, async (t) => {
    const scene = await indexedScene(t, options);

    await resolve(scene);

    const requests = scene.index.requests.filter(({ path }) => path !== page);
    assert.deepEqual(
      requests.map(
        ({ method, path, headers }) => `${method} ${path}${headers['range'] === undefined ? '' : ' in part'}`,
      ),
      asked,
    );
  });
}

for (const lie of ['bytes 0-9/10', 'bytes 5-900000/900001', 'nonsense']) {
  test(`a server that lies about ranges (${lie}) is asked for the whole wheel`, async (t) => {
    const scene = await indexedScene(t, { sidecars: false });
    scene.index.fail(file, {
      kind: 'status',
      status: 206,
      headers: { 'content-range': lie },
      body: 'not a part of a wheel',
      times: 1,
    });

    await resolve(scene);

    assert.equal(scene.index.requests.at(-1)?.headers['range'], undefined);
  });
}

test('JSON is preferred to HTML, which is accepted', async (t) => {
  const scene = await indexedScene(t);

  await resolve(scene);

  assert.equal(
    scene.index.requests[0]?.headers['accept'],
    'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01',
  );
});

test('a page is asked for once while it is fresh, and confirmed by its validator when it is not', async (t) => {
  const fresh = await indexedScene(t, { maxAgeSeconds: 600 });
  const stale = await indexedScene(t, { maxAgeSeconds: 0 });

  for (const scene of [fresh, fresh, stale, stale]) await resolve(scene);

  assert.equal(fresh.index.count(page), 1);
  const asked = stale.index.requests.filter(({ path }) => path === page);
  assert.equal(asked.length, 2);
  assert.equal(typeof asked[1]?.headers['if-none-match'], 'string');
});

test('--refresh asks anew, --refresh-package for one project, --offline for none', async (t) => {
  const scene = await indexedScene(t);

  for (const words of [[], ['--refresh'], ['--refresh-package', 'good'], ['--refresh-package', 'other'], ['--offline']])
    await resolve(scene, ...words);

  assert.equal(scene.index.count(page), 3);
});

test('a page that must not be stored is not used again', async (t) => {
  const scene = await indexedScene(t);
  const body = `<a href="${file}">good-1.0-py3-none-any.whl</a>`;
  const headers = { 'content-type': 'text/html', 'cache-control': 'no-store' };
  scene.index.fail(page, { kind: 'status', status: 200, headers, body });

  await resolve(scene);
  await resolve(scene);

  assert.equal(scene.index.count(page), 2);
});

const strategies = [
  { strategy: 'first-index', wants: 'good==1.0' },
  { strategy: 'unsafe-first-match', wants: 'good==1.0' },
  { strategy: 'unsafe-best-match', wants: 'good==2.0' },
];
for (const { strategy, wants } of strategies) {
  test(`--index-strategy ${strategy} takes ${wants}`, async (t) => {
    const last = await startLocalIndex({ distributions: [buildWheel({ name: 'good', version: '2.0' })] });
    t.after(() => last.close());
    const scene = await indexedScene(t);

    const said = await resolve(
      scene,
      '--index-strategy',
      strategy,
      '--index',
      scene.index.url,
      '--default-index',
      last.url,
    );

    assert.match(said, new RegExp(` \\+ ${wants}`));
  });
}

const links: readonly { readonly title: string; readonly place: (scene: IndexedScene) => string }[] = [
  { title: 'an HTML page', place: ({ index }) => `${index.root}files/` },
  { title: 'a folder', place: () => 'links' },
  { title: 'a file: URL', place: ({ folder }) => pathToFileURL(`${folder}/links`).href },
];
for (const { title, place } of links) {
  test(`--find-links takes ${title}`, async (t) => {
    const scene = await indexedScene(t);
    const { filename, content } = buildWheel({ name: 'good', version: '1.0' });
    scene.write(`links/${filename}`, content);

    const said = await resolve(scene, '--no-index', '--find-links', place(scene));

    assert.match(said, / \+ good==1\.0/);
    assert.equal(scene.index.count(page), 0);
  });
}
