/**
 * Comparisons of version variables as intervals of versions.
 *
 * `python_version` is expressed by `python_full_version`: it is the first two
 * numbers of it, so `python_version > '3.7'` is `python_full_version >= '3.8'`.
 */

import { complementIntervals, cutAt, type Interval, type IntervalSet } from './marker-cut.ts';
import { type Diagram, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';
import { type MarkerComparison, type MarkerOperator, mirrored } from './marker-expression.ts';
import { tryParseMarkerSpecifier } from './marker-specifier.ts';
import type { Operator } from './specifier.ts';
import { parseVersion, tryParseVersion, type Version } from './version.ts';

type VersionVariable = 'python_version' | 'python_full_version' | 'implementation_version';

/** A specifier reduced to its release; `wildcard` is the `.*` after it. */
interface ReleaseSpecifier {
  readonly operator: Operator;
  readonly release: readonly number[];
  readonly wildcard: boolean;
}

/** @returns `undefined` when the comparison cannot be expressed. */
export function lowerVersionComparison(
  diagram: Diagram,
  variable: VersionVariable,
  comparison: MarkerComparison,
): NodeRef | undefined {
  const { operator, literal, reversed } = comparison;
  if (operator === 'in' || operator === 'not in') {
    return reversed ? undefined : lowerMembership(diagram, variable, { operator, literal });
  }
  const specifier = releaseSpecifier(reversed ? mirrored(operator) : operator, literal);
  if (specifier === undefined || (reversed && specifier.wildcard)) return undefined;
  return lowerSpecifier(diagram, variable, specifier);
}

/** `platform_release` read as a version; `undefined` when it is not compared with one. */
export function lowerReleaseVersion(diagram: Diagram, comparison: MarkerComparison): NodeRef | undefined {
  const { operator, literal, reversed } = comparison;
  if (operator === 'in' || operator === 'not in') return undefined;
  const specifier = releaseSpecifier(reversed ? mirrored(operator) : operator, literal);
  return specifier && diagram.ofIntervals({ kind: 'release' }, releaseIntervals(specifier));
}

function lowerSpecifier(diagram: Diagram, variable: VersionVariable, specifier: ReleaseSpecifier): NodeRef {
  if (variable !== 'python_version') {
    return diagram.ofIntervals({ kind: 'version', name: variable }, releaseIntervals(specifier));
  }
  const full = fullVersionSpecifier(specifier);
  if (typeof full === 'boolean') return full ? TRUE : FALSE;
  return diagram.ofIntervals({ kind: 'version', name: 'python_full_version' }, releaseIntervals(full));
}

/** `python_version in '3.8 3.9'`: one of the versions between the spaces. */
function lowerMembership(
  diagram: Diagram,
  variable: VersionVariable,
  { operator, literal }: { operator: MarkerOperator; literal: string },
): NodeRef | undefined {
  let isMember: NodeRef = FALSE;
  for (const text of literal.split(/\s+/).filter((word) => word !== '')) {
    const version = tryParseVersion(text);
    if (version === undefined) return undefined;
    isMember = diagram.or(isMember, lowerMember(diagram, variable, version));
  }
  return operator === 'in' ? isMember : opposite(isMember);
}

function lowerMember(diagram: Diagram, variable: VersionVariable, version: Version): NodeRef {
  if (variable === 'python_version') {
    return lowerSpecifier(diagram, variable, { operator: '==', release: version.release, wildcard: false });
  }
  return diagram.ofIntervals({ kind: 'version', name: variable }, [
    { lower: cutAt(version, false), upper: cutAt(version, true) },
  ]);
}

function releaseSpecifier(operator: MarkerOperator, literal: string): ReleaseSpecifier | undefined {
  const specifier = tryParseMarkerSpecifier(operator === '===' ? '==' : operator, literal);
  if (specifier?.version === undefined) return undefined;
  return { operator: specifier.operator, release: specifier.version.release, wildcard: specifier.wildcard };
}

/** The same question about `python_full_version`, or the answer when there is only one. */
function fullVersionSpecifier(specifier: ReleaseSpecifier): ReleaseSpecifier | boolean {
  const { operator, release, wildcard } = specifier;
  const [major = 0, minor = 0, ...rest] = release;
  const isMinorRelease = rest.every((part) => part === 0);
  if (wildcard) {
    if (release.length === 1) return specifier;
    return isMinorRelease ? { operator, release: [major, minor], wildcard } : false;
  }
  if (operator === '~=') {
    if (release.length === 2) return specifier;
    return isMinorRelease && { operator: '==', release: [major, minor], wildcard: true };
  }
  return isMinorRelease ? fullVersionOfMinor(operator, [major, minor]) : fullVersionOfPatch(operator, [major, minor]);
}

function fullVersionOfMinor(operator: Operator, [major, minor]: readonly [number, number]): ReleaseSpecifier {
  const next = [major, minor + 1];
  switch (operator) {
    case '==':
    case '!=':
    case '===':
      return { operator, release: [major, minor], wildcard: true };
    case '>':
      return { operator: '>=', release: next, wildcard: false };
    case '<=':
      return { operator: '<', release: next, wildcard: false };
    default:
      return { operator, release: [major, minor], wildcard: false };
  }
}

/** `python_version` is never `3.8.1`, but it is below or above it. */
function fullVersionOfPatch(operator: Operator, [major, minor]: readonly [number, number]): ReleaseSpecifier | boolean {
  if (operator === '==' || operator === '===') return false;
  if (operator === '!=') return true;
  const isUpper = operator === '<' || operator === '<=';
  return { operator: isUpper ? '<' : '>=', release: [major, minor + 1], wildcard: false };
}

function releaseIntervals({ operator, release, wildcard }: ReleaseSpecifier): IntervalSet {
  const version = versionOfRelease(release);
  const before = cutAt(version, false);
  const after = cutAt(version, true);
  switch (operator) {
    case '==':
    case '===':
      return [wildcard ? seriesInterval(release) : { lower: before, upper: after }];
    case '!=':
      return complementIntervals(releaseIntervals({ operator: '==', release, wildcard }));
    case '~=':
      return [{ lower: before, upper: cutAt(versionOfRelease(increased(release.slice(0, -1))), false) }];
    case '<':
      return [{ lower: undefined, upper: before }];
    case '<=':
      return [{ lower: undefined, upper: after }];
    case '>':
      return [{ lower: after, upper: undefined }];
    case '>=':
      return [{ lower: before, upper: undefined }];
  }
}

/** `3.9.0.*` is written with its zero: it is what was asked for. */
function seriesInterval(release: readonly number[]): Interval {
  const lower = parseVersion(release.join('.'));
  return { lower: cutAt(lower, false), upper: cutAt(versionOfRelease(increased(release)), false) };
}

function increased(release: readonly number[]): readonly number[] {
  return [...release.slice(0, -1), (release.at(-1) ?? 0) + 1];
}

/** In the shortest spelling: `3.8.0` is `3.8`. */
export function versionOfRelease(release: readonly number[]): Version {
  const end = release.findLastIndex((part) => part !== 0) + 1;
  return parseVersion(release.slice(0, Math.max(end, 1)).join('.'));
}
