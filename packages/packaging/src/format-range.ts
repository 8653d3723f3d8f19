/** Ranges in the words of error messages: `>=1.0,<2.0`. */
import { isCutBefore, type VersionCut } from './version-cut.ts';
import { rangeIntervals, type RangeInterval, type VersionRange } from './version-range.ts';
import { formatVersion, type Version } from './version.ts';

/** `*` for all versions, `∅` for none, intervals apart from each other joined by ` | `. */
export function formatRange(range: VersionRange): string {
  const intervals = rangeIntervals(range);
  return intervals.length === 0 ? '∅' : intervals.map(formatInterval).join(' | ');
}

/** `>=1.0,<2.0`, `==1.0`, `==1.*` or, when open on both sides, `*`. */
export function formatInterval({ lower, upper }: RangeInterval): string {
  if (lower !== undefined && upper !== undefined) {
    const single = formatSingle(lower.cut, upper.cut);
    if (single !== undefined) return single;
  }
  const parts: string[] = [];
  if (lower !== undefined) parts.push(`${lower.inclusive ? '>=' : '>'}${formatVersion(lower.version)}`);
  if (upper !== undefined) parts.push(`${upper.inclusive ? '<=' : '<'}${formatVersion(upper.version)}`);
  return parts.length === 0 ? '*' : parts.join(',');
}

/** As one specifier, where one can say it. */
function formatSingle(lower: VersionCut, upper: VersionCut): string | undefined {
  if (lower.place !== 'before') return undefined;
  if (lower.version.key === upper.version.key && !isCutBefore(upper)) {
    return upper.place === 'after-posts' ? undefined : `==${formatVersion(lower.version)}`;
  }
  if (upper.place === 'before' && isNextPrefix(lower.version, upper.version)) {
    return `==${formatVersion(lower.version).slice(0, -'.dev0'.length)}.*`;
  }
  return undefined;
}

/** Whether the two are as `1.2.dev0` and `1.3.dev0`. */
function isNextPrefix(version: Version, next: Version): boolean {
  if (!isFirstOfRelease(version) || !isFirstOfRelease(next)) return false;
  if (version.epoch !== next.epoch || version.release.length !== next.release.length) return false;
  const last = version.release.length - 1;
  return next.release.every((number, index) => number === (version.release[index] ?? 0) + (index === last ? 1 : 0));
}

function isFirstOfRelease({ pre, post, dev, local }: Version): boolean {
  return pre === undefined && post === undefined && dev === 0 && local === undefined;
}
