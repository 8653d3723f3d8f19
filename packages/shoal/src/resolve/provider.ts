/**
 * The port of the solver: what it asks of the world, and in which words the world answers.
 *
 * The solver never reads a network, a disk or a clock. It asks this port for project listings and for
 * the dependencies of one file, and is told when something cannot be known and why.
 */
import type { NormalizedName, SpecifierSet, Version } from '@shoal/packaging';
import type {
  DependencyMetadata,
  DistributionFile,
  IndexLocation,
  ProjectListing,
} from '../project/distribution-file.ts';

/** Why the metadata of a file or URL cannot be had; the solver looks at other versions, unless a build is needed. */
export type MetadataGap =
  | { readonly kind: 'offline' }
  | { readonly kind: 'invalid-metadata'; readonly detail: string }
  | { readonly kind: 'inconsistent-metadata'; readonly detail: string }
  | { readonly kind: 'invalid-structure'; readonly detail: string }
  | { readonly kind: 'requires-python'; readonly requiresPython: SpecifierSet }
  | { readonly kind: 'network'; readonly status: string }
  | { readonly kind: 'needs-build'; readonly detail: string };

/** The dependencies of one registry file, or why they cannot be had. */
export type DependencyAnswer = { readonly kind: 'found'; readonly metadata: DependencyMetadata } | MetadataGap;

/** A requirement that names its distribution by URL. */
export interface UrlSource {
  readonly name: NormalizedName;
  /** The URL as it was written. */
  readonly url: string;
}

/** The dependencies and the version of a URL requirement, or why they cannot be had. */
export type UrlAnswer =
  | {
      readonly kind: 'found';
      readonly metadata: DependencyMetadata;
      readonly version: Version;
      readonly file?: DistributionFile;
    }
  | MetadataGap;

/** What the solver asks. Every method may be called ahead of need, and many times at once. */
export interface Provider {
  /** All files of a project: of `index` when it is given, else of the indexes in order of priority. */
  fetchProject(name: NormalizedName, index?: IndexLocation): Promise<ProjectListing>;
  fetchDependencies(file: DistributionFile): Promise<DependencyAnswer>;
  fetchUrlDependencies(source: UrlSource): Promise<UrlAnswer>;
}
