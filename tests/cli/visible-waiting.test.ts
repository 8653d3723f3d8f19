/** After one second of waiting, in every place that waits: for what, and who holds it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { acquireFileLock, digestOf } from '@shoal/cache';
import type { LockMode } from '@shoal/cache';
import { lockPathOfInterpreter } from '../../packages/shoal/src/environment/interpreter-lock-path.ts';
import { runShoal } from '../support/run-command.ts';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheel = buildWheel({ name: 'six', version: '1.0', files: { 'six.py': 'x = 1\n' } });
const WAITED_MS = 60_000;

interface Place {
  readonly folder: string;
  readonly cache: string;
  readonly environment: string;
  readonly index: LocalIndex;
}

async function preparePlace(t: TestContext): Promise<Place> {
  const folder = temporaryFolder(t);
  const index = await startLocalIndex({ distributions: [wheel] });
  t.after(() => index.close());
  const environment = join(folder, 'env');
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', environment]);
  return { folder, cache: join(folder, 'cache'), environment, index };
}

/** Hold the lock at `path` until the command that `words` name says that it waits, then let it go on to its end. */
async function waitVisibly(
  words: readonly string[],
  { folder, cache }: Place,
  lock: { readonly path: string; readonly mode?: LockMode },
): Promise<{ status: number | null; stderr: string }> {
  mkdirSync(dirname(lock.path), { recursive: true });
  using held = await acquireFileLock(lock.path, {
    mode: lock.mode ?? 'exclusive',
    resource: 'the thing',
    command: 'a colleague',
  });
  const [program = '', ...leading] = shoalCommand();
  const child = spawn(program, [...leading, ...words], {
    cwd: folder,
    env: { ...process.env, SHOAL_CACHE_DIR: cache, TMPDIR: folder, UV_PYTHON_DOWNLOADS: 'never' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), WAITED_MS);
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    if (/^Waiting for /m.test(stderr)) held.release();
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(giveUp);
  return { status, stderr };
}

function assertNames({ status, stderr }: { status: number | null; stderr: string }, resource: string): void {
  assert.equal(status, 0, stderr);
  const line = stderr.split('\n').find((one) => one.startsWith('Waiting for ')) ?? '';
  assert.ok(line.startsWith(`Waiting for ${resource}, held by \`a colleague\` (process ${process.pid} on `), stderr);
  assert.match(line, /, since \d{4}-\d\d-\d\dT[^)]*\), for \d+\.\d\ds so far$/u);
}

function keyLock(cache: string, key: string): string {
  return join(cache, 'locks', key.slice(0, 2), `${key}.lock`);
}

const install = ({ environment, index }: Place): string[] => [
  'pip',
  'install',
  '-p',
  environment,
  '--index-url',
  index.url,
  'six',
];

test('a change waits visibly for an environment', async (t) => {
  const place = await preparePlace(t);
  const end = await waitVisibly(install(place), place, { path: join(place.environment, '.lock') });
  assertNames(end, `the environment at \`${place.environment}\``);
});

test('a removal waits visibly for an environment', async (t) => {
  const place = await preparePlace(t);
  const words = ['pip', 'uninstall', '-p', place.environment, 'six'];
  const end = await waitVisibly(words, place, { path: join(place.environment, '.lock'), mode: 'shared' });
  assertNames(end, `the environment at \`${place.environment}\``);
});

test('a reader waits visibly for an environment', async (t) => {
  const place = await preparePlace(t);
  const words = ['pip', 'list', '-p', place.environment];
  const end = await waitVisibly(words, place, { path: join(place.environment, '.lock') });
  assertNames(end, `the environment at \`${place.environment}\``);
});

test('making an environment anew waits visibly for the old one', async (t) => {
  const place = await preparePlace(t);
  const words = ['venv', '--clear', '-p', anyPython(), place.environment];
  const end = await waitVisibly(words, place, { path: join(place.environment, '.lock') });
  assertNames(end, `the environment at \`${basename(place.environment)}\``);
});

test('an installation waits visibly for a wheel that another is fetching', async (t) => {
  const place = await preparePlace(t);
  const end = await waitVisibly(install(place), place, { path: keyLock(place.cache, wheel.sha256) });
  assertNames(end, wheel.filename);
});

test('an installation waits visibly for metadata that another is fetching', async (t) => {
  const place = await preparePlace(t);
  const key = digestOf(`metadata/${wheel.sha256}`);
  const end = await waitVisibly(install(place), place, { path: keyLock(place.cache, key) });
  assertNames(end, `the metadata of \`${wheel.filename}\``);
});

test('an installation waits visibly for a page that another is fetching', async (t) => {
  const place = await preparePlace(t);
  const key = digestOf(`pages/${digestOf(place.index.url.replace(/\/+$/u, ''))}/six`);
  const end = await waitVisibly(install(place), place, { path: keyLock(place.cache, key) });
  assertNames(end, 'the index page of `six`');
});

test('a reader waits visibly for the own environment of an interpreter', async (t) => {
  const place = await preparePlace(t);
  const python = execFileSync(anyPython(), ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const path = lockPathOfInterpreter(python, { variables: { TMPDIR: place.folder } });
  const end = await waitVisibly(['pip', 'list', '-p', python], place, { path });
  assert.match(end.stderr, /^Waiting for the environment at `.*`, held by `a colleague`/m);
  assert.equal(end.status, 0);
});

test('a command waits visibly for an interpreter that another is asking about itself', async (t) => {
  const place = await preparePlace(t);
  const words = ['python', 'find', join(place.environment, 'bin', 'python')];
  const known = join(place.folder, 'known');
  await runShoal([...words, '--cache-dir', known], { cwd: place.folder });
  const [key = ''] = readdirSync(join(known, 'interpreters-v1'));

  const end = await waitVisibly(words, place, { path: keyLock(place.cache, digestOf(`interpreters/${key}`)) });

  assertNames(end, `the facts about ${join(place.environment, 'bin', 'python')}`);
});

test('with --lock-timeout a command says who holds the lock, and fails', async (t) => {
  const place = await preparePlace(t);
  const lock = { mode: 'exclusive', resource: 'the thing', command: 'a colleague' } as const;
  using held = await acquireFileLock(join(place.environment, '.lock'), lock);

  const { status, stderr } = await runShoal([...install(place), '--lock-timeout', '1'], { cwd: place.folder });

  assert.equal(status, 2, stderr);
  assert.match(stderr, /^error: Could not lock the environment at `.*` at `.*` within 1 s$/m);
  assert.match(stderr, /^hint: It is held by `a colleague` \(process \d+ on .*, since .*\)$/m);
  assert.equal(held.isStillNamed(), true);
});
