/**
 * What is asked on the machine of `nfs-machine.sh`: who excludes whom by a lock, whether installing survives collectors on
 * all sides, and how often commands on all sides ask the index. Prints one line of JSON; the test beside it judges.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Actor, releaseTogether } from '../support/actors.ts';
import { runTogether } from '../support/commands-together.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { buildWheel } from '../support/wheel-builder.ts';

type Side = 'A' | 'B' | 'server';

export interface NfsReport {
  /** `A-B`: what B is told while A holds the lock. */
  readonly locks: Readonly<Record<string, unknown>>;
  readonly doctor: Readonly<Record<Side, unknown>>;
  readonly collectorRuns: number;
  /** What each installing actor said: `done`. */
  readonly installers: readonly unknown[];
  readonly clients: Run;
  readonly everybody: Run;
}

interface Run {
  readonly statuses: readonly (number | null)[];
  readonly requests: number;
  readonly distinctRequests: number;
  /** Of what is installed in each environment: all alike. */
  readonly digests: readonly string[];
  readonly stderr: readonly string[];
}

const [bun = '', shoal = '', python = ''] = process.argv.slice(2);
const roles = fileURLToPath(new URL('../concurrency/cache-roles.ts', import.meta.url));
const sides: Readonly<Record<Side, { folder: string; words: readonly string[] }>> = {
  A: { folder: process.env['NFS_A'] ?? '', words: ['nfs-on', 'A'] },
  B: { folder: process.env['NFS_B'] ?? '', words: ['nfs-on', 'B'] },
  server: { folder: process.env['NFS_LOCAL'] ?? '', words: [] },
};

async function startActor(side: Side, role: string, input: unknown, stopAt: readonly string[] = []): Promise<Actor> {
  const part = JSON.stringify({ role, input, stopAt, index: 0 });
  const words = [...sides[side].words, bun, '--conditions=source', 'run', roles, part];
  const actor = new Actor(words, `${role} on ${side}`);
  await actor.reaches('barrier');
  return actor;
}

async function askLocks(): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [holding, asking] of [
    ['A', 'A'],
    ['A', 'B'],
    ['A', 'server'],
    ['server', 'B'],
  ] as const) {
    const lock = (side: Side): unknown => ({ path: join(sides[side].folder, 'a.lock'), mode: 'exclusive' });
    const holder = await startActor(holding, 'lock', lock(holding), ['locked']);
    holder.proceed();
    await holder.reaches('locked');
    const [answer] = await releaseTogether([await startActor(asking, 'tryLock', lock(asking))]);
    answers[`${holding}-${asking}`] = answer;
    await holder.kill();
  }
  return answers;
}

/** Two installers on each client and on the server, a collector on A and one on the server, over one cache. */
async function installBesideCollectors(): Promise<Pick<NfsReport, 'installers' | 'collectorRuns'>> {
  const place = (side: Side): { root: string; scratch: string } => ({
    root: join(sides[side].folder, 'library'),
    scratch: join(sides[side].folder, `scratch-${side}`),
  });
  for (const side of ['A', 'B', 'server'] as const) mkdirSync(place(side).scratch, { recursive: true });
  const work = { names: ['numpy', 'six'], rounds: 12 };
  const installers = await Promise.all(
    (['A', 'B', 'server'] as const).map((side) => startActor(side, 'install', { ...place(side), ...work })),
  );
  const collectors = await Promise.all(
    (['A', 'server'] as const).map((side) => startActor(side, 'collect', place(side))),
  );
  for (const collector of collectors) collector.proceed();
  const results = await releaseTogether(installers);
  for (const side of ['A', 'server'] as const) writeFileSync(join(place(side).scratch, 'stop'), '');
  const runs = await Promise.all(collectors.map((collector) => collector.result()));
  return { installers: results, collectorRuns: runs.flat().length };
}

const wheels = ['alpha', 'beta', 'gamma', 'delta'].map((name, number, all) =>
  buildWheel({
    name,
    version: '1.0',
    requires: all.slice(number + 1, number + 2),
    files: Object.fromEntries(
      Array.from({ length: 10 }, (_, file) => [`${name}/m${file}.py`, `x = ${file}\n`.repeat(500)]),
    ),
  }),
);

/** Cold commands, each with an environment of its own, on these sides at once. */
async function installTogether(name: string, where: readonly Side[]): Promise<Run> {
  await using index = await startLocalIndex({ distributions: wheels, address: '10.99.0.1' });
  const environments = where.map((_, number) => `/tmp/${name}-${number}`);
  for (const root of environments) execFileSync(shoal, ['venv', '-q', '-p', python, root]);
  const ends = await runTogether(
    where.map((side, number) => [
      ...sides[side].words,
      shoal,
      ...'pip install --link-mode copy --index-url'.split(' '),
      index.url,
      '--python',
      environments[number] ?? '',
      '--cache-dir',
      join(sides[side].folder, name),
      'alpha',
    ]),
  );
  const asked = index.requests.map(({ path }) => path);
  return {
    statuses: ends.map(({ status }) => status),
    requests: asked.length,
    distinctRequests: new Set(asked).size,
    digests: environments.map(digestOfEnvironment),
    stderr: ends.map(({ stderr }) => stderr),
  };
}

function digestOfEnvironment(root: string): string {
  const script = `cd ${root}/lib/python*/site-packages && find . -path '*/m*.py' -type f | sort | xargs sha256sum | sha256sum`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).slice(0, 16);
}

function examine(side: Side): unknown {
  const [program, ...words] = [...sides[side].words, shoal];
  const options = ['cache', 'doctor', '--output-format', 'json', '--cache-dir', join(sides[side].folder, 'clients')];
  return JSON.parse(execFileSync(program, [...words, ...options], { encoding: 'utf8' }));
}

const locks = await askLocks();
const clients = await installTogether('clients', ['A', 'A', 'B', 'B']);
const doctor = { A: examine('A'), B: examine('B'), server: examine('server') };
const everybody = await installTogether('everybody', ['A', 'A', 'B', 'B', 'server', 'server']);
const collected = await installBesideCollectors();
const report: NfsReport = { locks, doctor, clients, everybody, ...collected };
console.log(JSON.stringify(report));
process.exit(0);
