/**
 * Installs in loops in two terminals, `cache clean` and `cache prune` in loops in two more: nobody fails, nobody waits for a
 * collector, and no collector for anybody. `SHOAL_TERMINALS_SECONDS` makes it longer than the suite can afford.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const SECONDS = Number(process.env['SHOAL_TERMINALS_SECONDS'] ?? '12');
/** However short the time: each loop runs so often. */
const FEWEST_RUNS = 3;

const names = Array.from({ length: 6 }, (_, number) => `p${number}`);
const wheels = names.map((name) =>
  buildWheel({
    name,
    version: '1.0',
    files: Object.fromEntries(
      Array.from({ length: 60 }, (_, file) => [`${name}/m${file}.py`, `value = '${name} ${file}'\n`.repeat(40)]),
    ),
  }),
);

interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly elapsedMs: number;
  /** From the announcement of each deletion to its end. */
  readonly deletingMs: number;
}

/** Run a command with `-v`, and note when it says that it deletes. */
function runTimed(scene: CacheScene, words: readonly string[]): Promise<Run> {
  const [program = '', ...leading] = shoalCommand();
  const started = performance.now();
  const child = spawn(program, [...leading, ...words, '-v'], {
    cwd: scene.folder,
    env: { ...process.env, SHOAL_CACHE_DIR: scene.cache, HOME: scene.folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const state = { stderr: '', deletingMs: 0, since: 0 };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    state.stderr += text;
    const now = performance.now();
    for (const [, name] of text.matchAll(/^DEBUG (before-delete|deleted) /gm)) {
      if (name === 'before-delete') state.since = now;
      else state.deletingMs += now - state.since;
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const { stderr, deletingMs } = state;
      resolve({ status, stderr, deletingMs, elapsedMs: performance.now() - started });
    });
  });
}

/** Run the words over and over until the time is up; a failure ends the test. */
async function loop(scene: CacheScene, words: readonly string[], endMs: number): Promise<readonly Run[]> {
  const runs: Run[] = [];
  while (runs.length < FEWEST_RUNS || performance.now() < endMs) {
    const run = await runTimed(scene, words);
    assert.equal(run.status, 0, `${words.join(' ')}:\n${run.stderr}`);
    runs.push(run);
  }
  return runs;
}

function installLoop(scene: CacheScene, environment: string, endMs: number): Promise<readonly Run[]> {
  return loop(scene, scene.installWords(environment, '--reinstall', ...names), endMs);
}

function longest(runs: readonly Run[], of: (run: Run) => number): number {
  return Math.max(...runs.map(of));
}

async function scene(t: TestContext): Promise<{ scene: CacheScene; a: string; b: string; endMs: number }> {
  const made = await cacheScene(t, ...wheels);
  const [a, b] = [made.environment('a'), made.environment('b')];
  return { scene: made, a, b, endMs: performance.now() + SECONDS * 1000 };
}

test(`two installers, cache clean and cache prune in loops for ${SECONDS} s: no failure, and nobody waits for a collector`, async (t) => {
  const { scene: place, a, b, endMs } = await scene(t);

  const [first, second, cleans, prunes, idle] = await Promise.all([
    installLoop(place, a, endMs),
    installLoop(place, b, endMs),
    loop(place, ['cache', 'clean'], endMs),
    loop(place, ['cache', 'prune'], endMs),
    // The same machine under the same load, and nothing to do: what a start costs at this moment.
    loop(place, ['cache', 'size'], endMs),
  ]);

  const collecting = [...cleans, ...prunes];
  const beyond = longest(collecting, ({ elapsedMs, deletingMs }) => elapsedMs - deletingMs);
  const start = longest(idle, ({ elapsedMs }) => elapsedMs);
  t.diagnostic(
    `${first.length + second.length} installs, ${cleans.length} cleans, ${prunes.length} prunes; longest collection beyond its deleting: ${Math.round(beyond)} ms, longest start: ${Math.round(start)} ms`,
  );
  // A collection does twice the work of a start, deleting left out; each may be kept from the processor for as long as the other.
  assert.ok(beyond < 1000 + 2 * start, `a collector took ${beyond} ms beyond its deleting, a start ${start} ms`);
  assert.deepEqual(
    collecting.filter(({ stderr }) => stderr.includes('Waiting for')).map(({ stderr }) => stderr),
    [],
  );
  for (const { stderr } of [...first, ...second]) assert.doesNotMatch(stderr, /Waiting for .* held by `shoal cache/);
  assert.ok(cleans.some(({ stderr }) => stderr.includes('Removed ')));
  for (const environment of [a, b]) assert.equal(assertClaimsAreWhole(environment).length, names.length);
});

test(`rm -rf of the whole cache in a loop beside two installers for ${SECONDS} s: no failure`, async (t) => {
  const { scene: place, a, b, endMs } = await scene(t);
  const installing = new AbortController();
  const remover = async (): Promise<number> => {
    let removals = 0;
    while (!installing.signal.aborted) {
      await new Promise(setImmediate);
      // In the middle of an installation, and seldom enough for another to come to its end.
      if (globSync(join(place.cache, 'trees-v1', '*', '*')).length < names.length / 2) continue;
      await removeAll(place.cache);
      removals += 1;
    }
    return removals;
  };

  const removing = remover();
  const runs = await Promise.all([installLoop(place, a, endMs), installLoop(place, b, endMs)]).finally(() =>
    installing.abort(),
  );
  const removals = await removing;

  t.diagnostic(`${runs.flat().length} installs, ${removals} removals`);
  assert.ok(removals >= FEWEST_RUNS);
  for (const environment of [a, b]) assert.equal(assertClaimsAreWhole(environment).length, names.length);
});

/** As a person would, who knows nothing of us. */
function removeAll(folder: string): Promise<void> {
  const child = spawn('rm', ['-rf', folder], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
