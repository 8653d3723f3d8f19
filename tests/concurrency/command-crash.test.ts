/**
 * "A kill at any instruction loses nothing": the whole command, killed at each step that it announces. What is claimed then
 * is whole, `pip list` names no other, and the same command brings the environment and the cache to where they should be.
 */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { suite, test } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { killEverywhere } from './command-kills.ts';
import type { CrashCase } from './command-kills.ts';
import { ALL_STEPS, stepsKilledIn, stepsOfTable } from './crash-steps.ts';
import type { CrashTest } from './crash-steps.ts';

const alpha = buildWheel({
  name: 'alpha',
  version: '1.0',
  files: { 'alpha/__init__.py': 'value = 1\n', 'alpha/gone.py': 'only = 1\n', 'alpha/big.bin': 'x'.repeat(300_000) },
  entryPoints: { console_scripts: { alpha: 'alpha:main' } },
});
const alphaNext = buildWheel({
  name: 'alpha',
  version: '2.0',
  files: { 'alpha/__init__.py': 'value = 2\n', 'alpha/came.py': 'only = 2\n' },
});

const CASES: Readonly<Record<string, CrashCase>> = {
  cold: {
    prepare: () => Promise.resolve(),
    words: (scene, environment) => scene.installWords(environment, 'alpha==1.0'),
    claims: { before: [], after: ['alpha-1.0'] },
  },
  replace: {
    prepare: async (scene, environment) => {
      await scene.install(environment, 'alpha==1.0');
    },
    words: (scene, environment) => scene.installWords(environment, '--no-deps', 'alpha==2.0'),
    claims: { before: ['alpha-1.0'], after: ['alpha-2.0'] },
    replaces: true,
  },
  uninstall: {
    prepare: async (scene, environment) => {
      await scene.install(environment, 'alpha==1.0');
    },
    words: (_scene, environment) => ['pip', 'uninstall', '-p', environment, 'alpha'],
    claims: { before: ['alpha-1.0'], after: [] },
  },
  heal: {
    prepare: async (scene) => {
      await scene.install(scene.environment('other'), 'alpha==1.0');
      for (const path of scene.cachedFiles('gone.py')) truncateSync(path, 0);
    },
    words: (scene, environment) => scene.installWords(environment, 'alpha==1.0'),
    claims: { before: [], after: ['alpha-1.0'] },
  },
};

suite('a command killed at each announced step', () => {
  test('the table of crash tests names every step that the program can announce', () => {
    assert.deepEqual(stepsOfTable(), [...ALL_STEPS].sort());
  });

  for (const [name, crash] of Object.entries(CASES)) {
    test(`leaves the old state or the new one, when it is killed in: ${name}`, async (t) => {
      const scene = await cacheScene(t, alpha, alphaNext);
      await crash.prepare(scene, scene.environment('prepared'));

      const killed = await killEverywhere(scene, crash);

      t.diagnostic(`${killed.length} kills`);
      const promised = name === 'uninstall' ? ['apply', 'journal-written'] : stepsKilledIn(name as CrashTest);
      assert.deepEqual(
        promised.filter((step) => !killed.includes(step)),
        [],
        'steps that the table promises',
      );
    });
  }
});
