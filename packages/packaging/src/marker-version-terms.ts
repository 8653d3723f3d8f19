/** Intervals of versions as the terms of a clause, with wildcards where they are shorter. */

import type { Cut, Interval } from './marker-cut.ts';
import { boundTerms, excludedPoints, textOfCut } from './marker-interval-terms.ts';
import type { Clause, Term, TermVariable } from './marker-term.ts';

/** One list of terms for each separate way to be in the intervals. */
export function versionTerms(variable: TermVariable, intervals: readonly Interval[]): readonly Clause[] {
  const term = (operator: string, value: string): Term => ({ variable, operator, value, reversed: false });
  const excluded = excludedPoints(intervals);
  if (excluded !== undefined) return [excluded.map((cut) => term('!=', textOfCut(cut)))];
  const gap = excludedMinor(intervals);
  if (gap !== undefined) return [[term('!=', `${gap}.*`)]];
  return intervals.map((interval) => {
    const minor = minorBetween(interval.lower, interval.upper);
    if (minor !== undefined) return [term('==', `${minor}.*`)];
    return boundTerms(interval, (operator, cut) => term(operator, textOfCut(cut)));
  });
}

/** `platform_release` has no wildcards, nor is anything but its bounds known. */
export function releaseTerms(intervals: readonly Interval[]): readonly Clause[] {
  return intervals.map((interval) =>
    boundTerms(interval, (operator, cut) => ({
      variable: 'platform_release',
      operator,
      value: textOfCut(cut),
      reversed: false,
    })),
  );
}

/** The minor series left out between two half lines: `!= '3.8.*'`. */
function excludedMinor(intervals: readonly Interval[]): string | undefined {
  const [below, above, ...others] = intervals;
  if (below === undefined || above === undefined || others.length > 0) return undefined;
  if (below.lower !== undefined || above.upper !== undefined) return undefined;
  return minorBetween(below.upper, above.lower);
}

/** `3.8` for everything from `3.8` up to, not including, `3.9`. */
function minorBetween(lower: Cut | undefined, upper: Cut | undefined): string | undefined {
  if (lower === undefined || upper === undefined || lower.isAfter || upper.isAfter) return undefined;
  const [low, high] = [releaseOf(lower), releaseOf(upper)];
  const [major = 0, minor = 0] = low;
  const isNext = low.length <= 2 && high.length === 2 && high[0] === major && high[1] === minor + 1;
  return isNext ? `${major}.${minor}` : undefined;
}

/** Without trailing zeros. */
function releaseOf({ value }: Cut): readonly number[] {
  if (typeof value === 'string') return [];
  return value.release.slice(0, value.release.findLastIndex((part) => part !== 0) + 1);
}
