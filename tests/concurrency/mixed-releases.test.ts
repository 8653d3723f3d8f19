/** Two releases on one cache: the first format is read by this one, and another format lies beside it undisturbed. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { cacheScene, installedText } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { startActor } from '../support/actors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** What release 0.1.0 wrote for one wheel; `scripts/record-cache-fixture.ts` packed it. */
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'cache-first-format.json'), 'utf8')) as {
  readonly wheel: { readonly filename: string; readonly content: string };
  readonly files: Readonly<Record<string, string>>;
};
const wheel = { filename: fixture.wheel.filename, content: Buffer.from(fixture.wheel.content, 'base64') };

function unpackFixture({ cache }: CacheScene): void {
  for (const [path, content] of Object.entries(fixture.files)) {
    mkdirSync(dirname(join(cache, path)), { recursive: true });
    writeFileSync(join(cache, path), Buffer.from(content, 'base64'));
  }
}

test('a cache that the first release wrote serves this one: nothing is fetched again, and verify finds it sound', async (t) => {
  const scene = await cacheScene(t, wheel);
  unpackFixture(scene);
  const environment = scene.environment('env');

  const { status, stderr } = await scene.install(environment, 'ancient');
  const verified = await scene.run('cache', 'verify');

  assert.equal(status, 0, stderr);
  assert.equal(scene.index.count(/\.whl$/), 0, 'the tree of the first release was used');
  assert.equal(verified.status, 0, verified.stderr);
  assert.match(installedText(environment, 'ancient/core.py'), /return 42/);
  assertClaimsAreWhole(environment);
});

test('damage in a tree of the first release is found and healed', async (t) => {
  const scene = await cacheScene(t, wheel);
  unpackFixture(scene);
  for (const path of scene.cachedFiles('core.py')) writeFileSync(path, 'def answer():\n    return 43\n');

  const verified = await scene.run('cache', 'verify');
  const { status } = await scene.install(scene.environment('env'), 'ancient');

  assert.equal(verified.status, 1, verified.stderr);
  assert.equal(status, 0);
  assert.match(installedText(join(scene.folder, 'env'), 'ancient/core.py'), /return 42/);
});

/** The sources of the cache as a release with another format of trees would have them. */
function makeNextRelease(folder: string): URL {
  const packages = join(folder, 'next', 'packages', 'cache');
  cpSync(join(REPOSITORY, 'packages', 'cache', 'src'), join(packages, 'src'), { recursive: true });
  cpSync(join(REPOSITORY, 'packages', 'cache', 'package.json'), join(packages, 'package.json'));
  const layout = join(packages, 'src', 'layout.ts');
  const text = readFileSync(layout, 'utf8');
  assert.ok(text.includes('trees: 1,'));
  writeFileSync(layout, text.replace('trees: 1,', 'trees: 2,'));
  for (const name of ['cache-roles.ts', 'actor-process.ts']) {
    const from = join(REPOSITORY, 'tests', name === 'cache-roles.ts' ? 'concurrency' : 'support', name);
    const to = join(folder, 'next', 'tests', name === 'cache-roles.ts' ? 'concurrency' : 'support', name);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, readFileSync(from));
  }
  const modules = join(folder, 'next', 'node_modules');
  mkdirSync(join(modules, '@shoal'), { recursive: true });
  symlinkSync(packages, join(modules, '@shoal', 'cache'));
  symlinkSync(join(REPOSITORY, 'node_modules', 'koffi'), join(modules, 'koffi'));
  writeFileSync(join(folder, 'next', 'package.json'), '{ "type": "module" }\n');
  return new URL(`file://${join(folder, 'next', 'tests', 'concurrency', 'cache-roles.ts')}`);
}

test('this release and one with another format of trees install at once on one root; prune of the newer takes the older', async (t) => {
  const scratch = temporaryFolder(t);
  const runtime = [process.execPath, '--conditions=source', '--disable-warning=ExperimentalWarning'];
  const scripts = { now: new URL('cache-roles.ts', import.meta.url), next: makeNextRelease(scratch) };
  const root = join(scratch, 'cache');
  const input = { root, scratch, names: ['numpy', 'pandas'], rounds: 5 };
  const actors = await Promise.all(
    [scripts.now, scripts.next, scripts.now, scripts.next].map((script, index) =>
      startActor(t, { script, role: 'install', input: { ...input, scratch: makeFolder(scratch, index) }, runtime }),
    ),
  );

  for (const actor of actors) actor.proceed();
  const results = await Promise.all(actors.map((actor) => actor.result()));
  const present = globSync('trees-v*', { cwd: root }).sort();
  const older = await startActor(t, { script: scripts.now, role: 'prune', input, runtime });
  older.proceed();
  await older.result();
  const afterOlder = globSync('trees-v*', { cwd: root }).sort();
  const newer = await startActor(t, { script: scripts.next, role: 'prune', input, runtime });
  newer.proceed();
  await newer.result();

  assert.deepEqual(results, Array<string>(4).fill('done'));
  assert.deepEqual(present, ['trees-v1', 'trees-v2']);
  assert.deepEqual(afterOlder, ['trees-v1', 'trees-v2'], 'an older release leaves what it does not know');
  assert.equal(existsSync(join(root, 'trees-v1')), false);
});

function makeFolder(scratch: string, index: number): string {
  const folder = join(scratch, `actor-${index}`);
  mkdirSync(folder);
  return folder;
}
