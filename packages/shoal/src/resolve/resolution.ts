/** The answer of the solver: one version of each project (several in universal mode, under disjoint markers). */
import type { Marker, NormalizedName, Version, VersionRange } from '@shoal/packaging';
import type { DependencyMetadata, DistributionFile, IndexLocation } from '../project/distribution-file.ts';
import type { InstalledCandidate, SourcedRequirement } from './resolve-input.ts';

/** Where a resolved version comes from. */
export type ResolvedSource =
  | {
      readonly kind: 'registry';
      readonly index: IndexLocation;
      /** The best wheel that can be installed here; in universal mode the one whose metadata was read. */
      readonly wheel: DistributionFile | undefined;
      readonly sdist: DistributionFile | undefined;
      /** Every file of the version that the policies allow, in the order of the index. */
      readonly files: readonly DistributionFile[];
      /** True when only a build of the sdist can be installed here. */
      readonly needsBuild: boolean;
    }
  | { readonly kind: 'url'; readonly url: string; readonly file: DistributionFile | undefined }
  | { readonly kind: 'installed'; readonly installed: InstalledCandidate };

/** `from -> to`, under a marker (always true in an environment resolution). */
export interface ResolvedEdge {
  readonly name: NormalizedName;
  readonly version: Version;
  /** Extras of the dependency that this edge asks for, sorted. */
  readonly extras: readonly NormalizedName[];
  readonly marker: Marker;
}

/** What asked for a node, for `# via`. */
export interface RequestedBy {
  readonly requirements: readonly SourcedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  /** Names of the resolved projects that depend on it, sorted, without repetition. */
  readonly projects: readonly NormalizedName[];
}

export interface ResolvedExtra {
  /** When the extra is asked for. */
  readonly marker: Marker;
  readonly dependencies: readonly ResolvedEdge[];
}

export interface ResolvedNode {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly source: ResolvedSource;
  /** Extras that something asked for, sorted. */
  readonly extras: readonly NormalizedName[];
  /** When the node is needed: the union over all paths from the root. Not yet simplified by the Python range. */
  readonly marker: Marker;
  /** The forks that chose this version; empty when one version serves all forks. */
  readonly resolutionMarkers: readonly Marker[];
  readonly dependencies: readonly ResolvedEdge[];
  /** What each requested extra adds, in the order of `extras`. */
  readonly extraDependencies: ReadonlyMap<NormalizedName, ResolvedExtra>;
  readonly requestedBy: RequestedBy;
  /** `undefined` when no metadata were read: with `--no-deps`, or when the answer was known from earlier. */
  readonly metadata: DependencyMetadata | undefined;
}

export type ResolutionWarning =
  | { readonly kind: 'yanked'; readonly name: NormalizedName; readonly version: Version; readonly reason: string }
  | {
      readonly kind: 'missing-extra';
      readonly name: NormalizedName;
      readonly version: Version;
      readonly extra: NormalizedName;
    }
  | { readonly kind: 'missing-lower-bound'; readonly name: NormalizedName; readonly direct: boolean }
  | { readonly kind: 'missing-upload-time'; readonly filename: string };

export interface Resolution {
  /** Sorted by name, then version. */
  readonly nodes: readonly ResolvedNode[];
  /** Edges of the root, for trees and lockfiles. */
  readonly rootDependencies: readonly ResolvedEdge[];
  /** Markers of the forks when there was more than one, in the order they were solved. */
  readonly forkMarkers: readonly Marker[];
  /** The Python range of a universal resolution. */
  readonly requiresPython: VersionRange | undefined;
  readonly warnings: readonly ResolutionWarning[];
}
