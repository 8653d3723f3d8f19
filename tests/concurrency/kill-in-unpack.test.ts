/** A kill in the middle of unpacking, where no step is announced: nothing of the half-made tree is ever used. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, globSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';

const KILLS = 3;
/** The machine may be so slow to look that the tree is finished: then it was no kill in the middle. */
const ATTEMPTS = 30;
const FILES = 800;

const large = buildWheel({
  name: 'large',
  version: '1.0',
  files: Object.fromEntries(Array.from({ length: FILES }, (_, file) => [`large/m${file}.py`, `value = ${file}\n`])),
});

function unpackedFiles({ cache }: CacheScene): number {
  return globSync(join(cache, 'tmp', '*', '**', 'large', '*.py')).length;
}

function isPublished({ cache }: CacheScene): boolean {
  return globSync(join(cache, 'trees-v1', '*', '*', 'manifest')).length > 0;
}

/** @returns how many files were unpacked when it died; `undefined` when it was too late. */
async function killWhileUnpacking(scene: CacheScene, environment: string): Promise<number | undefined> {
  const [program = '', ...words] = [...shoalCommand(), ...scene.installWords(environment, 'large')];
  const child = spawn(program, words, { cwd: scene.folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  while (child.exitCode === null && unpackedFiles(scene) === 0) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await ended;
  return isPublished(scene) ? undefined : unpackedFiles(scene);
}

test(`a wheel whose unpacking is killed in its middle, ${KILLS} times, is unpacked anew and not fetched again`, async (t) => {
  const scene = await cacheScene(t, large);
  const unpacked: number[] = [];
  for (let attempt = 0; unpacked.length < KILLS && attempt < ATTEMPTS; attempt += 1) {
    rmSync(scene.cache, { recursive: true, force: true });
    const environment = scene.environment(`env-${attempt}`);
    scene.index.forget();

    const files = await killWhileUnpacking(scene, environment);
    if (files === undefined) continue;
    assert.deepEqual(assertClaimsAreWhole(environment), []);
    const again = await scene.install(environment, 'large');
    const prune = await scene.run('cache', 'prune');

    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(assertClaimsAreWhole(environment), ['large-1.0']);
    assert.equal(scene.index.count(/\.whl$/), 1, 'the partial download was whole');
    assert.equal(prune.status, 0, prune.stderr);
    const left = join(scene.cache, 'tmp');
    assert.deepEqual(existsSync(left) ? readdirSync(left) : [], []);
    unpacked.push(files);
  }
  t.diagnostic(`killed with ${unpacked.join(', ')} of ${FILES} files unpacked`);
  assert.equal(unpacked.length, KILLS);
});
