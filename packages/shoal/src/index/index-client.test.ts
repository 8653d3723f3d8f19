import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compareVersions, formatVersion, normalizeName, parseVersion } from '@shoal/packaging';
import { fetchFixture, localIndex, temporaryFolder } from '../../../../tests/support/fetch-fixture.ts';
import type { LocalIndex } from '../../../../tests/support/local-index.ts';
import { buildSdist, buildWheel } from '../../../../tests/support/wheel-builder.ts';
import { createCredentialSource } from '../fetch/credentials.ts';
import type { DistributionFile, IndexLocation, ProjectListing } from '../project/distribution-file.ts';
import type { IndexStrategy } from './index-settings.ts';

const demo = normalizeName('demo');
const one = buildWheel({
  name: 'demo',
  version: '1.0',
  requires: ['other>=2; python_version < "4"'],
  requiresPython: '>=3.8',
});
const two = buildWheel({ name: 'demo', version: '2.0' });
const oneSource = buildSdist({ name: 'demo', version: '1.0' });

function simple(index: LocalIndex, more: Partial<IndexLocation> = {}): IndexLocation {
  return { url: index.url, kind: 'simple', ...more };
}

function listed(listing: ProjectListing): string[][] {
  assert.equal(listing.kind, 'found');
  return listing.groups.map((group) =>
    group.versions.flatMap((version) => group.files(version).map((file) => file.filename.filename)),
  );
}

function fileOf(listing: ProjectListing, version: string): DistributionFile {
  assert.equal(listing.kind, 'found');
  const file = listing.groups.flatMap((group) => group.files(parseVersion(version)))[0];
  assert.ok(file !== undefined);
  return file;
}

for (const format of ['negotiated', 'html'] as const) {
  test(`fetchProject() lists every file of a page by version, newest first, from ${format} answers`, async (t) => {
    const yanked = { ...two, yanked: 'broken' };
    const index = await localIndex(t, { distributions: [one, yanked, oneSource], format });
    const client = fetchFixture(t).client({ indexes: [simple(index)] });

    const listing = await client.fetchProject(demo);

    assert.deepEqual(listed(listing), [[two.filename, one.filename, oneSource.filename]]);
    const file = fileOf(listing, '1.0');
    assert.equal(file.url, `${index.root}files/${one.filename}`);
    assert.deepEqual(file.hashes, { sha256: one.sha256 });
    assert.equal(file.requiresPython?.specifiers.length, 1);
    assert.equal(file.yanked, false);
    assert.equal(fileOf(listing, '2.0').yanked, 'broken');
    assert.deepEqual(fileOf(listing, '1.0.0'), file);
    assert.equal(listing.kind === 'found' && listing.groups[0]?.files(parseVersion('3')).length, 0);
  });
}

test('fetchProject() asks the network no more while a page is fresh, and confirms it afterwards', async (t) => {
  const root = temporaryFolder(t);
  const fresh = await localIndex(t, { distributions: [one] });
  const stale = await localIndex(t, { distributions: [one], maxAgeSeconds: 0 });
  for (let round = 0; round < 2; round += 1) {
    const client = fetchFixture(t, { root }).client({ indexes: [] });
    await client.fetchProject(demo, simple(fresh));
    assert.deepEqual(listed(await client.fetchProject(demo, simple(stale))), [[one.filename]]);
    await client.fetchProject(demo, simple(stale));
  }

  assert.equal(fresh.requests.length, 1);
  assert.equal(stale.requests.length, 2);
  assert.ok(stale.requests[1]?.headers['if-none-match'] !== undefined);
});

test('fetchProject() sees what a stale page has gained', async (t) => {
  const root = temporaryFolder(t);
  const index = await localIndex(t, { distributions: [one], maxAgeSeconds: 0 });
  await fetchFixture(t, { root })
    .client({ indexes: [simple(index)] })
    .fetchProject(demo);
  index.add(two);

  const listing = await fetchFixture(t, { root })
    .client({ indexes: [simple(index)] })
    .fetchProject(demo);

  assert.deepEqual(listed(listing), [[two.filename, one.filename]]);
});

test('fetchProject() asks anew for what is to be refreshed, once', async (t) => {
  const root = temporaryFolder(t);
  const index = await localIndex(t, { distributions: [one] });
  await fetchFixture(t, { root })
    .client({ indexes: [simple(index)] })
    .fetchProject(demo);

  const fixture = fetchFixture(t, { root });
  await fixture.client({ indexes: [simple(index)], refresh: new Set([normalizeName('other')]) }).fetchProject(demo);
  assert.equal(index.requests.length, 1);
  const client = fixture.client({ indexes: [simple(index)], refresh: 'all' });
  await client.fetchProject(demo);
  await client.fetchProject(demo, simple(index));

  assert.equal(index.requests.length, 2);
});

test('fetchProject() uses stale pages offline, and says so when there is none', async (t) => {
  const root = temporaryFolder(t);
  const index = await localIndex(t, { distributions: [one], maxAgeSeconds: 0 });
  await fetchFixture(t, { root })
    .client({ indexes: [simple(index)] })
    .fetchProject(demo);

  const client = fetchFixture(t, { root, http: { offline: true } }).client({ indexes: [simple(index)] });

  assert.deepEqual(listed(await client.fetchProject(demo)), [[one.filename]]);
  assert.deepEqual(await client.fetchProject(normalizeName('other')), { kind: 'offline' });
});

const strategies: readonly { readonly strategy: IndexStrategy; readonly expected: readonly string[][] }[] = [
  { strategy: 'first-index', expected: [[one.filename]] },
  { strategy: 'unsafe-first-match', expected: [[one.filename], [two.filename]] },
  { strategy: 'unsafe-best-match', expected: [[two.filename, one.filename]] },
];
for (const { strategy, expected } of strategies) {
  test(`fetchProject() joins several indexes by ${strategy}`, async (t) => {
    const empty = await localIndex(t);
    const first = await localIndex(t, { distributions: [one] });
    const second = await localIndex(t, { distributions: [two] });
    const client = fetchFixture(t).client({ strategy, indexes: [simple(empty), simple(first), simple(second)] });

    assert.deepEqual(listed(await client.fetchProject(demo)), expected);
  });
}

test('fetchProject() leaves explicit indexes alone, unless they are named', async (t) => {
  const hidden = await localIndex(t, { distributions: [one] });
  const index = simple(hidden, { explicit: true, name: 'hidden' });
  const client = fetchFixture(t).client({ indexes: [index] });

  assert.deepEqual(await client.fetchProject(demo), { kind: 'not-found' });
  assert.deepEqual(listed(await client.fetchProject(demo, index)), [[one.filename]]);
});

for (const { status, kind } of [
  { status: 401, kind: 'unauthorized' },
  { status: 403, kind: 'forbidden' },
] as const) {
  test(`fetchProject() stops at an index that answers ${status}, and tells which`, async (t) => {
    const closed = await localIndex(t);
    const open = await localIndex(t, { distributions: [one] });
    closed.fail('/simple/demo/', { kind: 'status', status });
    const client = fetchFixture(t).client({ indexes: [simple(closed), simple(open)] });

    assert.deepEqual(await client.fetchProject(demo), { kind, index: simple(closed) });
    const lenient = fetchFixture(t).client({ indexes: [simple(closed, { ignoredStatuses: [status] }), simple(open)] });
    assert.deepEqual(listed(await lenient.fetchProject(demo)), [[one.filename]]);
  });
}

test('fetchProject() gives the credentials of an index to that index', async (t) => {
  const index = await localIndex(t, { distributions: [one], credentials: { username: 'user', password: 'secret' } });
  const credentials = createCredentialSource({
    indexes: [{ url: index.url, name: 'my-index' }],
    variables: { UV_INDEX_MY_INDEX_USERNAME: 'user', UV_INDEX_MY_INDEX_PASSWORD: 'secret' },
  });
  const client = fetchFixture(t, { http: { credentials } }).client({ indexes: [simple(index)] });

  assert.deepEqual(listed(await client.fetchProject(demo)), [[one.filename]]);
});

test('fetchProject() fails when an index is broken, naming the page', async (t) => {
  const index = await localIndex(t);
  index.fail('/simple/demo/', { kind: 'status', status: 500 });
  await assert.rejects(
    fetchFixture(t)
      .client({ indexes: [simple(index)] })
      .fetchProject(demo),
    { message: `Failed to fetch: ${index.url}demo/` },
  );

  index.fail('/simple/demo/', {
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    body: '{"files": 1}',
  });
  await assert.rejects(
    fetchFixture(t)
      .client({ indexes: [simple(index)] })
      .fetchProject(demo),
    { code: 'INVALID_PAGE' },
  );

  index.fail('/simple/demo/', { kind: 'status', status: 200, headers: { 'content-type': 'image/png' } });
  await assert.rejects(
    fetchFixture(t)
      .client({ indexes: [simple(index)] })
      .fetchProject(demo),
    {
      message: `Unsupported \`Content-Type\` "image/png" for ${index.url}demo/. Expected JSON or HTML.`,
    },
  );
});

test('fetchProject() adds the files of --find-links folders and pages, which come first', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, two.filename), two.content);
  writeFileSync(join(folder, 'unrelated-1.0-py3-none-any.whl'), '');
  writeFileSync(join(folder, 'notes.txt'), '');
  const page = await localIndex(t, { distributions: [buildWheel({ name: 'demo', version: '1.0', buildTag: '1' })] });
  const index = await localIndex(t, { distributions: [one] });
  const flat: IndexLocation[] = [
    { url: pathToFileURL(folder).href, kind: 'flat' },
    { url: `${page.root}files/`, kind: 'flat' },
  ];

  const listing = await fetchFixture(t)
    .client({ indexes: [simple(index)], flat })
    .fetchProject(demo);

  assert.deepEqual(listed(listing), [[two.filename, 'demo-1.0-1-py3-none-any.whl', one.filename]]);
});

test('fetchProject() looks at nothing but links with --no-index', async (t) => {
  const folder = temporaryFolder(t);
  const index = await localIndex(t, { distributions: [one] });
  const flat: IndexLocation[] = [{ url: pathToFileURL(folder).href, kind: 'flat' }];
  writeFileSync(join(folder, two.filename), two.content);
  const client = fetchFixture(t).client({ indexes: [simple(index)], flat, noIndex: true });

  assert.deepEqual(listed(await client.fetchProject(demo)), [[two.filename]]);
  assert.deepEqual(await client.fetchProject(normalizeName('other')), { kind: 'no-index' });
  assert.equal(index.requests.length, 0);
});

test('fetchProject() names the folder of --find-links that is not there', async (t) => {
  const folder = join(temporaryFolder(t), 'gone');
  const client = fetchFixture(t).client({ flat: [{ url: pathToFileURL(folder).href, kind: 'flat' }] });

  await assert.rejects(client.fetchProject(demo), { message: `Failed to read \`--find-links\` directory: ${folder}` });
});

test('fetchProject() reads static indexes in folders', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'demo'));
  writeFileSync(join(folder, 'demo/index.html'), `<a href="../${one.filename}">${one.filename}</a>`);
  const client = fetchFixture(t).client({ indexes: [{ url: pathToFileURL(folder).href, kind: 'simple' }] });

  assert.deepEqual(listed(await client.fetchProject(demo)), [[one.filename]]);
  assert.deepEqual(await client.fetchProject(normalizeName('other')), { kind: 'not-found' });
});

test('fetchProject() keeps versions in the order of PEP 440 and files of equal versions together', async (t) => {
  const versions = ['1.0', '1.10', '1.9', '1.0.post1', '2.0a1', '1.0+local', '1.0.0'];
  const index = await localIndex(t, {
    distributions: versions.map((version) => buildWheel({ name: 'demo', version })),
  });

  const listing = await fetchFixture(t)
    .client({ indexes: [simple(index)] })
    .fetchProject(demo);

  assert.equal(listing.kind, 'found');
  const [group] = listing.groups;
  assert.ok(group !== undefined);
  assert.deepEqual(group.versions.map(formatVersion), ['2.0a1', '1.10', '1.9', '1.0.post1', '1.0+local', '1.0']);
  assert.ok(
    group.versions.every((version, at) => at === 0 || compareVersions(version, group.versions[at - 1] ?? version) < 0),
  );
  assert.equal(group.files(parseVersion('1')).length, 2);
});

const ways: readonly {
  readonly title: string;
  readonly sidecars: boolean;
  readonly ranges: boolean;
  readonly paths: readonly string[];
}[] = [
  { title: 'the sidecar', sidecars: true, ranges: true, paths: [`/files/${one.filename}.metadata`] },
  { title: 'the end of the wheel', sidecars: false, ranges: true, paths: [`/files/${one.filename}`] },
  {
    title: 'the whole wheel',
    sidecars: false,
    ranges: false,
    paths: [`/files/${one.filename}`, `/files/${one.filename}`],
  },
];
for (const { title, sidecars, ranges, paths } of ways) {
  test(`fetchDependencies() reads metadata from ${title}, once for a cache`, async (t) => {
    const root = temporaryFolder(t);
    const index = await localIndex(t, { distributions: [one], sidecars, ranges });
    for (let round = 0; round < 2; round += 1) {
      const client = fetchFixture(t, { root }).client({ indexes: [simple(index)] });
      const answer = await client.fetchDependencies(fileOf(await client.fetchProject(demo), '1.0'));
      assert.equal(answer.kind, 'found');
      assert.deepEqual(
        answer.metadata.requiresDist.map(({ name }) => name),
        ['other'],
      );
      assert.equal(answer.metadata.requiresPython?.specifiers.length, 1);
    }

    assert.deepEqual(
      index.requests.map(({ path }) => path).filter((path) => path.startsWith('/files/')),
      paths,
    );
  });
}

test('fetchDependencies() asks for more of a wheel whose metadata is far from its end', async (t) => {
  const first = { name: 'demo-1.0.dist-info/METADATA', content: one.metadata };
  const padding = Array.from({ length: 300 }, (_, at) => ({
    name: `demo/${'x'.repeat(100)}${at}.txt`,
    content: `${at}`.repeat(1000),
    method: 'stored' as const,
  }));
  const wheel = buildWheel({
    name: 'demo',
    version: '1.0',
    files: {},
    metadata: false,
    extraEntries: [first, ...padding],
  });
  const index = await localIndex(t, { distributions: [{ ...wheel, metadata: undefined as never }], sidecars: false });
  const client = fetchFixture(t).client({ indexes: [simple(index)] });

  const answer = await client.fetchDependencies(fileOf(await client.fetchProject(demo), '1.0'));

  assert.equal(answer.kind, 'found');
  assert.ok(index.count(`/files/${wheel.filename}`) >= 3);
  assert.ok(index.requests.slice(1).every(({ headers }) => headers['range'] !== undefined));
});

test('fetchDependencies() refuses a sidecar that is not the promised one', async (t) => {
  const index = await localIndex(t, { distributions: [one] });
  index.fail(`/files/${one.filename}.metadata`, {
    kind: 'status',
    status: 200,
    body: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
  });
  const client = fetchFixture(t).client({ indexes: [simple(index)] });

  await assert.rejects(client.fetchDependencies(fileOf(await client.fetchProject(demo), '1.0')), {
    code: 'METADATA_HASH_MISMATCH',
  });
});

test('fetchDependencies() goes on with the wheel when a promised sidecar is not there', async (t) => {
  const index = await localIndex(t, { distributions: [one] });
  index.fail(`/files/${one.filename}.metadata`, { kind: 'status', status: 404 });
  const client = fetchFixture(t).client({ indexes: [simple(index)] });

  assert.equal((await client.fetchDependencies(fileOf(await client.fetchProject(demo), '1.0'))).kind, 'found');
});

const gaps: readonly { readonly title: string; readonly metadata: string; readonly kind: string }[] = [
  {
    title: 'a requirement that nobody can read',
    metadata: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: not a requirement !!\n',
    kind: 'invalid-metadata',
  },
  {
    title: 'another name',
    metadata: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n',
    kind: 'inconsistent-metadata',
  },
  {
    title: 'another version',
    metadata: 'Metadata-Version: 2.1\nName: demo\nVersion: 3.0\n',
    kind: 'inconsistent-metadata',
  },
];
for (const { title, metadata, kind } of gaps) {
  test(`fetchDependencies() answers ${kind} for metadata with ${title}`, async (t) => {
    const index = await localIndex(t, { distributions: [buildWheel({ name: 'demo', version: '1.0', metadata })] });
    const client = fetchFixture(t).client({ indexes: [simple(index)] });

    assert.equal((await client.fetchDependencies(fileOf(await client.fetchProject(demo), '1.0'))).kind, kind);
  });
}

test('fetchDependencies() answers invalid-structure for a wheel that is none, and needs-build for an sdist', async (t) => {
  const broken = { filename: 'demo-1.0-py3-none-any.whl', content: Buffer.from('no zip') };
  const index = await localIndex(t, {
    distributions: [broken, buildSdist({ name: 'demo', version: '0.9' })],
    sidecars: false,
  });
  const client = fetchFixture(t).client({ indexes: [simple(index)] });
  const listing = await client.fetchProject(demo);

  assert.equal((await client.fetchDependencies(fileOf(listing, '1.0'))).kind, 'invalid-structure');
  assert.equal((await client.fetchDependencies(fileOf(listing, '0.9'))).kind, 'needs-build');
});
