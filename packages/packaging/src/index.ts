export * from './errors.ts';
export { isNormalizedName, normalizeName, tryNormalizeName, type NormalizedName } from './name.ts';
export {
  baseVersion,
  compareVersions,
  formatVersion,
  isLocal,
  isPostrelease,
  isPrerelease,
  parseVersion,
  publicVersion,
  tryParseVersion,
  versionsEqual,
  type Version,
} from './version.ts';
export {
  allowsPrereleases,
  emptySpecifierSet,
  formatSpecifier,
  formatSpecifierSet,
  parseSpecifier,
  parseSpecifierSet,
  specifierContains,
  specifierSetContains,
  tryParseSpecifierSet,
  type Operator,
  type Specifier,
  type SpecifierSet,
} from './specifier.ts';
export {
  rangeOfSpecifier,
  rangeOfSpecifierSet,
  releaseRangeOfSpecifier,
  releaseRangeOfSpecifierSet,
} from './specifier-range.ts';
export type { CutPlace, VersionCut } from './version-cut.ts';
export {
  areRangesDisjoint,
  complementRange,
  emptyRange,
  fullRange,
  intersectRanges,
  isEmptyRange,
  isFullRange,
  isSubrange,
  rangeAtLeast,
  rangeAtMost,
  rangeContains,
  rangeIntervals,
  rangeOfIntervals,
  rangeOfVersions,
  rangeStrictlyAbove,
  rangeStrictlyBelow,
  rangesEqual,
  singleVersionRange,
  uniteRanges,
  type RangeBound,
  type RangeInterval,
  type VersionRange,
} from './version-range.ts';
export { formatInterval, formatRange } from './format-range.ts';
export { simplifyRange } from './simplify-range.ts';
export { cutAt, isAboveCut } from './version-cut.ts';
export { rangeAbove, rangeBelow, rangeBetween } from './version-range.ts';
