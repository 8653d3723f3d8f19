/**
 * What `uv.lock` holds, as plain data: names, versions, sources and markers are kept in the words of the file.
 *
 * Markers leave out what `requires-python` and the union of the resolution markers imply.
 */
import type { NormalizedName } from '@shoal/packaging';

/** The only schema that there is; files of another one are refused. */
export const LOCK_VERSION = 1;

export interface Lockfile {
  /** Of the schema; files of later revisions can be read, and what they add be ignored. */
  readonly revision: number;
  readonly requiresPython: string;
  /** The forks of the resolution, in order; empty when one answer serves all. */
  readonly resolutionMarkers: readonly string[];
  /** `tool.uv.environments`. */
  readonly supportedMarkers: readonly string[];
  /** `tool.uv.required-environments`. */
  readonly requiredMarkers: readonly string[];
  readonly conflicts: readonly (readonly ConflictItem[])[];
  readonly options: LockedOptions;
  readonly manifest: LockedManifest;
  /** Sorted by name, version, source. */
  readonly packages: readonly LockedPackage[];
}

/** A project, an extra or a group of it that cannot be installed together with the other items of its set. */
export interface ConflictItem {
  readonly package: NormalizedName;
  readonly extra?: NormalizedName;
  readonly group?: NormalizedName;
}

/** A point in time, or a span (`P3W`) that reaches back from now. */
export type LockedCutoff =
  | { readonly kind: 'instant'; readonly text: string }
  | { readonly kind: 'span'; readonly text: string };

/** With what the resolution was made; absent is the default. */
export interface LockedOptions {
  readonly resolutionMode?: string;
  readonly prereleaseMode?: string;
  readonly prereleasePackage: ReadonlyMap<NormalizedName, string>;
  readonly forkStrategy?: string;
  readonly excludeNewer?: LockedCutoff;
  /** `false` lifts the general cutoff. */
  readonly excludeNewerPackage: ReadonlyMap<NormalizedName, LockedCutoff | false>;
}

/** Sorted names. */
export type DefaultGroups = 'all' | readonly NormalizedName[];

/** What was asked for, beside what the members themselves say. */
export interface LockedManifest {
  readonly members: readonly NormalizedName[];
  /** Of a workspace root that is no project; absent is `dev`. */
  readonly defaultGroups?: DefaultGroups;
  readonly requirements: readonly LockedRequirement[];
  readonly constraints: readonly LockedRequirement[];
  readonly overrides: readonly (LockedRequirement | ScopedOverride)[];
  readonly excludes: readonly (NormalizedName | ScopedExclusion)[];
  readonly buildConstraints: readonly LockedRequirement[];
  /** Groups of a workspace root that is no project. */
  readonly dependencyGroups: ReadonlyMap<NormalizedName, readonly LockedRequirement[]>;
  readonly groupRequiresPython: ReadonlyMap<NormalizedName, string>;
  readonly dependencyMetadata: readonly LockedStaticMetadata[];
}

/** Overrides for the dependencies of one package alone. */
export interface ScopedOverride {
  readonly package: { readonly name: NormalizedName; readonly version?: string };
  readonly dependencies: readonly LockedRequirement[];
}

/** Exclusions for the dependencies of one package alone. */
export interface ScopedExclusion {
  readonly package: { readonly name: NormalizedName; readonly version?: string };
  readonly dependencies: readonly NormalizedName[];
}

/** `tool.uv.dependency-metadata`. */
export interface LockedStaticMetadata {
  readonly name: NormalizedName;
  readonly version?: string;
  /** In words of PEP 508. */
  readonly requiresDist: readonly string[];
  readonly requiresPython?: string;
  readonly providesExtras: readonly NormalizedName[];
}

/** A requirement as it is declared, its paths relative to the workspace root. */
export interface LockedRequirement {
  readonly name: NormalizedName;
  readonly extras: readonly NormalizedName[];
  readonly groups?: readonly NormalizedName[];
  readonly marker?: string;
  readonly source: RequirementSource;
}

export type RequirementSource =
  | {
      readonly kind: 'registry';
      /** Absent: every version. */
      readonly specifier?: string;
      readonly index?: string;
      readonly conflict?: ConflictItem;
    }
  | { readonly kind: 'url'; readonly url: string; readonly subdirectory?: string }
  | { readonly kind: 'git'; readonly url: string }
  | { readonly kind: 'path' | 'directory' | 'editable' | 'virtual'; readonly path: string };

/** Where a package comes from. Paths are relative to the workspace root, with `/`. */
export type LockedSource =
  /** The URL of an index, or the path of a folder of files. */
  | { readonly kind: 'registry'; readonly location: string }
  /** `https://host/project?rev=main#<commit>`. */
  | { readonly kind: 'git'; readonly url: string }
  | { readonly kind: 'url'; readonly url: string; readonly subdirectory?: string }
  | { readonly kind: 'path' | 'directory' | 'editable' | 'virtual'; readonly path: string };

export interface LockedPackage {
  readonly name: NormalizedName;
  /** Absent when only a build tells it. */
  readonly version?: string;
  readonly source: LockedSource;
  /** Of a member, `tool.uv.default-groups`; absent is `dev`. */
  readonly defaultGroups?: DefaultGroups;
  /** The forks that chose it; empty when its name is locked once. */
  readonly resolutionMarkers: readonly string[];
  readonly dependencies: readonly LockedDependency[];
  readonly optionalDependencies: ReadonlyMap<NormalizedName, readonly LockedDependency[]>;
  readonly devDependencies: ReadonlyMap<NormalizedName, readonly LockedDependency[]>;
  /** For which Pythons a group is, where `tool.uv.dependency-groups` says so. */
  readonly groupRequiresPython: ReadonlyMap<NormalizedName, string>;
  readonly sdist?: LockedSdist;
  readonly wheels: readonly LockedWheel[];
  /** What it declares; empty for packages of indexes. */
  readonly metadata: LockedMetadata;
}

export interface LockedDependency {
  readonly name: NormalizedName;
  /** With `source` only where the name is locked more than once. */
  readonly version?: string;
  readonly source?: LockedSource;
  readonly extras: readonly NormalizedName[];
  readonly marker?: string;
}

interface LockedFile {
  /** `sha256:…`. */
  readonly hash?: string;
  readonly size?: number;
  readonly uploadTime?: string;
}

export interface LockedSdist extends LockedFile {
  readonly url?: string;
  readonly path?: string;
}

/** Exactly one of `url`, `path` and `filename` is there. */
export interface LockedWheel extends LockedFile {
  readonly url?: string;
  readonly path?: string;
  readonly filename?: string;
  readonly zstd?: { readonly hash?: string; readonly size?: number };
}

export interface LockedMetadata {
  readonly requiresDist: readonly LockedRequirement[];
  readonly providesExtras: readonly NormalizedName[];
  readonly requiresDev: ReadonlyMap<NormalizedName, readonly LockedRequirement[]>;
}
