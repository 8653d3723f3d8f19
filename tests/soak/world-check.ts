/** The full check after an episode: each environment, the whole cache, what is left behind, and whether all can go on. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';
import { runHostile } from './hostile-run.ts';
import type { HostileRun } from './hostile-run.ts';
import { lastLines } from './finding.ts';
import type { RandomSource } from './random-source.ts';
import { check } from './soak-commands.ts';
import { closureOf, NAMES } from './soak-distributions.ts';
import { filesAt, withFlippedBit } from './soak-faults.ts';
import type { SoakWorker } from './soak-worker.ts';
import type { SoakTotals } from './soak-totals.ts';
import type { SoakWorld } from './soak-world.ts';

const PATIENCE_MS = 180_000;
/** Environments share rotten files through hard links, so they are looked at before. */
const ROTTEN = 2;
const SPARED = { kind: 'spared' } as const;

export interface CheckOptions {
  readonly world: SoakWorld;
  readonly workers: readonly SoakWorker[];
  readonly random: RandomSource;
  readonly totals: SoakTotals;
}

/** @throws an error that tells what is wrong. */
export async function checkWorld({ world, workers, random, totals }: CheckOptions): Promise<void> {
  const checking = new WorldCheck(world, totals);
  world.disk.free();
  for (const worker of workers) await checking.ownEnvironment(worker);
  await checking.sharedEnvironment();
  await checking.cache();
  await checking.rot(random);
  await checking.freshEnvironment();
  await checking.remains();
}

class WorldCheck {
  readonly #world: SoakWorld;
  readonly #totals: SoakTotals;

  constructor(world: SoakWorld, totals: SoakTotals) {
    this.#world = world;
    this.#totals = totals;
  }

  async ownEnvironment(worker: SoakWorker): Promise<void> {
    await worker.settle();
    await worker.run(check, SPARED);
    const [installed = new Map()] = worker.states.possible;
    assertHolds(worker.seat.environment, installed);
    assertNoJournal(worker.seat.environment);
  }

  async sharedEnvironment(): Promise<void> {
    const { shared } = this.#world;
    if (shared === undefined) return;
    await this.#run(['pip', 'uninstall', 'what-nobody-has', '-p', shared.environment]);
    const { stdout } = await this.#run(['pip', 'freeze', '-p', shared.environment]);
    const lines = stdout.trim().split('\n').filter(Boolean);
    const installed = new Map(lines.map((line) => [line.split('==')[0] ?? '', line.split('==')[1] ?? '']));
    for (const name of new Set([...installed.keys(), ...shared.writers.names()])) {
      const version = installed.get(name);
      assert.ok(shared.writers.allows(name, version), `the shared environment has ${name} ${version ?? 'not at all'}`);
    }
    assertHolds(shared.environment, installed);
    assertNoJournal(shared.environment);
  }

  /** What was damaged is found at the first reading, and nothing at the second. */
  async cache(): Promise<void> {
    const { isDamaged, cache, writableCache } = this.#world;
    await this.#run(['cache', 'verify'], { statuses: isDamaged ? [0, 1] : [0] });
    for (const root of new Set([cache, writableCache])) {
      const { stderr } = await this.#run(['cache', 'verify'], { root });
      if (existsSync(root)) assert.match(stderr, /No damaged entries found/u);
      assert.doesNotMatch(stderr, /being changed/u, 'an entry is held by nobody');
    }
  }

  /** Bits that rot, with no trace of it in size or time, are found by `cache verify`: these, and no others. */
  async rot(random: RandomSource): Promise<void> {
    for (let round = 0; round < ROTTEN; round += 1) {
      const trees = filesAt(this.#world.writableCache, 'trees-v1/*/*/tree/**/*');
      const [path] = random.some(
        trees.filter((one) => statSync(one).size > 0),
        1,
      );
      if (path === undefined) return;
      const { atime, mtime } = statSync(path);
      writeFileSync(path, withFlippedBit(readFileSync(path), random));
      utimesSync(path, atime, mtime);
      this.#totals.countFault('rotten bit');
      const { stderr } = await this.#run(['cache', 'verify'], { statuses: [1] });
      assert.match(stderr, /Removed 1 damaged entry/u);
      assert.ok(!existsSync(path), path);
    }
  }

  async freshEnvironment(): Promise<void> {
    const environment = this.#world.makeEnvironment('fresh');
    await this.#run(['pip', 'install', '-p', environment, ...NAMES]);
    assert.equal(assertClaimsAreWhole(environment).length, closureOf(NAMES).length);
  }

  /** Nobody is left, and nothing that nobody needs. */
  async remains(): Promise<void> {
    const { writableCache, folder } = this.#world;
    await this.#run(['cache', 'prune']);
    for (const name of ['tmp', 'trash']) assert.deepEqual(namesIn(join(writableCache, name)), [], `left in ${name}`);
    const { stdout, stderr } = await this.#run(['cache', 'locks']);
    assert.match(stdout + stderr, /No locks are in use/u);
    assert.deepEqual(processesOf(folder), [], 'processes that outlive their commands');
  }

  /** As the superuser, or whoever runs this. */
  async #run(
    words: readonly string[],
    options: { statuses?: readonly number[]; root?: string } = {},
  ): Promise<HostileRun> {
    const { program, folder, cache, writableCache } = this.#world;
    const { statuses = [0], root = words[0] === 'cache' ? writableCache : cache } = options;
    const run = await runHostile({
      command: [program, ...words, '-v'],
      input: undefined,
      cwd: folder,
      variables: this.#world.variables(root),
      user: undefined,
      fate: SPARED,
      patienceMs: PATIENCE_MS,
      onHang: () => 'in the check after the episode',
    });
    this.#totals.countRun(run);
    const said = `\`shoal ${words.join(' ')}\` ends with ${run.status}:\n${lastLines(run.stderr)}`;
    assert.ok(run.hang === undefined && statuses.includes(run.status ?? -1), said);
    return run;
  }
}

function assertHolds(environment: string, installed: ReadonlyMap<string, string>): void {
  const wanted = [...installed].map(([name, version]) => `${name.replaceAll('-', '_')}-${version}`);
  assert.deepEqual(assertClaimsAreWhole(environment), wanted.sort(), basename(environment));
}

function assertNoJournal(environment: string): void {
  assert.deepEqual(globSync('.shoal', { cwd: environment }), [], 'a journal without a command');
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Command lines that name the folder. */
function processesOf(folder: string): readonly string[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap((path) => {
    try {
      const words = readFileSync(path, 'utf8').replaceAll('\0', ' ').trim();
      return words.includes(folder) ? [words] : [];
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT', 'ESRCH')) throw error;
      return [];
    }
  });
}
