import {
  rangeContains,
  rangeIntervals,
  rangeOfIntervals,
  type RangeBound,
  type RangeInterval,
  type VersionRange,
} from './version-range.ts';
import { compareVersions, type Version } from './version.ts';

/**
 * The range with the fewest intervals that holds the same of the given versions: ends between
 * which no given version lies are dropped. For error messages, where `>=1` says more than a list.
 *
 * @param versions All there are, in any order.
 * @returns `range` itself when it is one exact version, or holds none of the versions.
 */
export function simplifyRange(range: VersionRange, versions: readonly Version[]): VersionRange {
  if (isOneVersion(range)) return range;
  const kept = simplifiedIntervals(range, versions.toSorted(compareVersions));
  return kept.length === 0 ? range : rangeOfIntervals(kept);
}

function isOneVersion(range: VersionRange): boolean {
  const [lower, upper] = range.cuts;
  return (
    range.cuts.length === 2 &&
    !range.holdsLowest &&
    lower?.version.key === upper?.version.key &&
    upper?.place === 'after'
  );
}

/** One interval for each run of versions that are in the range. A run that no version outside precedes or follows is open on that side. */
function simplifiedIntervals(range: VersionRange, sorted: readonly Version[]): readonly RangeInterval[] {
  const intervals = rangeIntervals(range);
  const kept: RangeInterval[] = [];
  let run: { lower: RangeBound | undefined; upper: RangeBound | undefined } | undefined;
  let isFirst = true;
  let index = 0;
  for (const version of sorted) {
    index = skipIntervalsBelow(intervals, index, version);
    const interval = rangeContains(range, version) ? intervals[index] : undefined;
    if (interval !== undefined)
      run = { lower: run === undefined ? (isFirst ? undefined : interval.lower) : run.lower, upper: interval.upper };
    else if (run !== undefined) {
      kept.push(run);
      run = undefined;
    }
    isFirst = false;
  }
  if (run !== undefined) kept.push({ lower: run.lower, upper: undefined });
  return kept;
}

function skipIntervalsBelow(intervals: readonly RangeInterval[], index: number, version: Version): number {
  let at = index;
  for (let upper = intervals[at]?.upper; upper !== undefined && liesAbove(version, upper); upper = intervals[at]?.upper)
    at += 1;
  return at;
}

function liesAbove(version: Version, { cut }: RangeBound): boolean {
  return version.rank === cut.rank ? version.key >= cut.key : version.rank > cut.rank;
}
