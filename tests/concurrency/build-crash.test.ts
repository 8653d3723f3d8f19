/**
 * The builder killed: at each step of a build that it announces, in the midst of compiling, and at a choice of all others. The next
 * command finishes, nothing half-made is used by anybody, and nothing that the build has started lives on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireFileLock } from '@shoal/cache';
import { cacheScene } from '../support/cache-scene.ts';
import { IMMORTAL_CHILD, sourceProject } from '../support/source-project.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';
import { killEverywhere, lifeLockOf } from './command-kills.ts';
import { stepsKilledIn } from './crash-steps.ts';

/** As many kills as there are, or somewhat more where a build announces more steps than this. */
const KILLS = 50;
const AT_LEAST = [...stepsKilledIn('build'), 'compiling'];

const spec = {
  name: 'native',
  buildRequires: ['helper'],
  furtherRequires: ['second'],
  isDynamic: true,
  inBuild: IMMORTAL_CHILD,
};
const native = buildSdist({
  name: 'native',
  version: '1.0',
  files: sourceProject(spec),
  metadata: 'Metadata-Version: 1.2\nName: native\nVersion: 1.0\n',
});
const helpers = ['helper', 'second'].map((name) => buildWheel({ name, version: '1.0' }));

/** All steps of the build, and of the others as many as there is time for, evenly. */
function choose(steps: readonly string[]): readonly number[] {
  const all = [...steps.keys()];
  const inBuild = (step: number): boolean => AT_LEAST.includes(steps[step] ?? '');
  const others = all.filter((step) => !inBuild(step));
  const wanted = Math.max(KILLS - all.filter(inBuild).length, 0);
  const chosen = Array.from(
    { length: wanted },
    (_, number) => others[Math.floor((number * others.length) / wanted)] ?? 0,
  );
  return [...all.filter(inBuild), ...chosen];
}

test('a builder killed at each step of its build leaves nothing half-made and no process, and the next one finishes', async (t) => {
  const scene = await cacheScene(t, native, ...helpers);
  scene.environment('prepared');

  const killed = await killEverywhere(scene, {
    prepare: () => Promise.resolve(),
    words: (place, environment) => place.installWords(environment, 'native'),
    claims: { before: [], after: ['native-1.0'] },
    choose,
    afterKill: async (place) => {
      using _everythingHasEnded = await acquireFileLock(lifeLockOf(place), {
        mode: 'exclusive',
        resource: 'the life of the build',
        command: 'test',
        timeoutMs: 60_000,
      });
    },
  });

  t.diagnostic(`${killed.length} kills: ${[...new Set(killed)].sort().join(' ')}`);
  assert.ok(killed.length >= KILLS, `${killed.length} kills`);
  assert.deepEqual(
    AT_LEAST.filter((step) => !killed.includes(step)),
    [],
  );
});
