/**
 * The Pythons a resolution is for, as a lower and an upper bound over release numbers.
 *
 * Only bounds count, holes do not: `>=3.8,!=3.9.*` is treated as `>=3.8`. A distribution serves when its own lower
 * bound is not above ours. Its upper bound is ignored, because a project cannot know which later Pythons it supports.
 */
import {
  compareVersions,
  formatVersion,
  parseMarker,
  parseVersion,
  rangeIntervals,
  releaseRangeOfSpecifierSet,
  trueMarker,
  type Marker,
  type SpecifierSet,
  type Version,
  type VersionRange,
} from '@shoal/packaging';

export interface PythonBound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/** `undefined` is no bound. */
export interface PythonBounds {
  readonly lower: PythonBound | undefined;
  readonly upper: PythonBound | undefined;
}

/** Release segments only, without trailing zeros: `3.12.0rc1` is `3.12`. */
function releaseOnly(version: Version): Version {
  const release = [...version.release];
  while (release.length > 1 && release.at(-1) === 0) release.pop();
  return parseVersion(release.join('.'));
}

/** The Pythons at and above one version. */
export function pythonFrom(version: Version): PythonBounds {
  return { lower: { version: releaseOnly(version), inclusive: true }, upper: undefined };
}

export function boundsOfRange(range: VersionRange): PythonBounds {
  const intervals = rangeIntervals(range);
  return { lower: releaseBound(intervals[0]?.lower), upper: releaseBound(intervals.at(-1)?.upper) };
}

function releaseBound(bound: PythonBound | undefined): PythonBound | undefined {
  return bound === undefined ? undefined : { version: releaseOnly(bound.version), inclusive: bound.inclusive };
}

/** The bounds of a `Requires-Python`. */
export function boundsOfRequiresPython(requiresPython: SpecifierSet): PythonBounds {
  return boundsOfRange(releaseRangeOfSpecifierSet(requiresPython));
}

/** Lower bounds by how much they leave out: none, `>=3.8`, `>3.8`, `>=3.9`. */
export function compareLowerBounds(a: PythonBound | undefined, b: PythonBound | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compareVersions(a.version, b.version) || Number(b.inclusive) - Number(a.inclusive);
}

/** Upper bounds by how much they let in: `<3.8`, `<=3.8`, `<3.9`, none. */
function compareUpperBounds(a: PythonBound | undefined, b: PythonBound | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareVersions(a.version, b.version) || Number(a.inclusive) - Number(b.inclusive);
}

/** True when a distribution with this `Requires-Python` serves every Python of ours, upper bounds aside. */
export function servesPython(ours: PythonBounds, requiresPython: SpecifierSet | undefined): boolean {
  if (requiresPython === undefined) return true;
  return compareLowerBounds(ours.lower, boundsOfRequiresPython(requiresPython).lower) >= 0;
}

/** Take over the bounds that are stricter; `undefined` when none is. */
export function narrowPython(ours: PythonBounds, other: PythonBounds): PythonBounds | undefined {
  const lower = compareLowerBounds(other.lower, ours.lower);
  const upper = compareUpperBounds(other.upper, ours.upper);
  if (lower === 0 && upper === 0) return undefined;
  if (lower < 0 && upper > 0) return undefined;
  return { lower: lower >= 0 ? other.lower : ours.lower, upper: upper <= 0 ? other.upper : ours.upper };
}

/** Cut at a lower bound into the Pythons below it and the rest; `undefined` when one part is empty. */
export function splitPython(
  ours: PythonBounds,
  at: PythonBound | undefined,
): readonly [PythonBounds, PythonBounds] | undefined {
  if (at === undefined) return undefined;
  if (compareLowerBounds(at, ours.lower) <= 0) return undefined;
  const above: PythonBounds = { lower: at, upper: ours.upper };
  const below: PythonBounds = { lower: ours.lower, upper: { version: at.version, inclusive: !at.inclusive } };
  return areBoundsEmpty(above) || areBoundsEmpty(below) ? undefined : [below, above];
}

function areBoundsEmpty({ lower, upper }: PythonBounds): boolean {
  if (lower === undefined || upper === undefined) return false;
  const order = compareVersions(lower.version, upper.version);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}

/** `python_full_version >= '3.8' and python_full_version < '3.13'`. */
export function markerOfPython({ lower, upper }: PythonBounds): Marker {
  const parts: string[] = [];
  if (lower !== undefined)
    parts.push(`python_full_version ${lower.inclusive ? '>=' : '>'} '${formatVersion(lower.version)}'`);
  if (upper !== undefined)
    parts.push(`python_full_version ${upper.inclusive ? '<=' : '<'} '${formatVersion(upper.version)}'`);
  return parts.length === 0 ? trueMarker : parseMarker(parts.join(' and '));
}

/** `>=3.8,<3.13`, as errors print it. */
export function formatPython({ lower, upper }: PythonBounds): string {
  const parts: string[] = [];
  if (lower !== undefined) parts.push(`${lower.inclusive ? '>=' : '>'}${formatVersion(lower.version)}`);
  if (upper !== undefined) parts.push(`${upper.inclusive ? '<=' : '<'}${formatVersion(upper.version)}`);
  return parts.join(', ');
}
