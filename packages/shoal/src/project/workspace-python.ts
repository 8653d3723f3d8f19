/** The Pythons that all members of a workspace are for. */
import { OperationalError } from '@shoal/cache';
import {
  formatSpecifierSet,
  formatVersion,
  intersectRanges,
  isEmptyRange,
  rangeIntervals,
  releaseRangeOfSpecifierSet,
} from '@shoal/packaging';
import type { RangeBound, RangeInterval, SpecifierSet, Version, VersionRange } from '@shoal/packaging';
import type { Workspace } from './workspace.ts';

/** Members that no Python can serve together. */
export class DisjointPythonsError extends OperationalError {
  override readonly code = 'DISJOINT_PYTHONS';

  constructor(sources: readonly (readonly [string, SpecifierSet])[]) {
    const list = sources.map(([name, set]) => `- ${name}: ${formatSpecifierSet(set)}`).join('\n');
    super(`Found conflicting Python requirements:\n${list}`);
  }
}

export interface WorkspacePython {
  readonly range: VersionRange;
  /** As a lockfile writes it: `>=3.10, !=3.11.*, <4`. */
  readonly text: string;
}

/** The intersection over all members; `undefined` when none says anything. @throws {DisjointPythonsError} */
export function workspacePython({ members }: Workspace): WorkspacePython | undefined {
  const sources = [...members].flatMap(([name, { requiresPython }]) =>
    requiresPython === undefined ? [] : [[name, requiresPython] as const],
  );
  const [first, ...others] = sources.map(([, set]) => releaseRangeOfSpecifierSet(set));
  if (first === undefined) return undefined;
  const range = others.reduce(intersectRanges, first);
  if (isEmptyRange(range)) throw new DisjointPythonsError(sources);
  return { range, text: formatPythonRange(range) };
}

/** Specifiers that let the releases of the range in, ordered by version: `>=3.10, !=3.11.*, <4`. */
export function formatPythonRange(range: VersionRange): string {
  const intervals = rangeIntervals(range);
  const first = intervals[0];
  const last = intervals.at(-1);
  if (first === undefined || last === undefined) return '';
  const gaps = intervals.slice(1).flatMap((next, index) => specifiersOfGap(intervals[index], next));
  const whole = intervals.length === 1 ? wildcardOf(first) : undefined;
  if (whole !== undefined) return whole;
  const lower = first.lower === undefined ? [] : [`${first.lower.inclusive ? '>=' : '>'}${textOf(first.lower)}`];
  const upper = last.upper === undefined ? [] : [`${last.upper.inclusive ? '<=' : '<'}${textOf(last.upper)}`];
  return [...lower, ...gaps, ...upper].join(', ');
}

function textOf({ version }: RangeBound): string {
  return formatVersion(version);
}

/** The release without zeros at its end. */
function trimmed({ release }: Version): readonly number[] {
  return release.slice(0, release.findLastIndex((part) => part !== 0) + 1);
}

/** `>=3.8,<3.9` is `==3.8.*`, and a range of one version is that version. */
function wildcardOf({ lower, upper }: RangeInterval): string | undefined {
  if (lower?.inclusive !== true || upper === undefined) return undefined;
  const [from, to] = [trimmed(lower.version), trimmed(upper.version)];
  if (upper.inclusive) return from.join('.') === to.join('.') ? `==${textOf(lower)}` : undefined;
  const [major = 0, minor = 0] = from;
  if (from.length > 2 || to.length > 2 || to[0] !== major || to[1] !== minor + 1) return undefined;
  return `==${major}.${minor}.*`;
}

function specifiersOfGap(before: RangeInterval | undefined, after: RangeInterval): readonly string[] {
  const [end, start] = [before?.upper, after.lower];
  if (end === undefined || start === undefined) return [];
  const [from, to] = [trimmed(end.version), trimmed(start.version)];
  if (!end.inclusive && !start.inclusive) return from.join('.') === to.join('.') ? [`!=${textOf(end)}`] : [];
  if (end.inclusive || !start.inclusive || from.length > 2 || to.length !== 2 || from[0] !== to[0]) return [];
  const [major = 0, first = 0] = from;
  return Array.from({ length: Math.max(0, (to[1] ?? 0) - first) }, (_, index) => `!=${major}.${first + index}.*`);
}
