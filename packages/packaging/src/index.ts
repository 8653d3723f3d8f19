export * from './errors.ts';
export { checkDigest, InvalidDigestError } from './digest.ts';
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
export { formatRequirement, parseRequirement, type Requirement } from './requirement.ts';
export { parseLenientRequirement, parseLenientSpecifierSet } from './lenient-requirement.ts';
export type { EnvironmentVariable, MarkerEnvironment } from './marker-environment.ts';
export {
  andMarkers,
  areMarkersDisjoint,
  evaluateMarker,
  falseMarker,
  formatMarker,
  isFalseMarker,
  isTrueMarker,
  markerImplies,
  markerKey,
  markersEqual,
  notMarker,
  orMarkers,
  parseMarker,
  trueMarker,
  type Marker,
} from './marker.ts';
export { compareMarkers } from './marker-order.ts';
export {
  complexifyMarkerWithPython,
  markerOfPythonRange,
  markerPythonRange,
  simplifyMarkerWithPython,
} from './marker-python.ts';
export {
  evaluateMarkerExtras,
  markerOfExtra,
  onlyExtras,
  restrictMarker,
  simplifyMarkerExtras,
  simplifyMarkerNotExtras,
  topLevelExtra,
  withoutExtras,
} from './marker-assumptions.ts';
export {
  InvalidSdistFilenameError,
  InvalidWheelFilenameError,
  parseSdistFilename,
  parseWheelFilename,
  tryParseDistributionFilename,
  tryParseWheelFilename,
  type SdistFilename,
  type WheelFilename,
} from './distribution-filename.ts';
export {
  InvalidMetadataError,
  parseCoreMetadata,
  parseApplicableRequirements,
  parseDependencyMetadata,
  type CoreMetadata,
  type DependencyFields,
} from './metadata.ts';
export {
  InvalidProjectPageError,
  parseProjectPageJson,
  projectPageOfAnchors,
  type PageAnchor,
  type ProjectFile,
  type ProjectPage,
} from './project-page.ts';
export { formatRecord, InvalidRecordError, parseRecord, type RecordRow } from './record.ts';
export { InvalidWheelFileError, parseWheelFile, type WheelFile } from './wheel-file.ts';
export { InvalidEntryPointsError, parseEntryPoints, type EntryPoint } from './entry-points.ts';
export { formatDirectUrl, InvalidDirectUrlError, parseDirectUrl, type DirectUrl } from './direct-url.ts';
export { formatTag, parseTagSet, type Tag, type TagSet } from './tag.ts';
export { architectureOfMachine, platformTags, type Platform } from './platform.ts';
export { supportedTags, type InterpreterTagFacts } from './supported-tags.ts';
export {
  createTagPriorities,
  explainIncompatibility,
  tagPriority,
  type TagMismatch,
  type TagPriorities,
} from './tag-priorities.ts';
export { platformOfName, targetPlatformNames, type DeploymentTargets, type TargetPlatform } from './target-platform.ts';
export {
  InvalidRequirementsFileError,
  parseRequirementsFile,
  type RequirementsFileEntry,
  type RequirementsFileOptions,
} from './requirements-file.ts';
