/**
 * Markers and `requires-python`: what one says about the other.
 *
 * Both count Python versions by their release alone: a project that requires
 * `>=3.13` takes 3.13.0b1. Like uv, only the outer bounds of `requires-python`
 * count here; a gap in it is not known to a lockfile's readers.
 */

import { cutAt, type Interval } from './marker-cut.ts';
import { assumePython, possiblePythons } from './marker-restriction.ts';
import { andMarkers, falseMarker, type Marker, markerOfRef, sharedDiagram } from './marker.ts';
import { versionOfRelease } from './marker-version-lowering.ts';
import {
  emptyRange,
  fullRange,
  intersectRanges,
  isEmptyRange,
  isFullRange,
  rangeAtLeast,
  rangeAtMost,
  type RangeBound,
  rangeIntervals,
  rangeStrictlyAbove,
  rangeStrictlyBelow,
  uniteRanges,
  type VersionRange,
} from './version-range.ts';
import type { Version } from './version.ts';

/** Drop what `requiresPython` implies. Undo with {@link complexifyMarkerWithPython} before use elsewhere. */
export function simplifyMarkerWithPython(marker: Marker, requiresPython: VersionRange): Marker {
  const frame = outerInterval(requiresPython);
  if (frame === undefined) return falseMarker;
  return markerOfRef(assumePython(sharedDiagram(), marker.ref, frame), marker);
}

/** Say what `requiresPython` says in the marker itself. */
export function complexifyMarkerWithPython(marker: Marker, requiresPython: VersionRange): Marker {
  return andMarkers(marker, markerOfPythonRange(requiresPython));
}

/** The marker that holds for the Python versions between the outer bounds of `requiresPython`. */
export function markerOfPythonRange(requiresPython: VersionRange): Marker {
  const frame = outerInterval(requiresPython);
  if (frame === undefined) return falseMarker;
  const variable = { kind: 'version', name: 'python_full_version' } as const;
  return markerOfRef(sharedDiagram().ofIntervals(variable, [frame]));
}

/** The Python versions for which the marker can hold; `undefined` when it can hold for all. */
export function markerPythonRange(marker: Marker): VersionRange | undefined {
  const intervals = possiblePythons(sharedDiagram(), marker.ref);
  const range = intervals.map(rangeOfInterval).reduce(uniteRanges, emptyRange);
  return isFullRange(range) ? undefined : range;
}

/** @returns `undefined` for the empty range. */
function outerInterval(range: VersionRange): Interval | undefined {
  if (isEmptyRange(range)) return undefined;
  const intervals = rangeIntervals(range);
  const lower = intervals[0]?.lower;
  const upper = intervals.at(-1)?.upper;
  return {
    lower: lower && cutAt(releaseOf(lower), !lower.inclusive),
    upper: upper && cutAt(releaseOf(upper), upper.inclusive),
  };
}

function releaseOf({ version }: RangeBound): Version {
  return versionOfRelease(version.release);
}

function rangeOfInterval({ lower, upper }: Interval): VersionRange {
  let range = fullRange;
  if (lower !== undefined && typeof lower.value !== 'string') {
    range = lower.isAfter ? rangeStrictlyAbove(lower.value) : rangeAtLeast(lower.value);
  }
  if (upper !== undefined && typeof upper.value !== 'string') {
    const below = upper.isAfter ? rangeAtMost(upper.value) : rangeStrictlyBelow(upper.value);
    range = intersectRanges(range, below);
  }
  return range;
}
