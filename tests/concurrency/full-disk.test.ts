/**
 * A disk that fills up at one write after another: a clear error, nothing half-made, and the same command succeeds once there
 * is space again.
 */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import { canMount, mountSmall } from '../support/scoped-mounts.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const PAGE_KIB = 4;
const wheels = [
  buildWheel({
    name: 'alpha',
    version: '1.0',
    requires: ['beta'],
    files: Object.fromEntries(Array.from({ length: 6 }, (_, file) => [`alpha/m${file}.py`, `value = ${file}\n`])),
    entryPoints: { console_scripts: { alpha: 'alpha:main' } },
  }),
  buildWheel({ name: 'beta', version: '1.0', files: { 'beta.py': 'value = 2\n' } }),
];

suite('a full disk', () => {
  test('installing says so and leaves the environment as it was, wherever the cache has no space left', async (t) => {
    if (!canMount(t)) return;
    const scene = await cacheScene(t, ...wheels);
    const environment = scene.environment('env');
    using disk = mountSmall(scene.cache, PAGE_KIB);
    let failures = 0;
    for (let sizeKib = 2 * PAGE_KIB; ; sizeKib += 2 * PAGE_KIB) {
      disk.resize(sizeKib);

      const { status, stderr } = await scene.install(environment, 'alpha');

      if (status === 0) break;
      failures += 1;
      assert.ok([1, 2].includes(status), `${sizeKib} KiB: ${stderr}`);
      assert.match(stderr, /no space/i, `${sizeKib} KiB`);
      assert.doesNotMatch(stderr, /defect of shoal/, `${sizeKib} KiB`);
      assert.deepEqual(assertClaimsAreWhole(environment), []);
    }
    t.diagnostic(`${failures} failures`);
    assert.ok(failures >= 3);
    assert.deepEqual(assertClaimsAreWhole(environment), ['alpha-1.0', 'beta-1.0']);
    assert.equal((await scene.run('cache', 'verify')).status, 0);
  });

  test('installing says so and changes nothing, wherever the environment has no space left', async (t) => {
    if (!canMount(t)) return;
    const scene = await cacheScene(t, ...wheels);
    const environment = join(scene.folder, 'small');
    using disk = mountSmall(environment, 16);
    const words = ['--target', environment, '-p', join(scene.environment('env'), 'bin', 'python')];
    const install = (): ReturnType<typeof scene.run> =>
      scene.run('pip', 'install', ...words, '--index-url', scene.index.url, '--link-mode', 'copy', 'alpha');
    let failures = 0;
    for (let sizeKib = PAGE_KIB; ; sizeKib += PAGE_KIB) {
      disk.resize(sizeKib);

      const { status, stderr } = await install();

      if (status === 0) break;
      failures += 1;
      assert.equal(status, 2, `${sizeKib} KiB: ${stderr}`);
      assert.match(stderr, /no space left/i, `${sizeKib} KiB`);
      assert.deepEqual(globSync('*.{py,dist-info}', { cwd: environment }), [], `${sizeKib} KiB`);
    }
    t.diagnostic(`${failures} failures`);
    assert.ok(failures >= 3);
    assert.deepEqual(globSync('*.dist-info', { cwd: environment }).sort(), [
      'alpha-1.0.dist-info',
      'beta-1.0.dist-info',
    ]);
  });
});
