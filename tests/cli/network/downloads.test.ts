/** Downloads that are slow, refused for a while, or broken off. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { indexedScene, type IndexedScene } from '../../support/indexed-scene.ts';

const retrying = { UV_HTTP_RETRIES: '3' };

/** Where the connections are cut: far enough for the runtimes to have handed on what came before. */
const CUT = 1 << 20;

function offerLarge(scene: IndexedScene): string {
  const { filename } = scene.offer({ name: 'large', version: '1.0', files: { 'large.bin': randomBytes(3 * CUT) } });
  return `/files/${filename}`;
}

/** Where the parts begin that were asked for, the whole file as 0. */
function starts(scene: IndexedScene, path: string): readonly number[] {
  const asked = scene.index.requests.filter((request) => request.path === path);
  return asked.map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(String(headers['range']))?.[1] ?? 0));
}

test('a download that breaks off goes on where it stopped, if the file is still the same', async (t) => {
  const scene = await indexedScene(t);
  const path = offerLarge(scene);
  scene.index.fail(path, { kind: 'cut', afterBytes: CUT, times: 2 });

  const { status, stderr } = await scene.run(['pip', 'install', 'large'], retrying);

  assert.equal(status, 0, stderr);
  const [first, second = 0, third = 0] = starts(scene, path);
  assert.equal(first, 0);
  assert.ok(second > 0 && second <= CUT && third > second && third <= 2 * CUT, `${second} ${third}`);
  const conditions = scene.index.requests.filter((request) => request.path === path).slice(1);
  assert.ok(conditions.every(({ headers }) => typeof headers['if-range'] === 'string'));
});

test('a download that another command left unfinished is finished', async (t) => {
  const scene = await indexedScene(t);
  const path = offerLarge(scene);
  scene.index.fail(path, { kind: 'cut', afterBytes: CUT, times: 1 });

  const broken = await scene.run(['pip', 'install', 'large']);
  const { status, stderr } = await scene.run(['pip', 'install', 'large']);

  assert.equal(broken.status, 1, broken.stderr);
  assert.equal(status, 0, stderr);
  const [, second = 0] = starts(scene, path);
  assert.ok(second > 0 && second <= CUT, String(second));
});

for (const status of [408, 429, 500, 502, 503, 504]) {
  test(`status ${status} is met with another attempt`, async (t) => {
    const scene = await indexedScene(t);
    const path = offerLarge(scene);
    scene.index.fail(path, { kind: 'status', status, times: 1, headers: { 'retry-after': '0' } });

    const run = await scene.run(['pip', 'install', 'large'], retrying);

    assert.equal(run.status, 0, run.stderr);
    assert.equal(scene.index.count(path), 2);
  });
}

const waits = [
  { title: 'seconds', value: () => '1' },
  { title: 'a date', value: () => new Date(Date.now() + 2000).toUTCString() },
];
for (const { title, value } of waits) {
  test(`Retry-After as ${title} is waited for`, async (t) => {
    const scene = await indexedScene(t);
    const path = offerLarge(scene);
    scene.index.fail(path, { kind: 'status', status: 503, times: 1, headers: { 'retry-after': value() } });

    const { status, stderr } = await scene.run(['pip', 'install', '-v', 'large'], retrying);

    assert.equal(status, 0, stderr);
    assert.match(stderr, /DEBUG .*(?:again|retry|attempt)/i);
  });
}

test('--retries that run out are counted in the error', async (t) => {
  const scene = await indexedScene(t);
  const path = offerLarge(scene);
  scene.index.fail(path, { kind: 'status', status: 503, headers: { 'retry-after': '0' } });

  const { stderr } = await scene.run(['pip', 'install', 'large'], { UV_HTTP_RETRIES: '2' });

  assert.match(stderr, /Request failed after 2 retries/);
  assert.equal(scene.index.count(path), 3);
});
