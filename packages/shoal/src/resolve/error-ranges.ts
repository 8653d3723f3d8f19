/** Ranges as errors show them: in terms of the versions that exist, without the places between versions. */
import {
  cutAt,
  fullRange,
  intersectRanges,
  isEmptyRange,
  isFullRange,
  isPrerelease,
  rangeContains,
  rangeIntervals,
  rangeOfIntervals,
  simplifyRange,
  singleVersionRange,
  versionsEqual,
  type RangeBound,
  type RangeInterval,
  type Version,
  type VersionRange,
} from '@shoal/packaging';

/** `==1.0` reads as that one version: its local versions are not spoken of. */
export function withoutLocalPlaces(range: VersionRange): VersionRange {
  if (!range.cuts.some((cut) => cut.place === 'after-locals')) return range;
  const plain = (bound: RangeBound | undefined): RangeBound | undefined =>
    bound?.cut.place === 'after-locals' ? { ...bound, cut: cutAt(bound.version, 'after') } : bound;
  const intervals = rangeIntervals(range).map(({ lower, upper }) => ({ lower: plain(lower), upper: plain(upper) }));
  return rangeOfIntervals(intervals.filter(({ lower, upper }) => !isNothing(lower, upper)));
}

function isNothing(lower: RangeBound | undefined, upper: RangeBound | undefined): boolean {
  return (
    lower !== undefined &&
    upper !== undefined &&
    lower.cut.place === 'after' &&
    upper.cut.place === 'after' &&
    versionsEqual(lower.version, upper.version)
  );
}

/** True for the local versions of some version and nothing else. */
export function holdsOnlyLocals(range: VersionRange): boolean {
  return rangeIntervals(range).every(
    ({ lower, upper }) =>
      lower?.cut.place === 'after' &&
      upper?.cut.place === 'after-locals' &&
      versionsEqual(lower.version, upper.version),
  );
}

/** The one version of an interval `==1.0`. */
function shownSingle({ lower, upper }: RangeInterval): Version | undefined {
  if (lower === undefined || upper === undefined || !lower.inclusive || !upper.inclusive) return undefined;
  return versionsEqual(lower.version, upper.version) ? lower.version : undefined;
}

/** The one version of a range `==1.0`. */
export function shownSingleOf(range: VersionRange): Version | undefined {
  const [interval, ...others] = rangeIntervals(range);
  return interval === undefined || others.length > 0 ? undefined : shownSingle(interval);
}

/** Bounded ends move in to the outermost known versions; all known versions become all versions. `known` is sorted, highest first. */
export function narrowToKnown(range: VersionRange, known: readonly Version[]): VersionRange {
  if (known.length === 0) return range;
  if (known.every((version) => rangeContains(range, version))) return fullRange;
  return rangeOfIntervals(rangeIntervals(range).map((interval) => narrowInterval(interval, known)));
}

function narrowInterval(interval: RangeInterval, known: readonly Version[]): RangeInterval {
  const held = known.filter((version) => rangeContains(rangeOfIntervals([interval]), version));
  const [highest, lowest] = [held[0], held.at(-1)];
  if (highest === undefined || lowest === undefined) return interval;
  const lower =
    interval.lower === undefined ? undefined : { version: lowest, inclusive: true, cut: cutAt(lowest, 'before') };
  const upper =
    interval.upper === undefined ? undefined : { version: highest, inclusive: true, cut: cutAt(highest, 'after') };
  return { lower, upper };
}

/** As `narrowToKnown`, and never beyond the known versions: that one version cannot be used says nothing of others. */
export function narrowUnavailable(range: VersionRange, known: readonly Version[]): VersionRange {
  const [highest, lowest] = [known[0], known.at(-1)];
  if (highest === undefined || lowest === undefined) return range;
  if (known.length === 1 && rangeContains(range, highest)) return singleVersionRange(highest);
  const narrowed = narrowToKnown(range, known);
  if (isFullRange(narrowed)) return narrowed;
  const clamped = intersectRanges(narrowed, rangeFromTo(lowest, highest));
  return isEmptyRange(clamped) ? narrowed : clamped;
}

export function rangeFromTo(lowest: Version, highest: Version): VersionRange {
  return rangeOfIntervals([
    {
      lower: { version: lowest, inclusive: true, cut: cutAt(lowest, 'before') },
      upper: { version: highest, inclusive: true, cut: cutAt(highest, 'after') },
    },
  ]);
}

/** The shortest range that holds the same of the listed versions. */
export function simplifyShown(
  range: VersionRange,
  listed: readonly Version[],
  prereleasesBarred: boolean,
): VersionRange {
  if (isFullRange(range)) return range;
  const [only, ...others] = listed;
  if (only !== undefined && others.length === 0 && rangeContains(range, only)) return singleVersionRange(only);
  const named = range.cuts.some((cut) => isPrerelease(cut.version));
  const versions = named || !prereleasesBarred ? listed : listed.filter((version) => !isPrerelease(version));
  return simplifyRange(range, versions);
}
