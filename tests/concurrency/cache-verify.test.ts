/** `cache verify` finds what neither a size nor a time tells, beside running installs; so does `--reinstall`. */
import assert from 'node:assert/strict';
import { closeSync, existsSync, globSync, openSync, readFileSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { cacheScene, installedText } from '../support/cache-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const wheel = buildWheel({ name: 'alpha', version: '1.0', files: { 'alpha.py': 'value = 1\n' } });
/** RECORD names another hash than the file has, as some wheels in the world do. */
const wrong = buildWheel({
  name: 'wrong',
  version: '1.0',
  files: { 'wrong.py': 'value = 1\n' },
  record: [
    `wrong.py,sha256=${'A'.repeat(43)},10`,
    'wrong-1.0.dist-info/METADATA,,',
    'wrong-1.0.dist-info/WHEEL,,',
    'wrong-1.0.dist-info/RECORD,,',
    '',
  ].join('\n'),
});

/** One bit in the middle, as a failing disk does it: length and times stay. */
function flipBit(path: string): void {
  const { atime, mtime, size } = statSync(path);
  const content = readFileSync(path);
  const position = Math.floor(size / 2);
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, Buffer.of((content[position] ?? 0) ^ 1), 0, 1, position);
  closeSync(descriptor);
  utimesSync(path, atime, mtime);
}

for (const { title, pattern, kind } of [
  { title: 'a file of a tree', pattern: 'trees-v1/*/*/tree/alpha.py', kind: 'tree' },
  { title: 'a manifest', pattern: 'trees-v1/*/*/manifest', kind: 'tree' },
  { title: 'an index page', pattern: 'pages-v1/*/*', kind: 'record' },
  { title: 'core metadata', pattern: 'metadata-v1/*', kind: 'record' },
  { title: 'the facts about an interpreter', pattern: 'interpreters-v1/*', kind: 'record' },
]) {
  test(`verify names and removes ${title} with one flipped bit, and exits with 1; then all is well`, async (t) => {
    const scene = await cacheScene(t, wheel);
    // Copies: a hard link would show the same flipped bit.
    await scene.install(scene.environment('a'), '--link-mode', 'copy', 'alpha');
    const sound = await scene.run('cache', 'verify');
    const [victim = ''] = globSync(join(scene.cache, pattern));
    flipBit(victim);

    const found = await scene.run('cache', 'verify');
    const isLeft = existsSync(victim);
    const again = await scene.run('cache', 'verify');
    const installed = await scene.install(scene.environment('b'), 'alpha');

    assert.equal(sound.status, 0, sound.stderr);
    assert.match(
      sound.stderr,
      /^Verifying cache at: .*\nVerified \d+ entries \(\d+ files, .*\)\nNo damaged entries found\n$/,
    );
    assert.equal(found.status, 1, found.stderr);
    assert.match(found.stderr, new RegExp(`^warning: Removed damaged ${kind} at: `, 'm'));
    assert.match(found.stderr, /^Removed 1 damaged entry$/m);
    assert.equal(isLeft, false);
    assert.deepEqual([again.status, installed.status], [0, 0]);
    assert.equal(installedText(join(scene.folder, 'b'), 'alpha.py'), 'value = 1\n');
  });
}

test('--reinstall finds a flipped bit in a cached tree, says so, and installs what the index has', async (t) => {
  const scene = await cacheScene(t, wheel);
  const environment = scene.environment('a');
  await scene.install(environment, '--link-mode', 'hardlink', 'alpha');
  for (const path of scene.cachedFiles('alpha.py')) flipBit(path);
  assert.notEqual(installedText(environment, 'alpha.py'), 'value = 1\n', 'the link shows the flipped bit');

  const { status, stderr } = await scene.install(environment, '--reinstall', 'alpha');

  assert.equal(status, 0, stderr);
  assert.match(stderr, /warning: The cached files of `alpha` are damaged/);
  assert.equal(installedText(environment, 'alpha.py'), 'value = 1\n');
  assertClaimsAreWhole(environment);
});

test('a wheel whose RECORD names a wrong hash is not taken for damaged', async (t) => {
  const scene = await cacheScene(t, wrong);
  const environment = scene.environment('a');
  await scene.install(environment, 'wrong');

  const verified = await scene.run('cache', 'verify');
  const reinstalled = await scene.install(environment, '--reinstall', 'wrong');

  assert.equal(verified.status, 0, verified.stderr);
  assert.equal(reinstalled.status, 0, reinstalled.stderr);
  assert.doesNotMatch(reinstalled.stderr, /damaged/);
  assert.equal(scene.index.count(/\.whl$/), 1);
});

test('verify and installs in loops do not disturb each other', async (t) => {
  const scene = await cacheScene(t, wheel);
  let installs = 0;
  const installing = new AbortController();
  const installer = async (name: string): Promise<void> => {
    const environment = scene.environment(name);
    for (let round = 0; round < 4; round += 1) {
      const { status, stderr } = await scene.install(environment, '--reinstall', 'alpha');
      assert.equal(status, 0, stderr);
      installs += 1;
      await scene.run('cache', 'clean');
    }
  };
  const verifier = async (): Promise<void> => {
    do {
      const { status, stderr } = await scene.run('cache', 'verify');
      assert.equal(status, 0, stderr);
    } while (!installing.signal.aborted);
  };

  const verifying = verifier();
  await Promise.all([installer('a'), installer('b')]).finally(() => installing.abort());
  await verifying;

  assert.equal(installs, 8);
});

test('verify says so, when there is no cache', async (t) => {
  const scene = await cacheScene(t);

  const { status, stderr } = await scene.run('cache', 'verify');

  assert.equal(status, 0);
  assert.equal(stderr, `No cache found at: ${scene.cache}\n`);
});
