/** One seat's worker: random commands one after the other, each checked against what it may have done. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';
import { assertClaimsAreWhole } from '../support/whole-environment.ts';
import { drawFate } from './draw-fate.ts';
import { Finding, lastLines } from './finding.ts';
import { runHostile } from './hostile-run.ts';
import type { Fate, HostileRun } from './hostile-run.ts';
import { changingNothing, InstalledStates } from './installed-states.ts';
import type { RandomSource } from './random-source.ts';
import { drawCommand, freeze } from './soak-commands.ts';
import type { SoakCommand } from './soak-commands.ts';
import { makeFault } from './soak-faults.ts';
import type { SoakTotals } from './soak-totals.ts';
import type { Seat, SoakWorld } from './soak-world.ts';

/** A command that has not ended by then hangs, however slow the machine. */
const PATIENCE_MS = 180_000;
const SPARED: Fate = { kind: 'spared' };

/** Recovers what a killed command has left, and does nothing else. */
const settling: SoakCommand = {
  words: ['pip', 'uninstall', 'what-nobody-has'],
  environment: 'own',
  change: changingNothing,
};

export interface WorkerOptions {
  readonly world: SoakWorld;
  readonly seat: Seat;
  readonly random: RandomSource;
  readonly totals: SoakTotals;
  /** After this nothing new is begun. */
  readonly signal: AbortSignal;
}

export class SoakWorker {
  readonly seat: Seat;
  readonly states = new InstalledStates();
  readonly #options: WorkerOptions;
  readonly #history: string[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.seat = options.seat;
  }

  /** @throws Finding. */
  async play(actions: number): Promise<void> {
    const { world, random, totals, signal } = this.#options;
    for (let action = 0; action < actions && !signal.aborted; action += 1) {
      if (random.chance(0.12)) totals.countFault(await makeFault(world, random));
      const command = drawCommand(random);
      const run = await this.run(command, drawFate(random));
      if (run.wasKilled && command.environment === 'own' && random.chance(0.5)) await this.settle();
    }
  }

  /** Bring the own environment to a state before or after, and see that it is one. */
  async settle(): Promise<void> {
    await this.run(settling, SPARED);
    await this.run(freeze, SPARED);
  }

  /** Run it, check how it ended, and remember what it may have changed. @throws Finding. */
  async run(command: SoakCommand, fate: Fate): Promise<HostileRun> {
    const run = await this.#start(command, fate);
    this.#options.totals.countRun(run);
    this.#history.push(`${command.words.join(' ')}: ${run.wasKilled ? 'killed' : `status ${run.status}`}`);
    if (run.hang !== undefined) throw this.#finding(`a command hangs: ${run.hang}`, command, run);
    if (run.wasKilled) this.#afterKill(command, run);
    else this.#afterEnd(command, run);
    if (command.environment === 'own') this.#assertWhole(command, run);
    return run;
  }

  #start(command: SoakCommand, fate: Fate): Promise<HostileRun> {
    const { world, seat } = this.#options;
    const target = command.words[0] === 'venv' ? [world.python] : this.#target(command);
    return runHostile({
      command: [...seat.wrapper, world.program, ...command.words, ...target, '-v'],
      input: command.input,
      cwd: seat.folder,
      variables: world.variables(command.isOfCache === true ? world.writableCache : world.cache),
      user: seat.user,
      fate,
      patienceMs: PATIENCE_MS,
      onHang: (pid) => whereItWaits(world, pid),
    });
  }

  #target({ environment }: SoakCommand): readonly string[] {
    const { world, seat } = this.#options;
    if (environment === undefined) return [];
    return ['-p', environment === 'shared' && world.shared !== undefined ? world.shared.environment : seat.environment];
  }

  #afterKill(command: SoakCommand, run: HostileRun): void {
    this.#noteWrites(command, run);
    if (this.#isOwn(command)) this.states.maybe(command.change);
  }

  #afterEnd(command: SoakCommand, run: HostileRun): void {
    const { world, totals } = this.#options;
    const isRefusal = /no space|Errno 28/iu.test(run.stderr) && world.disk.wasFullBetween(run.startedMs, run.endedMs);
    const wanted = this.#possibleStatuses(command);
    if (!wanted.includes(run.status ?? -1)) {
      if (!isRefusal) throw this.#finding(`status ${run.status}, not ${wanted.join(' or ')}`, command, run);
      totals.refusals += 1;
      return;
    }
    this.#noteWrites(command, run);
    if (!this.#isOwn(command)) return;
    this.states.change(command.change);
    this.#checkOutput(command, run);
  }

  #possibleStatuses(command: SoakCommand): readonly number[] {
    const { status } = command;
    return status === undefined ? (command.statuses ?? [0]) : this.states.possible.map(status);
  }

  #checkOutput(command: SoakCommand, run: HostileRun): void {
    const { output } = command;
    if (output === undefined) return;
    const found = run.stdout.trim();
    if (this.states.possible.some((one) => output(one) === found)) {
      if (command === freeze) this.states.settle(found);
      return;
    }
    const possible = this.states.possible.map(output).join('\n or\n');
    throw this.#finding(`it says\n${found}\nbut should say\n${possible}`, command, run);
  }

  /** Commands for the environment of all work on the own one where there is none. */
  #isOwn({ environment }: SoakCommand): boolean {
    return environment !== 'shared' || this.#options.world.shared === undefined;
  }

  #noteWrites({ writes = [], environment }: SoakCommand, run: HostileRun): void {
    const { shared } = this.#options.world;
    if (environment !== 'shared' || shared === undefined) return;
    const endedMs = run.wasKilled ? Number.POSITIVE_INFINITY : run.endedMs;
    for (const [name, version] of writes) shared.writers.note(name, { version, startedMs: run.startedMs, endedMs });
  }

  #assertWhole(command: SoakCommand, run: HostileRun): void {
    try {
      assertClaimsAreWhole(this.seat.environment);
    } catch (error) {
      throw this.#finding(error instanceof Error ? error.message : 'not an Error', command, run);
    }
  }

  #finding(what: string, command: SoakCommand, run: HostileRun): Finding {
    const parts = [
      `seat ${this.seat.number}: ${what}`,
      `-- its last commands\n${this.#history.slice(-6).join('\n')}`,
      `-- standard input of the last one\n${command.input ?? ''}`,
      `-- its standard error ends with\n${lastLines(run.stderr)}`,
    ];
    return new Finding(parts.join('\n'));
  }
}

/** What the kernel and `cache locks` know of a process that does not end. */
function whereItWaits(world: SoakWorld, pid: number): string {
  const facts = ['wchan', 'stack', 'syscall', 'status'].map((name) => `${name}: ${readFact(`/proc/${pid}/${name}`)}`);
  const { stdout, stderr } = spawnSync(world.program, ['cache', 'locks'], {
    env: world.variables(world.writableCache),
    encoding: 'utf8',
    timeout: 20_000,
  });
  return [...facts, stdout, stderr].join('\n');
}

function readFact(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'EACCES', 'ESRCH')) throw error;
    return 'not known';
  }
}
