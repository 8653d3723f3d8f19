/** Whole commands in processes that kill themselves at a step, and what must be true after each kill. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { openCache } from '@shoal/cache';

import type { CacheScene } from '../support/cache-scene.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const ACTOR = join(import.meta.dirname, 'command-crash-actor.ts');
const WORKERS = 2;
const NEVER = -1;
const SPARE_STEPS = 2;

interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A file that what a build started keeps locked while it lives. */
export function lifeLockOf({ cache }: CacheScene): string {
  return `${cache}.life`;
}

/** The sources are compiled once, by the run that lives to its end. */
function actorVariables(scene: CacheScene): NodeJS.ProcessEnv {
  const { cache, folder } = scene;
  const compiled = join(folder, 'compiled');
  return { ...process.env, SHOAL_CACHE_DIR: cache, LIFE_LOCK: lifeLockOf(scene), NODE_COMPILE_CACHE: compiled };
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

export interface CrashCase {
  /** Make the state before. */
  readonly prepare: (scene: CacheScene, environment: string) => Promise<void>;
  readonly words: (scene: CacheScene, environment: string) => readonly string[];
  /** What may be claimed after the kill, and what is claimed once the command has been run again. */
  readonly claims: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** The numbers of the steps to kill at, of the names of all; without: all, and some more in case that another run has more. */
  readonly choose?: (steps: readonly string[]) => readonly number[];
  /** A distribution is replaced: until the next command its claim may be ahead of its files, as the journal tells. */
  readonly replaces?: boolean;
  /** Right after each kill. */
  readonly afterKill?: (scene: CacheScene) => Promise<void>;
}

/** Kill at one step after another. @returns the names of the steps, as often as they were killed at. */
export async function killEverywhere(scene: CacheScene, crash: CrashCase): Promise<readonly string[]> {
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

async function stepsOfWholeRun(scene: CacheScene, crash: CrashCase): Promise<number[]> {
  const place = new Place(scene, NEVER);
  const end = await runActor(place.scene, NEVER, crash.words(place.scene, place.environment));
  assert.equal(end.status, 0, end.stderr);
  place.remove();
  const steps = end.stdout.split(' ');
  return [...(crash.choose?.(steps) ?? Array.from({ length: steps.length + SPARE_STEPS }, (_, step) => step))];
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

  await crash.afterKill?.(place.scene);
  const isReplacing = crash.replaces === true && existsSync(join(environment, '.shoal', 'journal'));
  if (!isReplacing) assertClaimsAreWhole(environment);
  const listed = await place.scene.run('pip', 'freeze', '-p', environment);
  const claims = assertClaimsAreWhole(environment);
  assert.equal(listed.stdout.trim().replace('==', '-'), claims.join('\n'), where);
  assert.ok(
    claims.length === 0 || [crash.claims.before.join(), crash.claims.after.join()].includes(claims.join()),
    `${where}: ${claims.join()}`,
  );

  const again = await place.scene.run(...words);
  const prune = await openCache({ root: place.scene.cache, command: 'test' }).prune();
  assert.equal(again.status, 0, `${where}: ${again.stderr}`);
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
