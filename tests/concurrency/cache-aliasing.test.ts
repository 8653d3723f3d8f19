/** A file edited in place in one environment does not reach another through a hard link. */
import assert from 'node:assert/strict';
import { appendFileSync, globSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { cacheScene, installedText } from '../support/cache-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const ORIGINAL = 'def get():\n    return 1\n';
const wheel = buildWheel({ name: 'requests', version: '1.0', files: { 'requests/api.py': ORIGINAL } });

function pathIn(environment: string): string {
  return globSync(join(environment, 'lib', 'python*', 'site-packages', 'requests', 'api.py'))[0] ?? '';
}

for (const { title, edit } of [
  { title: 'with another length', edit: (path: string) => appendFileSync(path, '# edited\n') },
  { title: 'with the same length', edit: (path: string) => writeFileSync(path, ORIGINAL.replace('1', '2')) },
]) {
  test(`installing gives the original to B and says so, when the file was edited in A, ${title}`, async (t) => {
    const scene = await cacheScene(t, wheel);
    const [a, b] = [scene.environment('a'), scene.environment('b')];
    await scene.install(a, '--link-mode', 'hardlink', 'requests');
    assert.ok(statSync(pathIn(a)).nlink > 1, 'the environment and the cache share the file');

    edit(pathIn(a));
    const edited = readFileSync(pathIn(a), 'utf8');
    const second = await scene.install(b, '--link-mode', 'hardlink', 'requests');

    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stderr, /warning: The cached files of `requests` are damaged and will be made again/);
    assert.equal(installedText(b, 'requests/api.py'), ORIGINAL);
    assert.equal(readFileSync(pathIn(a), 'utf8'), edited, 'the edit stays where it was made');
    assertClaimsAreWhole(b);
    assert.equal(scene.index.count(/\.whl$/), 2);
  });
}

test('installing by copy gives the original to B as well, when the file was edited through a link of A', async (t) => {
  const scene = await cacheScene(t, wheel);
  const [a, b] = [scene.environment('a'), scene.environment('b')];
  await scene.install(a, '--link-mode', 'hardlink', 'requests');
  writeFileSync(pathIn(a), ORIGINAL.replace('1', '2'));

  const second = await scene.install(b, '--link-mode', 'copy', 'requests');

  assert.equal(second.status, 0, second.stderr);
  assert.equal(installedText(b, 'requests/api.py'), ORIGINAL);
});

test('files whose times alone have changed, as in a cache that was copied, are read once and not fetched again', async (t) => {
  const scene = await cacheScene(t, wheel);
  await scene.install(scene.environment('a'), 'requests');
  for (const path of scene.cachedFiles('*.py')) utimesSync(path, 1_000_000_000, 1_000_000_000);

  const second = await scene.install(scene.environment('b'), 'requests');
  const manifest = (): number => statSync(globSync(join(scene.cache, 'trees-v1', '*', '*', 'manifest'))[0] ?? '').ino;
  const restamped = manifest();
  const third = await scene.install(scene.environment('c'), 'requests');

  assert.deepEqual([second.status, third.status], [0, 0]);
  assert.doesNotMatch(second.stderr, /warning/);
  assert.equal(scene.index.count(/\.whl$/), 1);
  assert.equal(manifest(), restamped, 'the new times were written down, so nothing was read again');
});
