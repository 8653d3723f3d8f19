/** `Requires-Python`, of which only the lower bound counts: upper bounds were written by guess, and uv does not believe them. */
import { compareVersions, rangeIntervals, releaseRangeOfSpecifierSet } from '@shoal/packaging';
import type { SpecifierSet, Version } from '@shoal/packaging';

/** Whether `python` is not older than what `requiresPython` starts at. */
export function reachesPython(requiresPython: SpecifierSet, python: Version): boolean {
  const [first] = rangeIntervals(releaseRangeOfSpecifierSet(requiresPython));
  if (first?.lower === undefined) return true;
  const order = compareVersions(python, first.lower.version);
  return order > 0 || (order === 0 && first.lower.inclusive);
}
