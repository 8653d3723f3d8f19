/**
 * Cuts: the places where a line of values is divided.
 *
 * A line (all texts, or all versions) divided by n cuts has n + 1 intervals.
 * A cut lies just before or just after its value, so every kind of open and
 * closed interval can be had: `>= v` begins before `v`, `> v` after it.
 */

import { compareVersions, type Version } from './version.ts';

export interface Cut {
  readonly value: Version | string;
  /** Whether `value` itself lies on the lower side. */
  readonly isAfter: boolean;
  /** Equal for equal cuts of one line only. */
  readonly key: string;
}

/** One interval of a line; an absent cut leaves that side open to infinity. */
export interface Interval {
  readonly lower: Cut | undefined;
  readonly upper: Cut | undefined;
}

/** The cut of variables that only say yes or no: below it no, above it yes. */
export const TRUTH_CUT: Cut = { value: '', isAfter: false, key: '?' };

/** @param value Of a version, in the spelling to write it in; `3.8` and `3.8.0` are one place. */
export function cutAt(value: Version | string, isAfter: boolean): Cut {
  const text = typeof value === 'string' ? value : value.key;
  return { value, isAfter, key: `${isAfter ? '>' : '<'}${text}` };
}

/** Order of two cuts of one line. */
export function compareCuts(left: Cut, right: Cut): number {
  return compareValues(left.value, right.value) || Number(left.isAfter) - Number(right.isAfter);
}

/** Whether `value` lies above `cut`. */
export function isAboveCut(value: Version | string, cut: Cut): boolean {
  const order = compareValues(value, cut.value);
  return order > 0 || (order === 0 && !cut.isAfter);
}

function compareValues(left: Version | string, right: Version | string): number {
  if (typeof left === 'string' || typeof right === 'string') {
    return left === right ? 0 : left < right ? -1 : 1;
  }
  return compareVersions(left, right);
}

/** Intervals of a line that are apart from each other, ascending. */
export type IntervalSet = readonly Interval[];

/** All of the line but `intervals`, which may be empty. */
export function complementIntervals(intervals: IntervalSet): IntervalSet {
  const gaps: Interval[] = [];
  let lower: Cut | undefined;
  for (const [index, interval] of intervals.entries()) {
    if (interval.lower !== undefined || index > 0) gaps.push({ lower, upper: interval.lower });
    lower = interval.upper;
    if (lower === undefined) return gaps;
  }
  gaps.push({ lower, upper: undefined });
  return gaps;
}

/** The part of `interval` that lies in `frame`, or `undefined` when they do not meet. */
export function intersectInterval(interval: Interval, frame: Interval): Interval | undefined {
  const lower = laterCut(interval.lower, frame.lower);
  const upper = earlierCut(interval.upper, frame.upper);
  if (lower !== undefined && upper !== undefined && compareCuts(lower, upper) >= 0) return undefined;
  return { lower, upper };
}

function laterCut(left: Cut | undefined, right: Cut | undefined): Cut | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return compareCuts(left, right) >= 0 ? left : right;
}

function earlierCut(left: Cut | undefined, right: Cut | undefined): Cut | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return compareCuts(left, right) <= 0 ? left : right;
}
