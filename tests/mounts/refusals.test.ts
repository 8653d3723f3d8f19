/** Limits that few file systems have: a quota, no further links to a file, names without upper and lower case. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';

import { cacheScene, CacheScene } from '../support/cache-scene.ts';
import { imageOf, mountFaulty, mountFolder, whyNoMount } from '../support/mounted-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const KIB = 1024;
const modules = (version: string): Record<string, string> => ({
  'Alpha/__init__.py': `value = ${version}\n`,
  'Alpha/Mixed_Case.py': `value = ${version}\n`,
  [`Alpha/only_${version.replace('.', '_')}.py`]: '',
});
const alpha = buildWheel({ name: 'Alpha', version: '1.0', files: modules('1.0') });
const next = buildWheel({ name: 'Alpha', version: '2.0', files: modules('2.0') });
const twins = buildWheel({
  name: 'twins',
  version: '1.0',
  files: { 'twins/__init__.py': '', 'twins/Name.py': 'upper = 1\n', 'twins/name.py': 'lower = 1\n' },
});
const large = buildWheel({ name: 'large', version: '1.0', files: { 'large.bin': Buffer.alloc(3000 * KIB, 'large ') } });

/** A scene whose cache and environments lie on a file system with this fault; `undefined`, said, when that cannot be. */
async function faultyScene(t: TestContext, fault: string): Promise<CacheScene | undefined> {
  const reason = whyNoMount(['gcc', 'pkg-config', 'fusermount3']);
  if (reason !== undefined) {
    t.diagnostic(`not run: ${reason}`);
    return undefined;
  }
  const { index } = await cacheScene(t, alpha, next, twins);
  const { folder, fail } = await mountFaulty(t);
  fail(fault);
  return new CacheScene(folder, index);
}

suite('a file system with limits', () => {
  test('files are copied where a file can have no further link', async (t) => {
    const scene = await faultyScene(t, 'EMLINK');
    if (scene === undefined) return;
    const environment = scene.environment('env');

    const { status, stderr } = await scene.install(environment, 'alpha==1.0');

    assert.equal(status, 0, stderr);
    assert.deepEqual(assertClaimsAreWhole(environment), ['alpha-1.0']);
    const [installed = ''] = globSync(join(environment, 'lib', '*', '*', 'Alpha', '__init__.py'));
    assert.equal(statSync(installed).nlink, 1);
  });

  test('installing, replacing and uninstalling work where upper and lower case are the same', async (t) => {
    const scene = await faultyScene(t, 'fold');
    if (scene === undefined) return;
    const environment = scene.environment('env');

    for (const version of ['1.0', '2.0']) {
      const { status, stderr } = await scene.install(environment, `alpha==${version}`);
      assert.equal(status, 0, stderr);
      assert.deepEqual(assertClaimsAreWhole(environment), [`alpha-${version}`]);
    }
    const removed = await scene.run('pip', 'uninstall', '-p', environment, 'ALPHA');

    assert.equal(removed.status, 0, removed.stderr);
    assert.deepEqual(globSync(join(environment, 'lib', '*', '*', 'Alpha')), []);
    assert.match((await scene.run('cache', 'doctor')).stdout, /^Upper and lower case: +(?!kept apart)/m);
  });

  test('a wheel with two names that differ in case alone is refused where they are the same, and nothing is claimed', async (t) => {
    const scene = await faultyScene(t, 'fold');
    if (scene === undefined) return;
    const environment = scene.environment('env');

    const { status, stderr } = await scene.install(environment, 'twins');

    assert.notEqual(status, 0, stderr);
    assert.match(stderr, /name\.py/i);
    assert.doesNotMatch(stderr, /defect of shoal/);
    assert.deepEqual(assertClaimsAreWhole(environment), []);
  });

  test('a quota that is used up is named like a full disk, and the same command succeeds when it is raised', async (t) => {
    const reason = whyNoMount(['mkfs.btrfs', 'btrfs']);
    if (reason !== undefined) return t.diagnostic(`not run: ${reason}`);
    const { index } = await cacheScene(t, large);
    const folder = mountFolder(t, (workshop) => imageOf(['mkfs.btrfs', '-q'], workshop));
    const limited = join(folder, 'limited');
    const btrfs = (...words: readonly string[]): void => void execFileSync('btrfs', words, { stdio: 'pipe' });
    btrfs('quota', 'enable', folder);
    btrfs('subvolume', 'create', limited);
    const scene = new CacheScene(limited, index);
    const environment = scene.environment('env');
    btrfs('filesystem', 'sync', folder);
    btrfs('qgroup', 'limit', '2M', limited);

    const refused = await scene.install(environment, 'large');
    btrfs('qgroup', 'limit', 'none', limited);
    const claimed = assertClaimsAreWhole(environment);
    const { status, stderr } = await scene.install(environment, 'large');

    assert.ok([1, 2].includes(refused.status), refused.stderr);
    assert.match(refused.stderr, /no space|quota/i);
    assert.doesNotMatch(refused.stderr, /defect of shoal/);
    assert.deepEqual(claimed, []);
    assert.equal(status, 0, stderr);
    assert.deepEqual(assertClaimsAreWhole(environment), ['large-1.0']);
    assert.ok(existsSync(scene.cache));
  });
});
