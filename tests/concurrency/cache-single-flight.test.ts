/** Each piece of work is done once; if the worker dies, a waiter takes over at once and continues. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { openCache } from '@shoal/cache';

import { releaseTogether, startActor, startActors } from '../support/actors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsKilledIn } from './crash-steps.ts';

const script = new URL('cache-roles.ts', import.meta.url);

function place(t: TestContext): { root: string; scratch: string } {
  const scratch = temporaryFolder(t);
  return { root: join(scratch, 'cache'), scratch };
}

function logLines(scratch: string): string[] {
  return readFileSync(join(scratch, 'log'), 'utf8').trimEnd().split('\n');
}

test('pinOrProduce() makes one tree once, when eight cold processes ask for it together', async (t) => {
  const input = { ...place(t), name: 'numpy' };
  const group = await startActors(t, 8, { script, role: 'tree', input });

  const results = await group.releaseTogether();

  assert.deepEqual(results, Array<number>(8).fill(12));
  assert.deepEqual(logLines(input.scratch), ['produced numpy after 0 bytes']);
  assert.deepEqual(readdirSync(join(input.root, 'tmp')), []);
  assert.deepEqual(readdirSync(join(input.root, 'partial')), []);
});

test('pinOrProduce() uses what another published between its last look and its lock', async (t) => {
  const input = { ...place(t), name: 'numpy' };
  const late = await startActor(t, { script, role: 'tree', input, stopAt: ['key-wanted'] });
  const early = await startActor(t, { script, role: 'tree', input });
  late.proceed();
  await late.reaches('key-wanted');
  early.proceed();
  await early.result();
  late.proceed();

  assert.equal(await late.result(), 12);
  assert.deepEqual(logLines(input.scratch), ['produced numpy after 0 bytes']);
});

test('readOrProduce() makes one record once, when eight cold processes ask for it together', async (t) => {
  const input = { ...place(t), key: 'index/numpy' };
  const group = await startActors(t, 8, { script, role: 'record', input });

  const results = await group.releaseTogether();

  assert.deepEqual(results, Array<string>(8).fill('produced'));
  assert.deepEqual(logLines(input.scratch), ['produced index/numpy after 0 bytes']);
});

test('readOrProduce() renews a stale record once, when eight processes find it stale together', async (t) => {
  const input = { ...place(t), key: 'index/numpy' };
  openCache({ root: input.root, command: 'test' }).records.write('pages', input.key, 'stale');
  const [first, ...others] = (await startActors(t, 8, { script, role: 'record', input, stopAt: ['key-taken'] })).actors;
  assert.ok(first !== undefined);

  first.proceed();
  await first.reaches('key-taken');
  for (const other of others) other.proceed();
  // Each has found the stale record, and now waits for the first.
  await Promise.all(others.map(async (other) => await other.announces('waiting')));
  first.proceed();
  const results = await Promise.all([first, ...others].map(async (actor) => await actor.result()));

  assert.deepEqual(results, Array<string>(8).fill('produced'));
  assert.deepEqual(logLines(input.scratch), ['produced index/numpy after 5 bytes']);
});

test('pinOrProduce() lets a waiter continue the partial download, when its producer is killed', async (t) => {
  const input = { ...place(t), name: 'pandas' };
  const producer = await startActor(t, { script, role: 'tree', input, stopAt: ['half-downloaded'] });
  const waiter = await startActor(t, { script, role: 'tree', input });
  producer.proceed();
  await producer.reaches('half-downloaded');
  waiter.proceed();
  await waiter.announces('waiting');

  const killedMs = performance.now();
  await producer.kill();
  const files = await waiter.result();
  const takenOverMs = performance.now() - killedMs;

  assert.equal(files, 12);
  assert.deepEqual(logLines(input.scratch), ['produced pandas after 0 bytes', 'produced pandas after 1000 bytes']);
  assert.ok(takenOverMs < 1000, `it took ${takenOverMs} ms`);
  const [waiting] = waiter.events('waiting');
  assert.equal(waiting?.['resource'], 'pandas');
  assert.equal((waiting?.['holder'] as { pid?: number } | undefined)?.pid, producer.pid);
});

const KILLED_AT = ['key-taken', 'work-folder-made', 'produced', 'manifest-written', 'before-publish', 'published'];

for (const step of KILLED_AT) {
  test(`pinOrProduce() finds an old or a new state, when a producer was killed at ${step}`, async (t) => {
    const input = { ...place(t), name: 'boto3' };
    const producer = await startActor(t, { script, role: 'tree', input, stopAt: [step] });
    const next = await startActor(t, { script, role: 'tree', input });
    producer.proceed();
    await producer.reaches(step);
    await producer.kill();

    next.proceed();
    const files = await next.result();
    const report = await openCache({ root: input.root, command: 'test' }).prune();

    assert.equal(files, 12);
    assert.equal(report.outcome, 'done');
    mkdirSync(join(input.root, 'tmp'), { recursive: true });
    assert.deepEqual(readdirSync(join(input.root, 'tmp')), [], 'nothing of the killed one is left after pruning');
  });
}

test('publishing gives one of two producers the name, and both the tree, when their lock was deleted', async (t) => {
  const input = { ...place(t), name: 'polars' };
  const options = { script, role: 'tree', input, stopAt: ['before-publish', 'published', 'publication-lost'] };
  const first = await startActor(t, options);
  const second = await startActor(t, options);
  first.proceed();
  await first.reaches('before-publish');
  rmSync(join(input.root, 'locks'), { recursive: true });
  second.proceed();
  await second.reaches('before-publish');

  first.proceed();
  await first.reaches('published');
  second.proceed();
  await second.reaches('publication-lost');
  const results = await releaseTogether([first, second]);

  assert.deepEqual(results, [12, 12]);
  assert.equal(logLines(input.scratch).length, 2);
});

for (const step of stepsKilledIn('lost')) {
  test(`the tree of the other producer is whole, when one was killed at ${step}`, async (t) => {
    const input = { ...place(t), name: 'polars' };
    const options = { script, role: 'tree', input, stopAt: ['before-publish', 'published', step] };
    const first = await startActor(t, options);
    const loser = await startActor(t, options);
    first.proceed();
    await first.reaches('before-publish');
    rmSync(join(input.root, 'locks'), { recursive: true });
    loser.proceed();
    await loser.reaches('before-publish');
    first.proceed();
    await first.reaches('published');
    loser.proceed();
    await loser.reaches(step);
    await loser.kill();
    first.proceed();
    assert.equal(await first.result(), 12);
    const next = await startActor(t, { script, role: 'tree', input });

    next.proceed();

    assert.equal(await next.result(), 12);
    assert.equal((await openCache({ root: input.root, command: 'test' }).prune()).outcome, 'done');
    assert.deepEqual(readdirSync(join(input.root, 'tmp')), []);
  });
}
