/** Collection never waits and never hurts; nor does anybody who deletes the whole folder. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { digestOf, openCache } from '@shoal/cache';

import { startActor, startActors } from '../support/actors.ts';
import type { Actor } from '../support/actors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsKilledIn } from './crash-steps.ts';

const script = new URL('cache-roles.ts', import.meta.url);

function place(t: TestContext): { root: string; scratch: string } {
  const scratch = temporaryFolder(t);
  return { root: join(scratch, 'cache'), scratch };
}

async function finishBeside(installers: readonly Actor[], scratch: string): Promise<readonly unknown[]> {
  const results = await Promise.all(installers.map(async (actor) => await actor.result()));
  writeFileSync(join(scratch, 'stop'), '');
  return results;
}

test('clean() and prune() in loops break none of four processes that install, and never wait', async (t) => {
  const input = { ...place(t), names: ['numpy', 'pandas', 'polars'], rounds: 25 };
  const installers = (await startActors(t, 4, { script, role: 'install', input })).actors;
  const collectors = (await startActors(t, 2, { script, role: 'collect', input })).actors;

  for (const actor of [...installers, ...collectors]) actor.proceed();
  const installed = await finishBeside(installers, input.scratch);
  const runs = (await Promise.all(collectors.map(async (actor) => await actor.result()))).flat() as Run[];

  assert.deepEqual(installed, Array<string>(4).fill('done'));
  assert.ok(
    runs.some((run) => run.outcome === 'done' && run.files > 0),
    'the collectors have collected something',
  );
  const longest = runs.reduce((most, { longMs }) => Math.max(most, longMs), 0);
  assert.ok(longest < 2000, `a collector took ${longest} ms`);
});

interface Run {
  readonly outcome: string;
  readonly files: number;
  readonly longMs: number;
}

test('pinOrProduce() survives a loop of deletions of the whole cache', async (t) => {
  const input = { ...place(t), names: ['numpy', 'pandas'], rounds: 8 };
  const installers = (await startActors(t, 3, { script, role: 'install', input })).actors;
  const [deleter] = (await startActors(t, 1, { script, role: 'delete', input })).actors;
  assert.ok(deleter !== undefined);

  for (const actor of [...installers, deleter]) actor.proceed();
  const installed = await finishBeside(installers, input.scratch);
  const deletions = Number(await deleter.result());

  assert.deepEqual(installed, Array<string>(3).fill('done'));
  assert.ok(deletions > 3, `only ${deletions} deletions`);
});

test('clean() leaves what is held and what is being made, and takes the rest', async (t) => {
  const input = place(t);
  const holder = await startActor(t, { script, role: 'hold', input: { ...input, name: 'held' }, stopAt: ['holding'] });
  const maker = await startActor(t, { script, role: 'tree', input: { ...input, name: 'made' }, stopAt: ['produced'] });
  const other = await startActor(t, { script, role: 'tree', input: { ...input, name: 'unused' } });
  holder.proceed();
  await holder.reaches('holding');
  maker.proceed();
  await maker.reaches('produced');
  other.proceed();
  await other.result();
  const cache = openCache({ root: input.root, command: 'test' });

  const report = await cache.clean();
  holder.proceed();
  maker.proceed();

  assert.equal(report.outcome, 'done');
  assert.equal(report.skipped, 3, 'the held tree, the work folder and the partial download');
  assert.equal(report.files, 13, 'the unused tree and its manifest');
  assert.equal(await holder.result(), 'whole');
  assert.equal(await maker.result(), 12);
  assert.equal(cache.trees.pin(digestOf('unused')), undefined);
  assert.equal((await cache.clean()).skipped, 0);
  assert.equal(existsSync(input.root), false, 'an empty cache leaves no folder');
});

test('clean() says so and does nothing, when another collector is at work', async (t) => {
  const input = { ...place(t), name: 'numpy' };
  const maker = await startActor(t, { script, role: 'tree', input });
  maker.proceed();
  await maker.result();
  const first = await startActor(t, { script, role: 'clean', input, stopAt: ['victim-locked'] });
  first.proceed();
  await first.reaches('victim-locked');

  const report = await openCache({ root: input.root, command: 'test' }).clean();
  first.proceed();

  assert.equal(report.outcome, 'another-collector');
  assert.equal(report.holder?.pid, first.pid);
  assert.equal(report.files, 0);
  assert.equal(((await first.result()) as { files: number }).files, 13);
});

for (const step of stepsKilledIn('clean')) {
  test(`prune() removes what a collector has left behind that was killed at ${step}`, async (t) => {
    const input = { ...place(t), name: 'numpy' };
    const maker = await startActor(t, { script, role: 'tree', input });
    maker.proceed();
    await maker.result();
    const killed = await startActor(t, { script, role: 'clean', input, stopAt: [step] });
    killed.proceed();
    await killed.reaches(step);
    await killed.kill();
    const cache = openCache({ root: input.root, command: 'test' });

    const report = await cache.prune();
    const after = await startActor(t, { script, role: 'tree', input });
    after.proceed();

    assert.equal(report.outcome, 'done');
    mkdirSync(join(input.root, 'trash'), { recursive: true });
    assert.deepEqual(readdirSync(join(input.root, 'trash')), []);
    assert.equal(await after.result(), 12);
  });
}
