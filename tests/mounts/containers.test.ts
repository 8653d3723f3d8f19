/** Real containers on one cache: every process is number 1 of its own namespace, on a host and as a user of its own. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const CONTAINERS = 8;
const ROUNDS = Number(process.env['SHOAL_TEST_ROUNDS'] ?? 3);
const GROUP = 5000;
const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('../support/containers.sh', import.meta.url));

const wheels = Array.from({ length: 8 }, (_, number) =>
  buildWheel({
    name: `p${number}`,
    version: '1.0',
    requires: number < 7 ? [`p${number + 1}`] : [],
    files: Object.fromEntries(
      Array.from({ length: 20 }, (_unused, file) => [`p${number}/m${file}.py`, `x = ${file}\n`]),
    ),
  }),
);

function controls(folder: string): (...words: string[]) => string {
  const env = { ...process.env, CONTAINERS: folder };
  return (...words) => execFileSync(script, words, { env, encoding: 'utf8' });
}

function whyNot(control: (...words: string[]) => string, program: string): string {
  if (program.startsWith(process.execPath)) return 'the command under test is not one file';
  return control('check').trim();
}

/** A folder that a group shares; what is made in it stays open to the group. */
function sharedFolder(path: string): string {
  mkdirSync(path);
  chownSync(path, 0, GROUP);
  chmodSync(path, 0o2775);
  return path;
}

interface Round {
  readonly index: LocalIndex;
  readonly folder: string;
  readonly number: number;
}

test(`${CONTAINERS} cold containers with ${CONTAINERS} users share one cache beside a prune loop, in ${ROUNDS} rounds`, async (t) => {
  const folder = temporaryFolder(t);
  const control = controls(join(folder, 'docker'));
  const reason = whyNot(control, shoalCommand()[0] ?? '');
  if (reason !== '') {
    t.diagnostic(`not run: ${reason}`);
    return;
  }
  // Stopped here and not after the test: its folder is removed then.
  using _daemon = { [Symbol.dispose]: () => control('down') };
  control('up');
  await using index = await startLocalIndex({ distributions: wheels });
  let prunes = 0;

  for (let number = 0; number < ROUNDS; number += 1) {
    index.forget();
    const { lines, pruned } = await runRound(t, { index, folder, number });
    prunes += pruned;

    for (let box = 1; box <= CONTAINERS; box += 1) assert.ok(lines.includes(`[${box}] exit 0`), lines.join('\n'));
    assert.equal(lines.filter((line) => line.includes('Installed 8 packages')).length, CONTAINERS);
    assert.deepEqual(repeated(index), []);
    assert.equal(index.requests.length, 24, 'eight pages, eight metadata files, eight wheels');
  }
  t.diagnostic(`${ROUNDS} rounds, ${prunes} prunes beside them`);
});

async function runRound(
  t: TestContext,
  { index, folder, number }: Round,
): Promise<{ lines: string[]; pruned: number }> {
  const cache = sharedFolder(join(folder, `cache-${number}`));
  const gates = join(folder, `gates-${number}`);
  mkdirSync(gates);
  for (let box = 1; box <= CONTAINERS; box += 1) execFileSync('mkfifo', ['-m', '666', join(gates, `gate-${box}`)]);
  const [program = ''] = shoalCommand();
  const install = [
    '/shoal',
    'pip',
    'install',
    '--python',
    PYTHON,
    '--target',
    '/tmp/target',
    '--cache-dir',
    '/cache',
    '--index-url',
    index.url,
    'p0',
  ];
  const options = [
    '-v',
    `${cache}:/cache`,
    '-v',
    `${gates}:/gates`,
    '-v',
    `${program}:/shoal:ro`,
    '--user',
    `100{I}:${GROUP}`,
    '--',
    'sh',
    '-c',
    'echo ready; read -r go < /gates/gate-$I; exec "$@"',
    'sh',
  ];
  const boxes = spawn(script, ['run', String(CONTAINERS), ...options, ...install], {
    env: { ...process.env, CONTAINERS: join(folder, 'docker') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => boxes.kill());
  let output = '';
  const ready = Promise.withResolvers<void>();
  boxes.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    if (output.split('] ready').length > CONTAINERS) ready.resolve();
  });
  const ended = new Promise<void>((resolve) => boxes.on('close', () => resolve()));
  await Promise.race([ready.promise, ended]);
  assert.equal(output.split('] ready').length, CONTAINERS + 1, output);
  for (let box = 1; box <= CONTAINERS; box += 1) openGate(join(gates, `gate-${box}`));

  const pruned = await pruneUntil(ended, program, cache);
  assert.deepEqual(readdirSync(join(cache, 'tmp')), [], 'no work folder is left');
  rmSync(cache, { recursive: true, force: true });
  return { lines: output.split('\n'), pruned };
}

/** The reader, a shell that has said that it is ready, lets go of its command. */
function openGate(path: string): void {
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, 'go\n');
  closeSync(descriptor);
}

/** @returns how often. */
async function pruneUntil(ended: Promise<void>, program: string, cache: string): Promise<number> {
  const state = { isOver: false };
  void ended.then(() => (state.isOver = true));
  let pruned = 0;
  for (; !state.isOver; pruned += 1) await prune(program, cache);
  return pruned;
}

async function prune(program: string, cache: string): Promise<void> {
  const child = spawn(program, ['cache', 'prune', '--quiet', '--cache-dir', cache], { stdio: 'inherit' });
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, 'prune succeeds beside the containers');
}

function repeated(index: LocalIndex): string[] {
  return Object.entries(Object.groupBy(index.requests, ({ path }) => path))
    .filter(([, requests]) => (requests?.length ?? 0) > 1)
    .map(([path, requests]) => `${requests?.length} x ${path}`);
}
