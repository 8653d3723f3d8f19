import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '@shoal/cache';
import { parseWheelFilename } from '@shoal/packaging';
import { fetchFixture, localIndex, temporaryFolder } from '../../../../tests/support/fetch-fixture.ts';
import type { LocalIndex } from '../../../../tests/support/local-index.ts';
import { type BuiltDistribution, buildWheel } from '../../../../tests/support/wheel-builder.ts';
import { DownloadFailedError } from './distribution-errors.ts';
import { wheelNoteOf } from './wheel-note.ts';
import type { RemoteWheel, WheelSource } from './wheel-source.ts';

const wheel = buildWheel({
  name: 'Demo.Pkg',
  version: '1.0',
  files: { 'demo_pkg/__init__.py': 'x = 1\n', 'demo_pkg/data.bin': Buffer.alloc(300_000, 7) },
  data: { 'scripts/tool': '#!python\n' },
  entryPoints: { console_scripts: { demo: 'demo_pkg:main' }, 'other.group': { odd: '(not a reference)' } },
});

function remote(
  index: LocalIndex,
  built: BuiltDistribution,
  hashes: Record<string, string> = { sha256: built.sha256 },
): RemoteWheel {
  return {
    kind: 'remote',
    filename: parseWheelFilename(built.filename),
    url: `${index.root}files/${built.filename}`,
    hashes,
    sizeBytes: built.content.length,
  };
}

/** The messages of an error and its causes. */
function wholeMessage(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wholeMessage(error.cause)}` : '';
}

test('fetchTree() downloads and unpacks a wheel once, and notes what installing needs', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t);
  const source = remote(index, wheel);

  const [first, second] = await Promise.all([distributions.fetchTree(source), distributions.fetchTree(source)]);

  const note = wheelNoteOf(first);
  assert.deepEqual(
    { ...note, record: '' },
    {
      filename: wheel.filename,
      name: 'Demo.Pkg',
      version: '1.0',
      distInfo: 'demo_pkg-1.0.dist-info',
      dataFolder: 'demo_pkg-1.0.data',
      rootIsPurelib: true,
      entryPoints: [{ group: 'console_scripts', name: 'demo', module: 'demo_pkg', attribute: 'main', extras: [] }],
      record: '',
    },
  );
  assert.equal(note.record, readFileSync(join(first.folder, 'demo_pkg-1.0.dist-info/RECORD'), 'utf8'));
  assert.equal(readFileSync(join(second.folder, 'demo_pkg/__init__.py'), 'utf8'), 'x = 1\n');
  assert.equal(index.requests.length, 1);
  first.release();
  second.release();
  distributions.pinIfPresent(source)?.release();
  assert.equal(index.requests.length, 1);
});

test('fetchTree() goes on where a broken download stopped', async (t) => {
  const long = buildWheel({ name: 'long', version: '1.0', files: { 'long.bin': randomBytes(4_000_000) } });
  const index = await localIndex(t, { distributions: [long] });
  const { distributions } = fetchFixture(t);
  index.fail(`/files/${long.filename}`, { kind: 'cut', afterBytes: 3_000_000, times: 1 });

  (await distributions.fetchTree(remote(index, long))).release();

  assert.equal(index.requests.length, 2);
  assert.match(String(index.requests[1]?.headers['range']), /^bytes=[1-9]\d*-$/);
});

test('fetchTree() continues what a process that died left behind', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { cache, distributions } = fetchFixture(t);
  cache.records.write('files', 'scaffold', '');
  const partial = join(cache.root, 'partial');
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, wheel.sha256), wheel.content.subarray(0, 1000));

  (await distributions.fetchTree(remote(index, wheel))).release();

  assert.deepEqual(
    index.requests.map(({ headers }) => headers['range']),
    ['bytes=1000-'],
  );
});

test('fetchTree() starts again when what was left behind is of another file', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { cache, distributions } = fetchFixture(t);
  cache.records.write('files', 'scaffold', '');
  const partial = join(cache.root, 'partial');
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, wheel.sha256), Buffer.alloc(1000, 1));

  (await distributions.fetchTree(remote(index, wheel))).release();

  assert.deepEqual(
    index.requests.map(({ headers }) => headers['range']),
    ['bytes=1000-', undefined],
  );
});

test('fetchTree() works with a server that knows no ranges', async (t) => {
  const index = await localIndex(t, { distributions: [wheel], ranges: false });
  const { distributions } = fetchFixture(t);
  index.fail(`/files/${wheel.filename}`, { kind: 'cut', afterBytes: 100, times: 1 });

  (await distributions.fetchTree(remote(index, wheel))).release();

  assert.equal(index.requests.length, 2);
});

test('fetchTree() names the expected and the computed hash when they differ, and keeps nothing', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t);
  const wrong = '0'.repeat(64);

  await assert.rejects(distributions.fetchTree(remote(index, wheel, { sha256: wrong })), (error) => {
    assert.ok(error instanceof DownloadFailedError);
    assert.equal(
      wholeMessage(error).trim(),
      `Failed to download \`demo-pkg==1.0\`\nHash mismatch for \`demo-pkg==1.0\`\n\nExpected:\n  sha256:${wrong}\n\nComputed:\n  sha256:${wheel.sha256}`,
    );
    return true;
  });

  assert.equal(distributions.pinIfPresent(remote(index, wheel)), undefined);
});

test('fetchTree() refuses a file of another size', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t);
  index.fail(`/files/${wheel.filename}`, { kind: 'truncated', sizeBytes: 500 });

  await assert.rejects(distributions.fetchTree({ ...remote(index, wheel, {}) }), (error) =>
    /Size mismatch|closed after/.test(wholeMessage(error)),
  );
});

test('fetchTree() holds a wheel to the hashes that the user demands', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t);
  const demanded = `sha256:${'1'.repeat(64)}`;

  await assert.rejects(distributions.fetchTree(remote(index, wheel), { requiredHashes: [demanded] }), (error) =>
    wholeMessage(error).includes(demanded),
  );
  const tree = await distributions.fetchTree(remote(index, wheel), {
    requiredHashes: [demanded, `sha256:${wheel.sha256}`],
  });

  tree.release();
});

test('fetchTree() computes other algorithms when only those are demanded', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t);
  const sha512 = createHash('sha512').update(wheel.content).digest('hex');

  (await distributions.fetchTree(remote(index, wheel, {}), { requiredHashes: [`sha512:${sha512}`] })).release();
  const again = distributions.pinIfPresent(remote(index, wheel, {}), { requiredHashes: [`sha512:${sha512}`] });

  assert.ok(again !== undefined);
  again.release();
  await assert.rejects(
    distributions.fetchTree(remote(index, wheel, {}), { requiredHashes: [`sha512:${'2'.repeat(128)}`] }),
    (error) => wholeMessage(error).includes(`sha512:${sha512}`),
  );
  assert.equal(index.requests.length, 1);
});

test('fetchTree() remembers which content a URL without a hash had', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const root = temporaryFolder(t);
  (await fetchFixture(t, { root }).distributions.fetchTree(remote(index, wheel, {}))).release();

  const offline = fetchFixture(t, { root, http: { offline: true } }).distributions.pinIfPresent(
    remote(index, wheel, {}),
  );

  assert.equal(offline?.digest, wheel.sha256);
  offline?.release();
});

test('fetchTree() takes a local wheel by its content, and sees that it changed', async (t) => {
  const { distributions } = fetchFixture(t);
  const path = join(temporaryFolder(t), wheel.filename);
  const source: WheelSource = { kind: 'local', filename: parseWheelFilename(wheel.filename), path, hashes: {} };
  writeFileSync(path, wheel.content);
  const first = await distributions.fetchTree(source);
  const other = buildWheel({ name: 'Demo.Pkg', version: '1.0', files: { 'demo_pkg/__init__.py': 'x = 2\n' } });
  writeFileSync(path, other.content);

  const second = await distributions.fetchTree(source);

  assert.equal(first.digest, wheel.sha256);
  assert.equal(second.digest, digestOf(other.content));
  first.release();
  second.release();
});

test('fetchTree() says offline when a wheel is not in the cache', async (t) => {
  const index = await localIndex(t, { distributions: [wheel] });
  const { distributions } = fetchFixture(t, { http: { offline: true } });

  await assert.rejects(distributions.fetchTree(remote(index, wheel)), (error) =>
    wholeMessage(error).includes('Network connectivity is disabled'),
  );
});

const broken: readonly { readonly title: string; readonly wheel: BuiltDistribution; readonly says: RegExp }[] = [
  {
    title: 'no dist-info folder of its own',
    wheel: { ...buildWheel({ name: 'demo', version: '1.0', distInfo: 'other-1.0' }) },
    says: /`other-1\.0\.dist-info` does not consist of the normalized package name and version: demo 1\.0/,
  },
  {
    title: 'two dist-info folders',
    wheel: buildWheel({ name: 'demo', version: '1.0', files: { 'other-1.0.dist-info/METADATA': '' } }),
    says: /Multiple \.dist-info directories found/,
  },
  {
    title: 'another version in METADATA',
    wheel: buildWheel({ name: 'demo', version: '1.0', metadata: 'Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n' }),
    says: /Wheel version does not match filename \(2\.0 != 1\.0\)/,
  },
  {
    title: 'another name in METADATA',
    wheel: buildWheel({ name: 'demo', version: '1.0', metadata: 'Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n' }),
    says: /`evil` does not match given name `demo`/,
  },
  {
    title: 'no METADATA',
    wheel: buildWheel({ name: 'demo', version: '1.0', metadata: false }),
    says: /METADATA` is missing/,
  },
  {
    title: 'no WHEEL',
    wheel: buildWheel({ name: 'demo', version: '1.0', wheelFile: false }),
    says: /WHEEL` is missing/,
  },
  {
    title: 'no RECORD',
    wheel: buildWheel({ name: 'demo', version: '1.0', record: false }),
    says: /RECORD` is missing/,
  },
  {
    title: 'a wheel format of the future',
    wheel: buildWheel({ name: 'demo', version: '1.0', wheelFile: 'Wheel-Version: 2.0\n' }),
    says: /Unsupported wheel version 2\.0/,
  },
  {
    title: 'a path that leads out',
    wheel: buildWheel({ name: 'demo', version: '1.0', extraEntries: [{ name: '../evil', content: '' }] }),
    says: /`\.\.\/evil`: the path leads out/,
  },
];

for (const { title, wheel: built, says } of broken) {
  test(`fetchTree() refuses a wheel with ${title}, naming it`, async (t) => {
    const index = await localIndex(t, { distributions: [built] });
    const { distributions } = fetchFixture(t);

    await assert.rejects(distributions.fetchTree(remote(index, built)), (error) => {
      assert.match(wholeMessage(error), says);
      assert.ok(wholeMessage(error).includes(built.filename));
      return true;
    });

    assert.equal(distributions.pinIfPresent(remote(index, built)), undefined);
  });
}

test('fetchTree() makes RECORD agree with the files', async (t) => {
  const record =
    'demo/__init__.py,sha256=x,1\ndemo/gone.py,sha256=y,2\ndemo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/RECORD,,\n';
  const built = buildWheel({ name: 'demo', version: '1.0', record });
  const index = await localIndex(t, { distributions: [built] });
  const { distributions } = fetchFixture(t);

  using tree = await distributions.fetchTree(remote(index, built));

  assert.equal(
    wheelNoteOf(tree).record,
    'demo/__init__.py,sha256=x,1\ndemo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/RECORD,,\ndemo-1.0.dist-info/WHEEL,,\n',
  );
});
