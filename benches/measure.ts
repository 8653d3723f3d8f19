/** Measuring whole processes, interleaved: machines drift, and only what was measured side by side can be compared. */
import type { Cost, Launcher } from './launcher.ts';

export interface Contender {
  readonly name: string;
  /** Brings the stage into its first state; not timed. */
  readonly prepare?: (round: number) => Promise<void>;
  /** The command lines that run at once; their common end is what is timed. */
  readonly commands: (round: number) => readonly (readonly string[])[];
  readonly variables: Readonly<Record<string, string>>;
  /** When it is measured in fewer rounds than the others. */
  readonly rounds?: number | undefined;
}

export interface Measurement {
  readonly name: string;
  readonly costs: readonly Cost[];
}

/** Run each contender once a round, in turns, after `warmups` rounds that do not count. @throws when a command fails. */
export async function measureInterleaved(
  launcher: Launcher,
  contenders: readonly Contender[],
  { rounds, warmups = 0 }: { rounds: number; warmups?: number },
): Promise<Measurement[]> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmups; round < rounds; round += 1) {
    // The order turns with the rounds, so that nobody always comes after the same one.
    const turn = ((round % contenders.length) + contenders.length) % contenders.length;
    for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      if (round >= (contender.rounds ?? rounds)) continue;
      await contender.prepare?.(round);
      const cost = await launcher.run(contender.commands(round), contender.variables);
      if (round >= 0) costs.get(contender.name)?.push(cost);
    }
  }
  return [...costs].map(([name, all]) => ({ name, costs: all }));
}
