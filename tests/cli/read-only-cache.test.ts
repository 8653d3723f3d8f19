/** A populated cache that this user can only read serves installs; what it lacks goes to a layer of the user's own. */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const run = promisify(execFile);
const six = buildWheel({ name: 'six', version: '1.0', files: { 'six.py': 'x = 1\n' } });
const more = buildWheel({ name: 'more', version: '1.0', requires: ['six'], files: { 'more.py': 'y = 1\n' } });
/** A Python that every user may run. */
const PYTHON = '/usr/bin/python3';
const STRANGER = 65_534;

const READ_ONLY_MOUNT = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"',
];
const ANOTHER_USER = ['setpriv', `--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups'];

interface Place {
  readonly folder: string;
  readonly cache: string;
  readonly home: string;
  readonly index: LocalIndex;
  readonly words: readonly string[];
}

/** A copy of the command where every user can reach it, a cache with `six`, and an index that has forgotten who asked. */
async function preparePlace(t: TestContext): Promise<Place | undefined> {
  const reason = whyNot();
  if (reason !== undefined) {
    t.diagnostic(`not run: ${reason}`);
    return undefined;
  }
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const [program = '', ...leading] = shoalCommand();
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, STRANGER, STRANGER);
  const index = await startLocalIndex({ distributions: [six, more] });
  t.after(() => index.close());
  const place = { folder, cache: join(folder, 'cache'), home, index, words: [program, ...leading] };
  await install(place, [], 'six');
  index.forget();
  return place;
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'only the superuser can act as another user and mount';
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}`;
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'namespaces cannot be made here';
  const [program = ''] = shoalCommand();
  const asStranger = spawnSync(ANOTHER_USER[0] ?? '', [...ANOTHER_USER.slice(1), program, '--version']);
  return asStranger.status === 0 ? undefined : `another user cannot start ${program}`;
}

/** @returns standard error. */
async function install(
  { home, cache, index, words }: Place,
  wrapper: readonly string[],
  name: string,
): Promise<string> {
  const target = join(home, `target-${name}`);
  const [program, ...rest] = [
    ...wrapper,
    ...words,
    'pip',
    'install',
    '--python',
    PYTHON,
    '--target',
    target,
    '--cache-dir',
    cache,
    '--index-url',
    index.url,
    name,
  ];
  const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: home };
  const { stderr } = await run(program, rest, { env, cwd: home });
  assert.ok(existsSync(join(target, `${name}.py`)));
  rmSync(target, { recursive: true });
  return stderr;
}

for (const { title, wrapper } of [
  { title: 'on a read-only mount', wrapper: (cache: string) => [...READ_ONLY_MOUNT, cache] },
  { title: 'in a folder of another user', wrapper: () => ANOTHER_USER },
]) {
  test(`a populated cache ${title} serves an install without a request or a word`, async (t) => {
    const place = await preparePlace(t);
    if (place === undefined) return;

    const stderr = await install(place, wrapper(place.cache), 'six');

    assert.equal(place.index.requests.length, 0);
    assert.match(stderr, /Installed 1 package/);
    assert.doesNotMatch(stderr, /cannot be written/);
  });

  test(`what a cache ${title} lacks is fetched once into the user's own, and one line says so`, async (t) => {
    const place = await preparePlace(t);
    if (place === undefined) return;
    const before = listing(place.cache);
    const own = join(place.home, '.cache', 'shoal');

    const first = await install(place, wrapper(place.cache), 'more');
    const second = await install(place, wrapper(place.cache), 'more');

    const lines = first.split('\n').filter((line) => line.includes('cannot be written'));
    assert.deepEqual(lines, [
      `The cache at \`${place.cache}\` cannot be written to: it is read, and what it lacks goes to \`${own}\``,
    ]);
    assert.doesNotMatch(second, /cannot be written/);
    assert.equal(place.index.requests.length, 3, 'a page, metadata and a wheel of `more`; nothing of `six`');
    assert.deepEqual(listing(place.cache), before);
  });
}

test('a cache whose lock folder cannot be written serves installs as one that can only be read', async (t) => {
  const place = await preparePlace(t);
  if (place === undefined) return;
  execFileSync('chown', ['-R', String(STRANGER), place.cache]);
  execFileSync('chown', ['-R', '0', join(place.cache, 'locks')]);

  const stderr = await install(place, ANOTHER_USER, 'more');

  assert.match(stderr, /Installed 2 packages/);
  assert.match(stderr, /^The cache at `.*` cannot be written to: it is read, and what it lacks goes to /m);
});

test('a temporary layer is used, and removed, when the cache that cannot be written is the own one', async (t) => {
  const place = await preparePlace(t);
  if (place === undefined) return;
  const own = join(place.home, '.cache', 'shoal');
  cpSync(place.cache, own, { recursive: true });

  const stderr = await install({ ...place, cache: own }, ANOTHER_USER, 'more');

  assert.match(stderr, /cannot be written to: it is read, and what it lacks goes to `.*\/shoal-cache-/);
  assert.deepEqual(readdirSync(place.home), ['.cache']);
});

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
