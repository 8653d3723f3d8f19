/** What a resolution is asked for: requirements, policies and the environments it must work in. */
import type {
  Marker,
  MarkerEnvironment,
  NormalizedName,
  Requirement,
  TagPriorities,
  Tag,
  Version,
  VersionRange,
} from '@shoal/packaging';
import type { DependencyMetadata, IndexLocation } from '../project/distribution-file.ts';

/** A requirement and where it was read, for annotations and errors. */
export interface SourcedRequirement {
  readonly requirement: Requirement;
  /** As an annotation prints it: `-r requirements.in`, `-c constraints.txt`, `pyproject.toml`; `undefined` on the command line. */
  readonly origin: string | undefined;
  /** The one index this requirement may be taken from (`tool.uv.sources`). */
  readonly index?: IndexLocation;
}

export type ResolutionMode = 'highest' | 'lowest' | 'lowest-direct';
export type PrereleaseMode = 'disallow' | 'allow' | 'if-necessary' | 'explicit' | 'if-necessary-or-explicit';
export type ForkStrategy = 'requires-python' | 'fewest';
export type IndexStrategy = 'first-index' | 'unsafe-first-match' | 'unsafe-best-match';
/** Every project, or the named ones. The empty set is none. */
export type ProjectSelection = 'all' | ReadonlySet<NormalizedName>;

/** A version to keep when it still fits: from an output file, a lockfile or the environment. */
export interface Preference {
  readonly version: Version;
  /** The marker under which the pin was recorded; `undefined` is always. */
  readonly marker?: Marker;
  /** The index the pin was taken from, when recorded. */
  readonly index?: IndexLocation;
  /** `algorithm:hex` digests recorded beside the pin. */
  readonly hashes?: readonly string[];
}

/** A distribution that is installed in the target environment. */
export interface InstalledCandidate {
  readonly version: Version;
  /** Its own metadata; read only when it is chosen. */
  metadata(): DependencyMetadata;
  /** False when its wheel tags do not fit the target (uv then looks for another). */
  readonly compatible: boolean;
}

/** One interpreter on one platform, as `pip install` resolves. */
export interface EnvironmentTarget {
  readonly kind: 'environment';
  readonly markers: MarkerEnvironment;
  readonly tags: TagPriorities;
  /** The supported tags, best first; only read to name examples in errors. */
  readonly tagList?: readonly Tag[];
  /** The Python resolved for; release segments only are used. */
  readonly python: Version;
  /** The Python that would build or run, when it differs (`--python-version`). */
  readonly installedPython?: Version;
}

/** All platforms and a range of Pythons, as `lock` and `pip compile --universal` resolve. */
export interface UniversalTarget {
  readonly kind: 'universal';
  /** Only its lowest and highest bounds count. */
  readonly requiresPython: VersionRange;
  /** Disjoint markers to solve one by one (`tool.uv.environments`, or the forks of a lockfile); empty is everything. */
  readonly environments: readonly Marker[];
  /** Environments that must have a wheel when there is no source distribution (`tool.uv.required-environments`). */
  readonly requiredEnvironments: readonly Marker[];
  /** The interpreter at hand and its environment; only named in errors. */
  readonly installedPython: Version;
  readonly currentMarkers?: MarkerEnvironment;
}

export type ResolveTarget = EnvironmentTarget | UniversalTarget;

/** `--exclude-newer`: files uploaded at or after the instant do not exist. ISO 8601 with zone. */
export interface ExcludeNewer {
  readonly default?: string;
  /** Per project; `false` lifts the default. */
  readonly perProject: ReadonlyMap<NormalizedName, string | false>;
}

export interface BuildOptions {
  /** `--only-binary` / `--no-build`. */
  readonly noBuild: ProjectSelection;
  /** `--no-binary`. */
  readonly noBinary: ProjectSelection;
}

/** Hash-checking mode. `require`: a pinned project without digests is an error. `verify`: digests that are given must match. */
export interface HashPolicy {
  readonly mode: 'none' | 'verify' | 'require';
  /** Key: `name==version` as formatted, or the URL of a URL requirement. Value: `algorithm:hex`, any of which must match. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
}

/** The one index that a project may be taken from, where the marker holds. */
export interface IndexPin {
  readonly requirement: Requirement;
  readonly index: IndexLocation;
}

export interface ResolveInput {
  readonly requirements: readonly SourcedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  /** Projects that are dropped wherever they are required. */
  readonly excludes: readonly NormalizedName[];
  /** `direct` is `--no-deps`. */
  readonly dependencyMode: 'transitive' | 'direct';
  readonly resolutionMode: ResolutionMode;
  readonly prerelease: PrereleaseMode;
  readonly prereleaseOf?: ReadonlyMap<NormalizedName, PrereleaseMode>;
  readonly forkStrategy?: ForkStrategy;
  readonly indexStrategy?: IndexStrategy;
  /** The indexes in order of priority; only named in hints. */
  readonly indexes?: readonly IndexLocation[];
  readonly preferences: ReadonlyMap<NormalizedName, readonly Preference[]>;
  readonly target: ResolveTarget;
  readonly excludeNewer?: ExcludeNewer;
  readonly buildOptions: BuildOptions;
  readonly installed?: ReadonlyMap<NormalizedName, readonly InstalledCandidate[]>;
  /** Installed versions of these are not kept (`--reinstall`). */
  readonly reinstall?: ProjectSelection;
  /** Installed versions of these give way to better ones (`--upgrade`). */
  readonly upgrade?: ProjectSelection;
  readonly hashes?: HashPolicy;
  /** Indexes that requirements of projects named by URL are to be taken from. Read once their metadata is known. */
  readonly indexPins?: readonly IndexPin[];
  /** The project whose requirements these are: errors then say `your project` or name it. */
  readonly project?: NormalizedName;
  /** Members of the workspace, for the words of errors. */
  readonly workspaceMembers?: ReadonlySet<NormalizedName>;
}
