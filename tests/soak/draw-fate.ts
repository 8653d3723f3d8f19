/** What happens to a command: most are spared, some are killed, some are stopped for a while. */
import type { Fate, Moment } from './hostile-run.ts';
import type { RandomSource } from './random-source.ts';

const LONGEST_STOP_MS = 1500;

export function drawFate(random: RandomSource): Fate {
  return random.weighted<() => Fate>([
    { weight: 62, value: () => ({ kind: 'spared' }) },
    { weight: 28, value: () => ({ kind: 'killed', moment: drawMoment(random) }) },
    { weight: 10, value: () => drawStop(random) },
  ])();
}

function drawStop(random: RandomSource): Fate {
  const moment = drawMoment(random);
  return { kind: 'stopped', moment, forMs: random.below(LONGEST_STOP_MS), isKilledThen: random.chance(0.25) };
}

/** Early steps more often: few commands have many. */
function drawMoment(random: RandomSource): Moment {
  if (random.chance(0.3)) return { afterMs: random.below(600) };
  const step = random.chance(0.6) ? random.below(10) : random.below(80);
  return { step, delayMs: random.chance(0.5) ? 0 : random.below(8) };
}
