/** Intervals of versions as the terms of a clause, with wildcards where they are shorter. */

import type { Cut, Interval } from './marker-cut.ts';
import { excludedPoints, type Term } from './marker-normal-form.ts';
import type { VersionVariableName } from './marker-variable.ts';
import { formatVersion, type Version } from './version.ts';

/** One list of terms for each path that the intervals make. */
export function versionTerms(variable: VersionVariableName, intervals: readonly Interval[]): Term[][] {
  const term = (operator: string, value: string): Term => ({ variable, operator, value, reversed: false });
  const excluded = excludedPoints(intervals);
  if (excluded !== undefined) return [excluded.map((cut) => term('!=', textOf(cut)))];
  const gap = excludedMinor(intervals);
  if (gap !== undefined) return [[term('!=', `${gap}.*`)]];
  return intervals.map(({ lower, upper }) => {
    if (lower !== undefined && upper !== undefined) {
      if (!lower.isAfter && upper.isAfter && lower.key.slice(1) === upper.key.slice(1))
        return [term('==', textOf(lower))];
      const minor = minorBetween(lower, upper);
      if (minor !== undefined) return [term('==', `${minor}.*`)];
    }
    const terms: Term[] = [];
    if (lower !== undefined) terms.push(term(lower.isAfter ? '>' : '>=', textOf(lower)));
    if (upper !== undefined) terms.push(term(upper.isAfter ? '<=' : '<', textOf(upper)));
    return terms;
  });
}

/** The minor series left out between two half lines: `!= '3.8.*'`. */
function excludedMinor(intervals: readonly Interval[]): string | undefined {
  const [below, above, ...others] = intervals;
  if (below === undefined || above === undefined || others.length > 0) return undefined;
  if (below.lower !== undefined || above.upper !== undefined) return undefined;
  if (below.upper === undefined || above.lower === undefined) return undefined;
  return minorBetween(below.upper, above.lower);
}

/** `3.8` for everything from `3.8` up to, not including, `3.9`. */
function minorBetween(lower: Cut, upper: Cut): string | undefined {
  if (lower.isAfter || upper.isAfter) return undefined;
  const [low, high] = [releaseOf(lower), releaseOf(upper)];
  if (low === undefined || high === undefined || low.length > 2) return undefined;
  const [major = 0, minor = 0] = low;
  const isNext = high.length === 2 && high[0] === major && high[1] === minor + 1;
  return isNext ? `${major}.${minor}` : undefined;
}

function releaseOf(cut: Cut): readonly number[] | undefined {
  return typeof cut.value === 'string' ? undefined : cut.value.release;
}

function textOf(cut: Cut): string {
  return typeof cut.value === 'string' ? cut.value : formatVersion(cut.value satisfies Version);
}
