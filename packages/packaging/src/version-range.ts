/**
 * Sets of versions as unions of intervals: the arithmetic of the solver.
 *
 * A range is the sorted list of the cuts where membership changes, and whether it
 * holds the lowest versions. So a complement costs nothing, and every other
 * operation is one walk over both lists.
 *
 * ## Guarantees
 * - Ranges are immutable. Operations return `emptyRange` and `fullRange` themselves
 *   for the empty and the full set, and an operand itself where it is the result.
 * - A range without versions is found empty, even where two cuts differ in spelling only.
 *
 * ## Limits
 * - The pre-release policy of PEP 440 is not part of a range: whether pre-releases
 *   are candidates at all is decided before.
 */
import { compareCuts, cutAt, FLOOR_KEY, isAboveCut, isCutBefore, type VersionCut } from './version-cut.ts';
import { compareVersions, type Version } from './version.ts';

export interface VersionRange {
  readonly holdsLowest: boolean;
  /** Ascending. Membership changes at each. */
  readonly cuts: readonly VersionCut[];
}

/** One end of an interval as a person would write it. */
export interface RangeBound {
  readonly version: Version;
  /** `>=`/`<=` rather than `>`/`<`. */
  readonly inclusive: boolean;
  readonly cut: VersionCut;
}

/** An absent bound leaves that side open. */
export interface RangeInterval {
  readonly lower: RangeBound | undefined;
  readonly upper: RangeBound | undefined;
}

export const emptyRange: VersionRange = { holdsLowest: false, cuts: [] };
export const fullRange: VersionRange = { holdsLowest: true, cuts: [] };

/** What lies above the cut. */
export function rangeAbove(cut: VersionCut): VersionRange {
  return { holdsLowest: false, cuts: [cut] };
}

/** What lies below the cut. */
export function rangeBelow(cut: VersionCut): VersionRange {
  return rangeOfCuts(true, [cut]);
}

/** What lies between the cuts; empty when they are not in order. */
export function rangeBetween(lower: VersionCut, upper: VersionCut): VersionRange {
  return compareCuts(lower, upper) < 0 ? { holdsLowest: false, cuts: [lower, upper] } : emptyRange;
}

/** This version alone; `1.0` does not bring `1.0+local` along. */
export function singleVersionRange(version: Version): VersionRange {
  return rangeBetween(cutAt(version, 'before'), cutAt(version, 'after'));
}

/** The version and all that sort above it. */
export function rangeAtLeast(version: Version): VersionRange {
  return rangeAbove(cutAt(version, 'before'));
}

/** All that sort above the version: its local versions and post-releases too, unlike the specifier `>`. */
export function rangeStrictlyAbove(version: Version): VersionRange {
  return rangeAbove(cutAt(version, 'after'));
}

/** The version and all that sort below it, without its local versions, unlike the specifier `<=`. */
export function rangeAtMost(version: Version): VersionRange {
  return rangeBelow(cutAt(version, 'after'));
}

/** All that sort below the version: its pre-releases too, unlike the specifier `<`. */
export function rangeStrictlyBelow(version: Version): VersionRange {
  return rangeBelow(cutAt(version, 'before'));
}

/** The versions of the list, which need not be sorted, each alone. */
export function rangeOfVersions(versions: readonly Version[]): VersionRange {
  const sorted = versions.toSorted(compareVersions);
  const distinct = sorted.filter((version, index) => version.key !== sorted[index - 1]?.key);
  return rangeOfCuts(
    false,
    distinct.flatMap((version) => [cutAt(version, 'before'), cutAt(version, 'after')]),
  );
}

export function complementRange(a: VersionRange): VersionRange {
  return rangeOfCuts(!a.holdsLowest, a.cuts);
}

export function intersectRanges(a: VersionRange, b: VersionRange): VersionRange {
  if (a === b || isFullRange(b) || isEmptyRange(a)) return a;
  if (isFullRange(a) || isEmptyRange(b)) return b;
  return sameAsOperand(combine(a, b, true), a, b);
}

export function uniteRanges(a: VersionRange, b: VersionRange): VersionRange {
  if (a === b || isEmptyRange(b) || isFullRange(a)) return a;
  if (isEmptyRange(a) || isFullRange(b)) return b;
  return sameAsOperand(combine(a, b, false), a, b);
}

export function rangeContains(range: VersionRange, version: Version): boolean {
  const { cuts } = range;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const cut = cuts[middle];
    if (cut !== undefined && isAboveCut(version, cut)) low = middle + 1;
    else high = middle;
  }
  return range.holdsLowest === (low % 2 === 0);
}

export function isEmptyRange(range: VersionRange): boolean {
  return !range.holdsLowest && range.cuts.length === 0;
}

/** Whether every version is in it. */
export function isFullRange(range: VersionRange): boolean {
  if (range.cuts.length === 0) return range.holdsLowest;
  return !range.holdsLowest && range.cuts.length === 1 && range.cuts[0]?.key === FLOOR_KEY;
}

/** Whether all versions of `a` are in `b`. */
export function isSubrange(a: VersionRange, b: VersionRange): boolean {
  return a === b || !isAnywhere(a, b, (inA, inB) => inA && !inB);
}

/** Whether no version is in both. */
export function areRangesDisjoint(a: VersionRange, b: VersionRange): boolean {
  return !isAnywhere(a, b, (inA, inB) => inA && inB);
}

/** Whether both hold the same versions. */
export function rangesEqual(a: VersionRange, b: VersionRange): boolean {
  return a === b || !isAnywhere(a, b, (inA, inB) => inA !== inB);
}

/** The intervals in ascending order, each apart from the next. */
export function rangeIntervals(range: VersionRange): readonly RangeInterval[] {
  const ends: (VersionCut | undefined)[] = range.holdsLowest ? [undefined, ...range.cuts] : [...range.cuts];
  const intervals: RangeInterval[] = [];
  for (let index = 0; index < ends.length; index += 2) {
    intervals.push({ lower: lowerBound(ends[index]), upper: upperBound(ends[index + 1]) });
  }
  return intervals;
}

/** The range of intervals that are apart from each other and ascending. */
export function rangeOfIntervals(intervals: readonly RangeInterval[]): VersionRange {
  const cuts = intervals.flatMap(({ lower, upper }) => [lower?.cut, upper?.cut]).filter((cut) => cut !== undefined);
  return rangeOfCuts(intervals.length > 0 && intervals[0]?.lower === undefined, cuts);
}

function lowerBound(cut: VersionCut | undefined): RangeBound | undefined {
  return cut && { version: cut.version, inclusive: isCutBefore(cut), cut };
}

function upperBound(cut: VersionCut | undefined): RangeBound | undefined {
  return cut && { version: cut.version, inclusive: !isCutBefore(cut), cut };
}

/** Nothing lies below the floor: to hold what is below it and no more is to hold nothing. */
function rangeOfCuts(holdsLowest: boolean, cuts: readonly VersionCut[]): VersionRange {
  if (holdsLowest && cuts[0]?.key === FLOOR_KEY) return rangeOfCuts(false, cuts.slice(1));
  if (cuts.length === 0) return holdsLowest ? fullRange : emptyRange;
  return { holdsLowest, cuts };
}

function combine(a: VersionRange, b: VersionRange, both: boolean): VersionRange {
  const cuts: VersionCut[] = [];
  const holdsLowest = both ? a.holdsLowest && b.holdsLowest : a.holdsLowest || b.holdsLowest;
  let inside = holdsLowest;
  visitCuts(a, b, (inA, inB, cutA, cutB) => {
    const insideNow = both ? inA && inB : inA || inB;
    if (insideNow === inside) return false;
    inside = insideNow;
    const cut = cutA !== undefined && cutB !== undefined ? chooseSpelling(cutA, cutB, both === inside) : (cutA ?? cutB);
    if (cut !== undefined) cuts.push(cut);
    return false;
  });
  return rangeOfCuts(holdsLowest, cuts);
}

/** Of two cuts at one place, the one that begins a version's own range, or the one that ends the range before it. */
function chooseSpelling(a: VersionCut, b: VersionCut, beginning: boolean): VersionCut {
  return (a.place === 'before') === beginning ? a : b;
}

function sameAsOperand(result: VersionRange, a: VersionRange, b: VersionRange): VersionRange {
  if (hasSameCuts(result, a)) return a;
  return hasSameCuts(result, b) ? b : result;
}

function hasSameCuts(a: VersionRange, b: VersionRange): boolean {
  return (
    a.holdsLowest === b.holdsLowest &&
    a.cuts.length === b.cuts.length &&
    a.cuts.every((cut, index) => cut === b.cuts[index])
  );
}

/** Whether there is a version whose memberships in `a` and `b` satisfy `wanted`. */
function isAnywhere(a: VersionRange, b: VersionRange, wanted: (inA: boolean, inB: boolean) => boolean): boolean {
  const beginsAtFloor = a.cuts[0]?.key === FLOOR_KEY || b.cuts[0]?.key === FLOOR_KEY;
  if (!beginsAtFloor && wanted(a.holdsLowest, b.holdsLowest)) return true;
  return visitCuts(a, b, wanted);
}

/** What is so above one place of the line, and which cuts lie there. True ends the visit. */
type CutVisitor = (inA: boolean, inB: boolean, cutA: VersionCut | undefined, cutB: VersionCut | undefined) => boolean;

/** @returns Whether `visit` returned true at one of the places, in ascending order. */
function visitCuts(a: VersionRange, b: VersionRange, visit: CutVisitor): boolean {
  let inA = a.holdsLowest;
  let inB = b.holdsLowest;
  let [i, j] = [0, 0];
  while (i < a.cuts.length || j < b.cuts.length) {
    const [cutA, cutB] = [a.cuts[i], b.cuts[j]];
    const order = cutA === undefined ? 1 : cutB === undefined ? -1 : compareCuts(cutA, cutB);
    if (order <= 0) {
      inA = !inA;
      i += 1;
    }
    if (order >= 0) {
      inB = !inB;
      j += 1;
    }
    if (visit(inA, inB, order <= 0 ? cutA : undefined, order >= 0 ? cutB : undefined)) return true;
  }
  return false;
}
