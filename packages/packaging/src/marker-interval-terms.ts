/** Intervals as the terms of a clause, whatever kind of value the line holds. */

import type { Cut, Interval } from './marker-cut.ts';
import type { Clause, Term } from './marker-term.ts';
import { formatVersion } from './version.ts';

/** `==` for a point, else the bounds. */
export function boundTerms({ lower, upper }: Interval, term: (operator: string, cut: Cut) => Term): Clause {
  if (lower !== undefined && upper !== undefined && isPoint(lower, upper)) return [term('==', lower)];
  const terms: Term[] = [];
  if (lower !== undefined) terms.push(term(lower.isAfter ? '>' : '>=', lower));
  if (upper !== undefined) terms.push(term(upper.isAfter ? '<=' : '<', upper));
  return terms;
}

/** The points left out of a line that is otherwise whole, or `undefined` when more is left out. */
export function excludedPoints(intervals: readonly Interval[]): readonly Cut[] | undefined {
  if (intervals[0]?.lower !== undefined || intervals.at(-1)?.upper !== undefined) return undefined;
  const points: Cut[] = [];
  for (const [index, { upper }] of intervals.slice(0, -1).entries()) {
    const next = intervals[index + 1]?.lower;
    if (upper === undefined || next === undefined || !isPoint(upper, next)) return undefined;
    points.push(upper);
  }
  return points;
}

/** Whether a single value lies between the cuts. */
function isPoint(lower: Cut, upper: Cut): boolean {
  return !lower.isAfter && upper.isAfter && lower.key.slice(1) === upper.key.slice(1);
}

/** The value of a cut as a marker spells it. */
export function textOfCut({ value }: Cut): string {
  return typeof value === 'string' ? value : formatVersion(value);
}
