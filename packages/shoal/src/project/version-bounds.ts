/** The specifiers that `add` writes for a version that was chosen. */
import { formatVersion, parseSpecifierSet } from '@shoal/packaging';
import type { SpecifierSet, Version } from '@shoal/packaging';

export const BOUNDS = ['lower', 'major', 'minor', 'exact'] as const;

/**
 * - `lower`: this version or a later one.
 * - `major`: below the next version with another first number that is not zero.
 * - `minor`: below the next one of the number after that.
 * - `exact`: this version alone.
 */
export type Bounds = (typeof BOUNDS)[number];

export function specifiersFor(version: Version, bounds: Bounds): SpecifierSet {
  const text = formatVersion(version);
  if (bounds === 'exact') return parseSpecifierSet(`==${text}`);
  if (bounds === 'lower') return parseSpecifierSet(`>=${text}`);
  return parseSpecifierSet(`>=${text},<${upperBound(version.release, bounds).join('.')}`);
}

/** As many numbers as the version has, and more where the one that grows is missing. */
function upperBound(release: readonly number[], bounds: 'major' | 'minor'): readonly number[] {
  const zeros = release.findIndex((number) => number !== 0);
  if (zeros === -1) return nextOfZero(release, bounds === 'major' ? 1 : 2);
  // Of 0.0.1 the next minor version is 0.0.2, not 0.0.1.1.
  const place = bounds === 'major' || zeros >= 2 ? zeros : zeros + 1;
  return Array.from({ length: Math.max(release.length, place + 1) }, (_, index) => {
    if (index < place) return release[index] ?? 0;
    return index === place ? (release[index] ?? 0) + 1 : 0;
  });
}

function nextOfZero(release: readonly number[], place: number): readonly number[] {
  return Array.from({ length: Math.max(release.length, place + 1) }, (_, index) => (index === place ? 1 : 0));
}
