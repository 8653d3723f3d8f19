/** "Nobody can make another user's install take a file whose owner is not trusted": a second user who tries. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { cacheScene } from '../support/cache-scene.ts';
import type { CacheScene } from '../support/cache-scene.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const VICTIM = 65_534;
const HOSTILE = 65_533;
const PYTHON = '/usr/bin/python3';
const isSuperuser = process.getuid?.() === 0;
const wheel = buildWheel({ name: 'alpha', version: '1.0', files: { 'alpha.py': 'value = "good"\n' } });

interface Stage {
  readonly scene: CacheScene;
  /** A cache as the hostile user has filled it: with another file in the tree. */
  readonly evil: string;
  readonly environment: string;
}

async function setUp(t: TestContext): Promise<Stage | undefined> {
  if (!isSuperuser || !existsSync(PYTHON)) {
    t.diagnostic(`not run: it takes the superuser, to act as two users, and a ${PYTHON} that both may start`);
    return undefined;
  }
  const scene = await cacheScene(t, wheel);
  chmodSync(scene.folder, 0o755);
  const filled = scene.with({ cache: join(scene.folder, 'evil') });
  const environment = join(scene.folder, 'env');
  mkdirSync(environment);
  await filled.install(scene.environment('other'), '--link-mode', 'copy', 'alpha');
  for (const path of filled.cachedFiles('alpha.py')) {
    const manifest = join(dirname(dirname(path)), 'manifest');
    assert.ok(readFileSync(manifest).length > 0);
    writeFileSync(path, 'value = "evil"\n');
  }
  giveTo(VICTIM, environment);
  return { scene, evil: filled.cache, environment };
}

function giveTo(user: number, folder: string): void {
  for (const path of ['', ...globSync('**', { cwd: folder })]) lchownSync(join(folder, path), user, user);
}

interface CommandEnd {
  readonly status: number;
  readonly stderr: string;
}

/** Install as the victim. */
function install({ scene, environment }: Stage, root: string): Promise<CommandEnd> {
  const [program = '', ...leading] = shoalCommand();
  const indexes = ['--index-url', scene.index.url, '--cache-dir', root];
  const words = [...leading, 'pip', 'install', '-p', PYTHON, '--target', environment, ...indexes, 'alpha'];
  return new Promise((resolve, reject) => {
    const options = { uid: VICTIM, gid: VICTIM, cwd: '/', env: { PATH: process.env['PATH'], HOME: environment } };
    execFile(program, words, options, (error, _stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ status: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}

for (const mode of [0o1777, 0o2777]) {
  test(`a tree, a page and metadata that another user planted in a root of mode ${mode.toString(8)} are not used`, async (t) => {
    const stage = await setUp(t);
    if (stage === undefined) return;
    const root = join(stage.scene.folder, 'open');
    mkdirSync(root);
    cpSync(stage.evil, root, { recursive: true, preserveTimestamps: true });
    giveTo(HOSTILE, root);
    chownSync(root, 0, 0);
    chmodSync(root, mode);

    const { status, stderr } = await install(stage, root);

    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(stage.environment, 'alpha.py'), 'utf8'), 'value = "good"\n');
  });
}

test('a lock that another user made a link to a file of ours leaves that file as it is', async (t) => {
  const stage = await setUp(t);
  if (stage === undefined) return;
  const root = join(stage.scene.folder, 'open');
  const treasure = join(stage.environment, 'treasure.txt');
  writeFileSync(treasure, 'mine');
  chownSync(treasure, VICTIM, VICTIM);
  mkdirSync(root);
  for (const lock of globSync('locks/**/*.lock', { cwd: stage.evil })) {
    mkdirSync(dirname(join(root, lock)), { recursive: true });
    symlinkSync(treasure, join(root, lock));
  }
  giveTo(HOSTILE, root);
  chownSync(root, 0, 0);
  chmodSync(root, 0o1777);

  const { status, stderr } = await install(stage, root);

  assert.equal(status, 0, stderr);
  assert.equal(readFileSync(treasure, 'utf8'), 'mine');
});

test('a private part that another user prepared is refused by name', async (t) => {
  const stage = await setUp(t);
  if (stage === undefined) return;
  const root = join(stage.scene.folder, 'open');
  for (const [name, plant] of [
    ['a folder', (path: string): void => cpSync(stage.evil, path, { recursive: true, preserveTimestamps: true })],
    ['a link', (path: string): void => symlinkSync(stage.evil, path)],
  ] as const) {
    const place = `${root}-${name.replace(' ', '-')}`;
    mkdirSync(place);
    plant(join(place, `private-${VICTIM}`));
    giveTo(HOSTILE, place);
    chownSync(place, 0, 0);
    chmodSync(place, 0o1777);

    const { status, stderr } = await install(stage, place);

    assert.equal(status, 2, name);
    assert.match(stderr, /error: The cache at `.*private-65534` cannot be trusted: it (belongs to|is not a folder)/);
  }
});

test('a root that another user put into a folder like /tmp is refused by name', async (t) => {
  const stage = await setUp(t);
  if (stage === undefined) return;
  const shared = join(stage.scene.folder, 'tmp');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const root = join(shared, 'cache');
  cpSync(stage.evil, root, { recursive: true, preserveTimestamps: true });
  giveTo(HOSTILE, root);

  const { status, stderr } = await install(stage, root);

  assert.equal(status, 2);
  assert.match(stderr, /error: The cache at `.*\/tmp\/cache` cannot be trusted: it belongs to the user 65533/);
});
