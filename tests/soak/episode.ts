/** One episode: a fresh world, workers that all act at once, and the full check at the end. */
import { RandomSource } from './random-source.ts';
import { checkWorld } from './world-check.ts';
import { SoakWorker } from './soak-worker.ts';
import type { SoakTotals } from './soak-totals.ts';
import { possibleKinds, SoakWorld } from './soak-world.ts';
import type { Kind } from './soak-world.ts';

const ACTIONS = 14;

export interface EpisodeOptions {
  readonly seed: number;
  readonly number: number;
  readonly folder: string;
  readonly program: string;
  readonly totals: SoakTotals;
}

export interface EpisodeEnd {
  readonly kind: Kind;
  readonly findings: readonly string[];
}

/** The same seed and number draw the same commands and faults; how they meet in time is up to the machine. */
export async function runEpisode({ seed, number, folder, program, totals }: EpisodeOptions): Promise<EpisodeEnd> {
  const kind = drawKind(new RandomSource(seed, number));
  await using world = await SoakWorld.make({ kind, folder, program });
  const end = new AbortController();
  const workers = world.seats.map(
    (seat) =>
      new SoakWorker({
        world,
        seat,
        random: new RandomSource(seed, number, seat.number + 1),
        totals,
        signal: end.signal,
      }),
  );
  const play = async (worker: SoakWorker): Promise<void> => {
    try {
      await worker.play(ACTIONS);
    } catch (error) {
      end.abort();
      throw error;
    }
  };
  const findings = await failuresOf(workers.map(play));
  if (findings.length === 0)
    findings.push(
      ...(await failuresOf([checkWorld({ world, workers, random: new RandomSource(seed, number, 0), totals })])),
    );
  totals.episodes += 1;
  return { kind, findings };
}

function drawKind(random: RandomSource): Kind {
  const possible = possibleKinds();
  const [special = 'plain'] = random.some(possible, 1);
  return random.chance(0.5) ? 'plain' : special;
}

async function failuresOf(work: readonly Promise<void>[]): Promise<string[]> {
  const ends = await Promise.allSettled(work);
  return ends.flatMap((end) => (end.status === 'rejected' ? [textOf(end.reason)] : []));
}

function textOf(reason: unknown): string {
  if (!(reason instanceof Error)) return 'not an Error';
  return reason.name === 'Finding' ? reason.message : (reason.stack ?? reason.message);
}
