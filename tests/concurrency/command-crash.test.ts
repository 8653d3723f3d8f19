/**
 * "A kill at any instruction loses nothing": the whole command, killed at each step that it announces. What is claimed then
 * is whole, `pip list` names no other, and the same command brings the environment and the cache to where they should be.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { openCache } from '@shoal/cache';

import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';
import { ALL_STEPS, stepsKilledIn, stepsOfTable } from './crash-steps.ts';
import type { CrashTest } from './crash-steps.ts';

const ACTOR = join(import.meta.dirname, 'command-crash-actor.ts');
const WORKERS = 2;
const NEVER = -1;
const SPARE_STEPS = 2;

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

interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The sources are compiled once, by the run that lives to its end. */
function actorVariables({ cache, folder }: CacheScene): NodeJS.ProcessEnv {
  return { ...process.env, SHOAL_CACHE_DIR: cache, NODE_COMPILE_CACHE: join(folder, 'compiled') };
}

function runActor(scene: CacheScene, killAt: number, words: readonly string[]): Promise<CommandEnd> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', ACTOR, String(killAt), ...words],
    { cwd: scene.folder, env: actorVariables(scene), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
}

interface CrashCase {
  /** Make the state before. */
  readonly prepare: (scene: CacheScene, environment: string) => Promise<void>;
  readonly words: (scene: CacheScene, environment: string) => readonly string[];
  /** What may be claimed after the kill, and what is claimed once the command has been run again. */
  readonly claims: { readonly before: readonly string[]; readonly after: readonly string[] };
}

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

/** Kill at one step after another. @returns the names of the steps, as often as they were killed at. */
async function killEverywhere(scene: CacheScene, crash: CrashCase): Promise<readonly string[]> {
  const remaining = await stepsOfWholeRun(scene, crash);
  const killed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let step = remaining.shift(); step !== undefined; step = remaining.shift()) {
      const found = await killOnce(scene, crash, step);
      if (found !== undefined) killed.push(found);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return killed;
}

/** The numbers of the steps that the command has, some more in case that another run of it has more. */
async function stepsOfWholeRun(scene: CacheScene, crash: CrashCase): Promise<number[]> {
  const place = new Place(scene, NEVER);
  const end = await runActor(place.scene, NEVER, crash.words(place.scene, place.environment));
  assert.equal(end.status, 0, end.stderr);
  place.remove();
  return Array.from({ length: end.stdout.split(' ').length + SPARE_STEPS }, (_, step) => step);
}

/** @returns the step; `undefined` when the command has fewer. */
async function killOnce(scene: CacheScene, crash: CrashCase, step: number): Promise<string | undefined> {
  const place = new Place(scene, step);
  const { environment } = place;
  const words = crash.words(place.scene, environment);
  const end = await runActor(place.scene, step, words);
  const name = /killed at (\S+)/.exec(end.stderr)?.[1];
  if (name === undefined) assert.equal(end.status, 0, end.stderr);
  const where = `killed at step ${step}, ${name}`;

  const claims = assertClaimsAreWhole(environment);
  const listed = await place.scene.run('pip', 'freeze', '-p', environment);
  assert.equal(listed.stdout.trim().replace('==', '-'), claims.join('\n'), where);
  assert.ok(
    claims.length === 0 || [crash.claims.before.join(), crash.claims.after.join()].includes(claims.join()),
    `${where}: ${claims.join()}`,
  );

  const again = await place.scene.run(...words);
  const check = await place.scene.run('pip', 'check', '-p', environment);
  const prune = await openCache({ root: place.scene.cache, command: 'test' }).prune();
  assert.equal(again.status, 0, `${where}: ${again.stderr}`);
  assert.equal(check.status, 0, `${where}: ${check.stderr}`);
  assert.equal(prune.outcome, 'done', where);
  assert.deepEqual(assertClaimsAreWhole(environment), crash.claims.after, where);
  assert.deepEqual(globSync('.shoal', { cwd: environment }), [], where);
  for (const folder of ['tmp', 'trash']) assert.deepEqual(namesIn(join(place.scene.cache, folder)), [], where);
  place.remove();
  return name;
}

function namesIn(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder);
}

/** The folder of one kill: a cache and an environment, copied from those that were prepared. */
class Place {
  readonly scene: CacheScene;
  readonly environment: string;
  readonly #folder: string;

  constructor(prepared: CacheScene, step: number) {
    this.#folder = join(prepared.folder, `place-${step}`);
    this.environment = join(this.#folder, 'env');
    this.scene = prepared.with({ cache: join(this.#folder, 'cache') });
    const options = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
    cpSync(join(prepared.folder, 'prepared'), this.environment, options);
    if (existsSync(prepared.cache)) cpSync(prepared.cache, this.scene.cache, options);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

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
