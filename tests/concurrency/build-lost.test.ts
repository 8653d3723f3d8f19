/** A build outlives the cache that it works in: what is deleted or damaged under it is made again. */
import assert from 'node:assert/strict';
import { existsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { sourceProject } from '../support/source-project.ts';
import type { SourceProjectSpec } from '../support/source-project.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const helper = buildWheel({ name: 'helper', version: '1.0', files: { 'helper.py': 'value = 1\n' } });

function sdist(version: string, inBuild: string): ReturnType<typeof buildSdist> {
  const spec: SourceProjectSpec = { name: 'native', version, buildRequires: ['helper'], inBuild };
  const metadata = `Metadata-Version: 1.2\nName: native\nVersion: ${version}\n`;
  return buildSdist({ name: 'native', version, files: sourceProject(spec), metadata });
}

/** The backend deletes `$SHOAL_CACHE_DIR/<what>` the first time, and goes on as if nothing had happened. */
function deleting(what: string): string {
  return [
    'import shutil',
    'cache = os.environ["SHOAL_CACHE_DIR"]',
    'once = cache + "-deleted"',
    'if not os.path.exists(once):',
    '    open(once, "w").close()',
    `    shutil.rmtree(os.path.join(cache, "${what}"))`,
  ].join('\n');
}

async function sceneOf(t: TestContext, ...sdists: readonly ReturnType<typeof buildSdist>[]): Promise<CacheScene> {
  return await cacheScene(t, helper, ...sdists);
}

for (const what of ['', 'tmp', 'blobs-v1', 'trees-v1']) {
  test(`a source is built and installed although its backend sees ${what === '' ? 'the whole cache' : what} deleted`, async (t) => {
    const scene = await sceneOf(t, sdist('1.0', deleting(what)));
    const environment = scene.environment('env');

    const { status, stderr } = await scene.install(environment, 'native');

    assert.equal(status, 0, stderr);
    assert.deepEqual(assertClaimsAreWhole(environment), ['native-1.0']);
    assert.ok(existsSync(`${scene.cache}-deleted`));
  });
}

test('a build environment with a damaged file is put aside, and the build goes on in a new one', async (t) => {
  const scene = await sceneOf(t, sdist('1.0', 'import helper'), sdist('2.0', 'import helper; helper.value'));
  const environment = scene.environment('env');
  await scene.install(environment, 'native==1.0');
  const damaged = scene.cachedFiles(join('lib', 'python*', 'site-packages', 'helper.py'));
  assert.equal(damaged.length, 1);
  for (const path of damaged) truncateSync(path, 0);

  const { status, stderr } = await scene.install(environment, 'native==2.0');

  assert.equal(status, 0, stderr);
  assert.deepEqual(assertClaimsAreWhole(environment), ['native-2.0']);
});
