/** Shapes of ranges that the solver and its errors treat apart. */
import {
  cutAt,
  isAboveCut,
  rangeAbove,
  rangeBelow,
  rangeBetween,
  fullRange,
  rangeIntervals,
  singleVersionRange,
  versionsEqual,
  type RangeInterval,
  type Version,
  type VersionRange,
} from '@shoal/packaging';

/** Exactly one version, without its local versions. */
function singleVersionOf(range: VersionRange): Version | undefined {
  const [interval, ...others] = rangeIntervals(range);
  if (interval?.lower === undefined || interval.upper === undefined || others.length > 0) return undefined;
  const { lower, upper } = interval;
  const single =
    lower.cut.place === 'before' && upper.cut.place === 'after' && versionsEqual(lower.version, upper.version);
  return single ? lower.version : undefined;
}

/** One or more `==1.0`, each with the local versions of it. */
export function isPinRange(range: VersionRange): boolean {
  if (singleVersionOf(range) !== undefined) return true;
  return rangeIntervals(range).every(isPublicPin);
}

function isPublicPin({ lower, upper }: RangeInterval): boolean {
  if (lower === undefined || upper === undefined) return false;
  return (
    lower.cut.place === 'before' && upper.cut.place === 'after-locals' && versionsEqual(lower.version, upper.version)
  );
}

/** A text that is the same for equal ranges. */
export function rangeKey(range: VersionRange): string {
  return `${range.holdsLowest ? '-' : '+'}${range.cuts.map((cut) => cut.key).join(' ')}`;
}

/**
 * The widest range around a version that holds no other of the known ones, so that a run of rejected versions becomes
 * one interval. `known` is sorted, highest first; empty when nothing is known, and then the version stands alone.
 */
export function gapAround(version: Version, known: readonly Version[]): VersionRange {
  if (known.length === 0) return singleVersionRange(version);
  const position = positionAtOrBelow(version, known);
  const found = known[position];
  const above = known[position - 1];
  const below = found !== undefined && versionsEqual(found, version) ? known[position + 1] : found;
  const lower = below === undefined ? undefined : cutAt(below, 'after');
  const upper = above === undefined ? undefined : cutAt(above, 'before');
  if (lower === undefined) return upper === undefined ? fullRange : rangeBelow(upper);
  return upper === undefined ? rangeAbove(lower) : rangeBetween(lower, upper);
}

function positionAtOrBelow(version: Version, known: readonly Version[]): number {
  const cut = cutAt(version, 'after');
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = known[middle];
    if (found !== undefined && isAboveCut(found, cut)) low = middle + 1;
    else high = middle;
  }
  return low;
}
