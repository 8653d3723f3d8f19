/** What a cache finds out about its place, when, and what the collector makes of it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { makeTree, NUMPY, openScratchCache, putTree } from '../../../tests/support/scratch-cache.ts';
import type { ScratchCache } from '../../../tests/support/scratch-cache.ts';
import { openCache } from './cache.ts';
import type { CacheEvent } from './events.ts';
import type { MountFacts } from './mount-facts.ts';
import { formatRecord, parseRecord } from './record-format.ts';

const DAYS_MS = 86_400_000;

function probes(events: readonly CacheEvent[]): number {
  return events.filter(({ type }) => type === 'probed').length;
}

function factsPath(root: string): string {
  const [name = ''] = readdirSync(join(root, 'mounts-v1'));
  return join(root, 'mounts-v1', name);
}

/** A cache with one tree, whose recorded facts say something else than the truth. */
async function cacheWithFacts(t: TestContext, facts: Partial<MountFacts>): Promise<ScratchCache & { entry: string }> {
  const { cache } = openScratchCache(t);
  const entry = await putTree(cache);
  const path = factsPath(cache.root);
  const known = JSON.parse(parseRecord(readFileSync(path))?.toString() ?? '') as MountFacts;
  writeFileSync(path, formatRecord(JSON.stringify({ ...known, ...facts })));
  const events: CacheEvent[] = [];
  const again = openCache({ root: cache.root, command: 'test', onEvent: (event) => events.push(event) });
  return { cache: again, events, entry };
}

function ageUse(entry: string, days: number): void {
  const time = (Date.now() - days * DAYS_MS) / 1000;
  for (const path of [join(entry, 'manifest'), entry]) utimesSync(path, time, time);
}

test('the place is probed by the first who makes something, and by nobody who reads', async (t) => {
  const { cache, events } = openScratchCache(t);
  assert.equal(cache.trees.pin(NUMPY), undefined);
  assert.equal(existsSync(cache.root), false);
  await putTree(cache);
  assert.equal(probes(events), 1);

  const laterEvents: CacheEvent[] = [];
  const later = openCache({ root: cache.root, command: 'later', onEvent: (event) => laterEvents.push(event) });
  later.trees.pin(NUMPY)?.release();
  await later.prune();

  assert.equal(probes(laterEvents), 0);
});

test('the place is probed again, when what was recorded is damaged', async (t) => {
  const { cache } = openScratchCache(t);
  await putTree(cache);
  writeFileSync(factsPath(cache.root), 'shoal-record');
  const events: CacheEvent[] = [];

  const later = openCache({ root: cache.root, command: 'later', onEvent: (event) => events.push(event) });
  const examination = later.examine();

  assert.equal(probes(events), 1);
  assert.equal(examination?.facts.probedAt === undefined, false);
});

test('where locks do not exclude other hosts, clean() leaves what was used within a day', async (t) => {
  const { cache, entry } = await cacheWithFacts(t, { lockScope: 'this-host' });
  ageUse(entry, 0.5);

  const report = await cache.clean();

  assert.equal(report.skipped, 1);
  assert.ok(existsSync(join(entry, 'manifest')));
});

test('there a tree counts as used as its manifest says, however old its folder is', async (t) => {
  const { cache, entry } = await cacheWithFacts(t, { lockScope: 'this-host' });
  ageUse(entry, 3);
  utimesSync(join(entry, 'manifest'), Date.now() / 1000, Date.now() / 1000);

  const report = await cache.clean();

  assert.equal(report.skipped, 1);
});

test('there what is older is renamed by one run and deleted by the next', async (t) => {
  const { cache, entry } = await cacheWithFacts(t, { lockScope: 'unknown' });
  ageUse(entry, 3);

  const first = await cache.clean();
  const between = readdirSync(join(cache.root, 'trash')).length;
  const second = await openCache({ root: cache.root, command: 'next' }).clean();

  assert.deepEqual([first.files, existsSync(entry), between], [0, false, 1]);
  assert.equal(second.files, 2, 'the manifest and one file');
});

test('there a download grows in a private place, because no lock keeps two writers apart', async (t) => {
  const { cache } = await cacheWithFacts(t, { lockScope: 'this-host', kind: 'network' });
  const { cache: trusted } = openScratchCache(t);
  const places: string[] = [];
  const produce: typeof makeTree = async (work) => {
    places.push(work.partialPath);
    return await makeTree(work);
  };

  const other = openCache({ root: cache.root, command: 'test' });
  const digest = NUMPY.replace(/^./u, 'f') as typeof NUMPY;
  (await other.trees.pinOrProduce({ digest, resource: 'x', produce })).release();
  (await trusted.trees.pinOrProduce({ digest, resource: 'x', produce })).release();

  assert.match(places[0] ?? '', /\/tmp\/[0-9a-f]{32}\/partial$/u);
  assert.equal(places[1], join(trusted.root, 'partial', digest));
});
