/** `pip install` of what is there already: what it remembers of an environment, and what makes it look again. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import type { PipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const DISTRIBUTIONS = [
  buildWheel({ name: 'app', version: '1.0', requires: ['lib>=1.0'] }),
  buildWheel({ name: 'lib', version: '1.0' }),
  buildWheel({ name: 'lib', version: '2.0' }),
];
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

interface RememberedScene extends PipScene {
  /** Change the metadata of app to require lib 2.0, as an editor does, and say that it was changed at `time`. */
  edit(time: Date): void;
}

/** An environment that holds app and lib 1.0, was last changed long ago, and has been checked. */
async function rememberedScene(t: TestContext): Promise<RememberedScene> {
  const scene = await pipScene(t, { distributions: DISTRIBUTIONS });
  await scene.lines('pip install app lib==1.0');
  for (const name of ['app', 'lib']) {
    const distInfo = join(scene.sitePackages, `${name}-1.0.dist-info`);
    utimesSync(join(distInfo, 'METADATA'), LONG_AGO, LONG_AGO);
    utimesSync(distInfo, LONG_AGO, LONG_AGO);
  }
  assert.equal(await scene.lines('pip install app'), CHECKED);
  assert.equal(readdirSync(join(scene.folder, '.cache', 'checks-v1')).length, 1);
  const metadata = join(scene.sitePackages, 'app-1.0.dist-info', 'METADATA');
  const edit = (time: Date): void => {
    writeFileSync(metadata, readFileSync(metadata, 'utf8').replace('lib>=1.0', 'lib>=2.0'));
    utimesSync(metadata, time, time);
  };
  return { ...scene, edit };
}

const CHECKED = 'Checked 1 package in [TIME]\n';

test('pip install reads no metadata again, when neither the environment nor what is asked for has changed', async (t) => {
  const scene = await rememberedScene(t);
  scene.edit(LONG_AGO);

  assert.equal(await scene.lines('pip install app'), CHECKED);
});

test('pip install notices metadata that were changed to the same length', async (t) => {
  const scene = await rememberedScene(t);
  scene.edit(new Date());

  assert.match(await scene.lines('pip install app'), / \+ lib==2\.0\n/);
});

test('pip install notices a distribution that was removed without its help', async (t) => {
  const scene = await rememberedScene(t);
  rmSync(join(scene.sitePackages, 'lib-1.0.dist-info'), { recursive: true });

  assert.match(await scene.lines('pip install app'), / \+ lib==2\.0\n/);
});

test('pip install answers another question anew', async (t) => {
  const scene = await rememberedScene(t);

  assert.match(await scene.lines('pip install app lib>1.0'), / \+ lib==2\.0\n/);
  assert.match(await scene.lines('pip install app lib<2.0'), / \+ lib==1\.0\n/);
});

test('pip install does without remembering, when the cache has no place for it', async (t) => {
  const scene = await rememberedScene(t);
  rmSync(join(scene.folder, '.cache', 'checks-v1'), { recursive: true });
  writeFileSync(join(scene.folder, '.cache', 'checks-v1'), 'a file in the way');

  assert.equal(await scene.lines('pip install app'), CHECKED);
});
