/** Timing of whole processes, interleaved: machines drift, and only what was measured side by side can be compared. */
import { spawn } from 'node:child_process';

export interface Contender {
  readonly name: string;
  /** Brings the stage into its first state; not timed. */
  readonly prepare?: (round: number) => Promise<void>;
  /** The command lines that run at once; their common end is what is timed. */
  readonly commands: (round: number) => readonly (readonly string[])[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface Measurement {
  readonly name: string;
  /** Milliseconds, sorted. */
  readonly times: readonly number[];
}

/** Run each contender once a round, in turns, after `warmups` rounds that do not count. @throws when a command fails. */
export async function measureInterleaved(
  contenders: readonly Contender[],
  { rounds, warmups = 0 }: { rounds: number; warmups?: number },
): Promise<Measurement[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmups; round < rounds; round += 1) {
    // The order turns with the rounds, so that nobody always comes after the same one.
    const turn = ((round % contenders.length) + contenders.length) % contenders.length;
    for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      await contender.prepare?.(round);
      const started = performance.now();
      await Promise.all(contender.commands(round).map((command) => runCommand(command, contender.variables)));
      if (round >= 0) times.get(contender.name)?.push(performance.now() - started);
    }
  }
  return [...times].map(([name, all]) => ({ name, times: all.sort((a, b) => a - b) }));
}

/** Run one command to its end; its output is shown only when it fails. */
export function runCommand(command: readonly string[], variables: Readonly<Record<string, string>>): Promise<void> {
  const [program = '', ...words] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${command.join(' ')}: exit ${status}\n${output.join('').slice(-4000)}`));
    });
  });
}

function median(times: readonly number[]): number {
  const middle = times.length >> 1;
  const upper = times[middle] ?? Number.NaN;
  return times.length % 2 === 1 ? upper : (upper + (times[middle - 1] ?? upper)) / 2;
}

/** One row of the report: medians, spread (smallest to largest), and the ratio to each of the others. */
export function reportRow(title: string, measurements: readonly Measurement[]): string {
  const [first, ...others] = measurements;
  const shown = measurements.map(
    ({ name, times }) => `${name} ${format(median(times))} (${format(times[0])}..${format(times.at(-1))})`,
  );
  const ratios = others.map(
    ({ name, times }) => `${(median(first?.times ?? []) / median(times)).toFixed(2)} x ${name}`,
  );
  return `${title.padEnd(28)} ${ratios.join(', ').padEnd(28)} ${shown.join('   ')}`;
}

function format(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-';
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(2)}s` : `${milliseconds.toFixed(1)}ms`;
}
