/**
 * What a power cut leaves behind, because nothing in the cache is synced: empty, cut and missing files. The first command
 * after the restart finds them, makes them anew, and installs what is whole.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';

import { formatManifest, parseManifest } from '../../packages/cache/src/manifest.ts';
import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const wheels = [
  buildWheel({
    name: 'alpha',
    version: '1.0',
    requires: ['beta'],
    files: { 'alpha/__init__.py': 'value = 1\n', 'alpha/data/big.bin': 'x'.repeat(50_000) },
    data: { 'scripts/tool': '#!python\nprint(1)\n' },
  }),
  buildWheel({ name: 'beta', version: '1.0', files: { 'beta.py': 'value = 2\n' } }),
];

/** Every manifest looks as if the machine had been started again since it was written. */
function restartMachine({ cache }: CacheScene): void {
  for (const path of globSync(join(cache, 'trees-v1', '*', '*', 'manifest'))) {
    const manifest = parseManifest(readFileSync(path));
    if (manifest === undefined) continue;
    const { publication, publishedMs } = manifest;
    writeFileSync(path, formatManifest(manifest, { publication, publishedMs, boot: 'an earlier start' }));
  }
}

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  emptied: (path) => truncateSync(path, 0),
  'cut short': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  missing: (path) => rmSync(path),
};

const ANSWERS = 'resolutions-v1/*';

const PLACES: Readonly<Record<string, string>> = {
  'a module of a tree': 'trees-v1/*/*/tree/alpha/__init__.py',
  'a script of a tree': 'trees-v1/*/*/tree/alpha-1.0.data/scripts/tool',
  'the METADATA of a tree': 'trees-v1/*/*/tree/*.dist-info/METADATA',
  'the manifest of a tree': 'trees-v1/*/*/manifest',
  'an index page': 'pages-v1/*/*',
  'core metadata': 'metadata-v1/*',
  'the facts about an interpreter': 'interpreters-v1/*',
  'a remembered answer': ANSWERS,
};

suite('after a power cut', () => {
  for (const [place, pattern] of Object.entries(PLACES)) {
    test(`installing finds and heals it, when ${place} is emptied, cut short or missing`, async (t) => {
      const scene = await cacheScene(t, ...wheels);
      const earlier = [scene.environment('before')];
      await scene.install(earlier[0] ?? '', 'alpha');
      for (const [title, damage] of Object.entries(DAMAGES)) {
        restartMachine(scene);
        const victims = globSync(join(scene.cache, pattern));
        assert.ok(victims.length > 0);
        for (const path of victims) damage(path);
        // Who finds an answer has no need to read what is damaged.
        if (pattern !== ANSWERS) rmSync(join(scene.cache, dirname(ANSWERS)), { recursive: true });
        const after = scene.environment(title);

        const { status, stderr } = await scene.install(after, 'alpha');
        // What is known of an environment's interpreter is only read for that one.
        for (const one of earlier) await scene.install(one, 'alpha');
        earlier.push(after);
        const verified = await scene.run('cache', 'verify');

        assert.equal(status, 0, stderr);
        assert.deepEqual(assertClaimsAreWhole(after), ['alpha-1.0', 'beta-1.0']);
        assert.equal(verified.status, 0, `${title}: ${verified.stderr}`);
      }
      assert.equal((await scene.run('pip', 'check', '-p', join(scene.folder, 'missing'))).status, 0);
    });
  }

  test('a tree that is whole after the restart is used as it is, and one without a manifest is made anew', async (t) => {
    const scene = await cacheScene(t, ...wheels);
    await scene.install(scene.environment('before'), 'alpha');
    restartMachine(scene);
    const [manifest = ''] = globSync(join(scene.cache, 'trees-v1', '*', '*', 'manifest'));
    rmSync(dirname(manifest), { recursive: true });
    scene.index.forget();

    const { status } = await scene.install(scene.environment('after'), 'alpha');

    assert.equal(status, 0);
    assert.equal(scene.index.count(/\.whl$/), 1);
  });
});
