/** What an index offers and what is asked of it: plain types that the resolver and the index client share. */
import type {
  NormalizedName,
  Requirement,
  SdistFilename,
  SpecifierSet,
  Version,
  WheelFilename,
} from '@shoal/packaging';

/** A place that offers distributions. */
export interface IndexLocation {
  /** Without credentials. A `simple` index is a base URL; a `flat` one is a page or a folder (`file:` URL). */
  readonly url: string;
  readonly name?: string;
  readonly kind: 'simple' | 'flat';
  /** Only used for requirements that name it. */
  readonly explicit?: boolean;
  readonly isDefault?: boolean;
  /** Answers that mean "not here" beside 404 (`ignore-error-codes`). */
  readonly ignoredStatuses?: readonly number[];
}

/** One file of a project. */
export interface DistributionFile {
  readonly filename: WheelFilename | SdistFilename;
  /** Absolute, without fragment: `https:`, `http:` or `file:`. */
  readonly url: string;
  /** Algorithm -> hexadecimal digest; empty when the index names none. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly requiresPython: SpecifierSet | undefined;
  /** The reason, `''` when none is given; `false` when it is not yanked. */
  readonly yanked: string | false;
  readonly sizeBytes: number | undefined;
  /** ISO 8601, as the index wrote it. */
  readonly uploadTime: string | undefined;
  /** Is there a sidecar with its metadata, and with which hashes. */
  readonly coreMetadata: boolean | Readonly<Record<string, string>>;
  readonly index: IndexLocation;
}

/** The part of core metadata that resolving needs. */
export interface DependencyMetadata {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly requiresDist: readonly Requirement[];
  readonly requiresPython: SpecifierSet | undefined;
  readonly providesExtra: readonly NormalizedName[];
  /** Fields that may change when the distribution is built. */
  readonly dynamic: readonly string[];
  readonly metadataVersion: string;
}

/** The files of a project, of one index or of several merged. */
export interface VersionGroup {
  /** `undefined` when several indexes are merged. */
  readonly index: IndexLocation | undefined;
  /** Descending, without duplicates. */
  readonly versions: readonly Version[];
  /** In order of preference of their indexes; empty for a version that is not listed. */
  files(version: Version): readonly DistributionFile[];
}

/** What the indexes say of a project. */
export type ProjectListing =
  | { readonly kind: 'found'; readonly groups: readonly VersionGroup[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'no-index' }
  | { readonly kind: 'unauthorized' | 'forbidden'; readonly index: IndexLocation };
