/** File systems that refuse: a clear error or a way round, and nothing half-made. */
import assert from 'node:assert/strict';
import { globSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { cacheScene, installedText } from '../support/cache-scene.ts';
import { canMount, mountReadOnly, mountSmall } from '../support/scoped-mounts.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const wheel = buildWheel({ name: 'alpha', version: '1.0', files: { 'alpha.py': 'value = 1\n' } });
const next = buildWheel({ name: 'alpha', version: '2.0', files: { 'alpha.py': 'value = 2\n' } });
const long = buildWheel({ name: 'long', version: '1.0', files: { 'long.py': '', [`long_${'x'.repeat(300)}.py`]: '' } });

suite('a file system that refuses', () => {
  test('an environment that can only be read is named, and stays as it is', async (t) => {
    if (!canMount(t)) return;
    const scene = await cacheScene(t, wheel, next);
    const environment = scene.environment('env');
    await scene.install(environment, 'alpha==1.0');
    {
      using _mount = mountReadOnly(environment);

      const installed = await scene.install(environment, 'alpha==2.0');
      const removed = await scene.run('pip', 'uninstall', '-p', environment, 'alpha');
      const listed = await scene.run('pip', 'freeze', '-p', environment);

      for (const { status, stderr } of [installed, removed]) {
        assert.equal(status, 2, stderr);
        assert.match(stderr, /read-only file system|EROFS/i);
        assert.ok(stderr.includes(environment), stderr);
      }
      assert.equal(listed.stdout, 'alpha==1.0\n', listed.stderr);
    }
    assert.deepEqual(assertClaimsAreWhole(environment), ['alpha-1.0']);
    assert.equal((await scene.install(environment, 'alpha==2.0')).status, 0);
  });

  test('a folder of locks that can only be read does not keep what is cached from being installed', async (t) => {
    if (!canMount(t)) return;
    const scene = await cacheScene(t, wheel, next);
    await scene.install(scene.environment('first'), 'alpha==1.0');
    using _mount = mountReadOnly(join(scene.cache, 'locks'));
    const environment = scene.environment('env');

    const cached = await scene.install(environment, '--offline', '--no-deps', 'alpha==1.0');
    const cold = await scene.install(environment, 'alpha==2.0');

    assert.equal(cached.status, 0, cached.stderr);
    assert.notEqual(cold.stderr, '');
    assert.doesNotMatch(cold.stderr, /defect of shoal/);
    assert.equal(assertClaimsAreWhole(environment).length, 1);
  });

  test('a cache on another file system is copied from, with one warning', async (t) => {
    if (!canMount(t)) return;
    const scene = await cacheScene(t, wheel);
    using _disk = mountSmall(scene.cache, 8192);
    const environment = scene.environment('env');

    const { status, stderr } = await scene.install(environment, 'alpha');

    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(/falling back to full copy/g)?.length, 1, stderr);
    assert.equal(installedText(environment, 'alpha.py'), 'value = 1\n');
    assert.equal(statSync(globSync(join(environment, 'lib', '*', '*', 'alpha.py'))[0] ?? '').nlink, 1);
  });

  test('a name that is too long for the file system is named, and nothing is installed', async (t) => {
    const scene = await cacheScene(t, wheel, long);
    const environment = scene.environment('env');

    const { status, stderr } = await scene.install(environment, 'alpha', 'long');

    assert.ok(status === 1 || status === 2, stderr);
    assert.match(stderr, /ENAMETOOLONG|too long/);
    assert.doesNotMatch(stderr, /defect of shoal/);
    assert.deepEqual(assertClaimsAreWhole(environment), []);
    mkdirSync(join(scene.cache, 'tmp'), { recursive: true });
    assert.deepEqual(globSync(join(scene.cache, 'tmp', '*')), []);
  });

  test('an environment whose path is as long as the system allows is installed to, or the path is named', async (t) => {
    const scene = await cacheScene(t, wheel);
    const folders = Array.from({ length: 15 }, () => 'd'.repeat(250));
    const target = join(scene.folder, ...folders);
    const python = join(scene.environment('env'), 'bin', 'python');

    const indexes = ['--index-url', scene.index.url];
    const { status, stderr } = await scene.run('pip', 'install', '-p', python, '--target', target, ...indexes, 'alpha');

    if (status !== 0) assert.match(stderr, /ENAMETOOLONG|too long/);
    assert.doesNotMatch(stderr, /defect of shoal/);
    assert.equal(globSync(join(target, 'alpha.py')).length, status === 0 ? 1 : 0);
  });
});
