/** The report of the benchmark: a table that can be pasted into a document. Ratios are of medians. */
import type { Cost } from './launcher.ts';
import type { Measurement } from './measure.ts';

export const TABLE_HEAD = `| what | time | CPU time | peak memory | rounds | medians (smallest..largest) |
|---|---|---|---|---|---|`;

/** One row: the first measurement in relation to the others. */
export function reportRow(title: string, measurements: readonly Measurement[]): string {
  const [first, ...others] = measurements;
  if (first === undefined) throw new TypeError('nothing was measured');
  const ratios = (part: keyof Cost): string =>
    others.map((other) => `${ratioOf(first, other, part).toFixed(2)} x ${other.name}`).join(', ');
  const peak = Math.max(...first.costs.map(({ peakBytes }) => peakBytes));
  const rounds = measurements.map(({ costs }) => costs.length);
  const cells = [
    title,
    ratios('wallMs'),
    ratios('cpuMs'),
    `${Math.round(peak / 2 ** 20)} MB`,
    new Set(rounds).size === 1 ? String(rounds[0]) : rounds.join('/'),
    measurements.map(describe).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function ratioOf(a: Measurement, b: Measurement, part: keyof Cost): number {
  return medianOf(a, part) / medianOf(b, part);
}

function medianOf({ costs }: Measurement, part: keyof Cost): number {
  const sorted = sortedBy(costs, part);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function sortedBy(costs: readonly Cost[], part: keyof Cost): number[] {
  return costs.map((cost) => cost[part]).sort((a, b) => a - b);
}

function describe(measurement: Measurement): string {
  const times = sortedBy(measurement.costs, 'wallMs');
  const spread = `${format(times[0])}..${format(times.at(-1))}`;
  return `${measurement.name} ${format(medianOf(measurement, 'wallMs'))} (${spread})`;
}

function format(milliseconds = Number.NaN): string {
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${milliseconds.toFixed(0)} ms`;
}
