/** An answer that is known from an earlier resolution: when it is used, and what ends it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { LocalIndexOptions } from '../../support/local-index.ts';
import { pipScene } from '../../support/pip-scene.ts';
import type { PipScene } from '../../support/pip-scene.ts';
import { buildWheel } from '../../support/wheel-builder.ts';

const DISTRIBUTIONS = [
  buildWheel({ name: 'app', version: '1.0', requires: ['lib[fast]; python_version >= "3.7"'] }),
  buildWheel({ name: 'lib', version: '1.0', extras: { fast: ['speed==1.0'] } }),
  buildWheel({ name: 'lib', version: '2.0', extras: { fast: ['speed==1.0'] } }),
  { ...buildWheel({ name: 'speed', version: '1.0' }), yanked: 'slow' },
];
const COMPILE = 'pip compile --no-header app.in';

interface AskedScene extends PipScene {
  compile(words?: string): Promise<string>;
}

async function askedScene(t: TestContext, options: Omit<LocalIndexOptions, 'distributions'> = {}): Promise<AskedScene> {
  const scene = await pipScene(t, { distributions: DISTRIBUTIONS, ...options });
  scene.write('app.in', 'app\nspeed==1.0\n');
  const compile: AskedScene['compile'] = async (words = '') => {
    const { status, stdout, stderr } = await scene.run(`${COMPILE} ${words}`.trim());
    assert.equal(status, 0, stderr);
    return stdout + stderr.replace(/^Resolved .*\n/m, '');
  };
  return { ...scene, compile };
}

/** From here on an answer can only come from the memory: nothing else tells what distributions depend on. */
function forgetMetadata({ folder, index }: PipScene): void {
  rmSync(join(folder, '.cache', 'metadata-v1'), { recursive: true });
  index.forget();
}

test('pip compile gives the same text without asking or reading anything again', async (t) => {
  const scene = await askedScene(t);
  const words = '--generate-hashes --no-strip-markers --no-strip-extras --emit-index-annotation';
  const first = await scene.compile(words);
  forgetMetadata(scene);

  assert.equal(await scene.compile(words), first);
  assert.match(first, /lib\[fast\]==2\.0[^]*yanked/);
  assert.equal(scene.index.requests.length, 0);
});

test('what pip compile has found serves pip install, and no metadata are asked for', async (t) => {
  const scene = await askedScene(t);
  await scene.lines('pip install --dry-run app speed==1.0');
  forgetMetadata(scene);

  assert.match(await scene.lines('pip install app speed==1.0'), / \+ app==1\.0\n \+ lib==2\.0\n \+ speed==1\.0\n/);
  assert.equal(scene.index.count(/\.metadata$|\/simple\//), 0);
});

test('an answer ends when one of its pages is another one', async (t) => {
  const scene = await askedScene(t);
  await scene.compile();
  scene.index.add(buildWheel({ name: 'lib', version: '3.0' }));

  assert.match(await scene.compile(), /lib==2\.0/);
  await scene.compile('--refresh-package lib');
  assert.match(await scene.compile(), /lib==3\.0/);
});

test('an answer ends with the lifetime of its pages', async (t) => {
  const scene = await askedScene(t, { maxAgeSeconds: 0 });
  await scene.compile();
  scene.index.add(buildWheel({ name: 'lib', version: '3.0' }));

  assert.match(await scene.compile(), /lib==3\.0/);
});

for (const [words, expected] of [
  ['--resolution lowest', /lib==1\.0/],
  ['-c bounds.txt', /lib==1\.0/],
  ['--overrides bounds.txt', /lib==1\.0/],
  ['--excludes excluded.txt', /^(?!.*lib==)/s],
  ['--no-deps', /^(?!.*lib==)/s],
] as const)
  test(`pip compile ${words} is another question`, async (t) => {
    const scene = await askedScene(t);
    scene.write('bounds.txt', 'lib<2\n');
    scene.write('excluded.txt', 'lib\n');
    await scene.compile();

    assert.match(await scene.compile(words), expected);
  });

test('what requirements name by path is not remembered', async (t) => {
  const scene = await askedScene(t);
  const { filename, content } = DISTRIBUTIONS[1] ?? { filename: '', content: new Uint8Array() };
  scene.write(filename, content);
  scene.write('app.in', `app\nspeed==1.0\nlib @ ./${filename}\n`);

  assert.match(await scene.compile(), /lib @ \.\/lib-1\.0/);
  const memory = join(scene.folder, '.cache', 'resolutions-v1');
  assert.deepEqual(existsSync(memory) ? readdirSync(memory) : [], []);
});
