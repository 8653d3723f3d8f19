/** Everything that belongs to one fork of a resolution: the solver's state, its environment and its pins. */
import {
  formatVersion,
  fullRange,
  parseVersion,
  type Marker,
  type NormalizedName,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { Candidate } from './candidate-selector.ts';
import { ConflictTracker } from './conflict-tracker.ts';
import type { Dependency, ReadingScope } from './dependency-reader.ts';
import { narrowEnvironment, pythonOfEnvironment, type ForkEnvironment } from './fork-environment.ts';
import { Priorities } from './priorities.ts';
import { markerOfPython, narrowPython, type PythonBounds } from './python-bounds.ts';
import { nameOfPackage, projectPackage, type PackageId, type SolverPackage } from './solver-package.ts';
import { SolverState } from './solver-state.ts';

/** The version of the virtual root. */
export const rootVersion: Version = parseVersion('0a0.dev0');

/** Which version to take of which package when a fork is taken up. */
export interface ForkStart {
  readonly item: PackageId;
  /** Chosen already, or `undefined` to choose in the fork's own environment. */
  readonly version: Version | undefined;
}

export class ForkState implements ReadingScope {
  readonly solver: SolverState;
  readonly environment: ForkEnvironment;
  readonly python: PythonBounds;
  readonly pythonMarker: Marker;
  /** What the next propagation starts from. */
  next: PackageId;
  start: ForkStart | undefined;
  readonly priorities: Priorities;
  readonly conflicts: ConflictTracker;
  readonly pins: Map<string, Candidate>;
  readonly urls: Map<NormalizedName, string>;
  readonly indexes: Map<NormalizedName, IndexLocation>;
  /** Versions whose dependencies the solver has been told, by package. */
  readonly told: Map<PackageId, Set<string>>;
  /** Ranges whose likely candidate has been asked for. */
  readonly visited: Map<PackageId, VersionRange> = new Map();
  /** The last choice for a package and range, to be repeated after backtracking. */
  readonly choices: Map<PackageId, { readonly range: VersionRange; readonly version: Version }> = new Map();
  /** Versions tried, by project, to guess how many more will be. */
  readonly tried: Map<NormalizedName, Set<string>>;
  readonly batched: Map<NormalizedName, number>;

  constructor(environment: ForkEnvironment, python: PythonBounds, parent?: ForkState) {
    this.environment = environment;
    const own = pythonOfEnvironment(environment);
    this.python = (own === undefined ? undefined : narrowPython(python, own)) ?? python;
    this.pythonMarker =
      parent !== undefined && this.python === parent.python ? parent.pythonMarker : markerOfPython(this.python);
    this.solver = parent?.solver.clone() ?? new SolverState(rootVersion);
    this.next = parent?.next ?? this.solver.root;
    this.priorities = parent?.priorities.clone() ?? new Priorities();
    this.conflicts = parent?.conflicts.clone() ?? new ConflictTracker();
    this.pins = new Map(parent?.pins);
    this.urls = new Map(parent?.urls);
    this.indexes = new Map(parent?.indexes);
    this.told = new Map([...(parent?.told ?? [])].map(([item, versions]) => [item, new Set(versions)]));
    this.tried = new Map([...(parent?.tried ?? [])].map(([name, versions]) => [name, new Set(versions)]));
    this.batched = new Map(parent?.batched);
  }

  /** A copy that goes on in another environment. */
  fork(environment: ForkEnvironment, start?: ForkStart): ForkState {
    const copy = new ForkState(environment, this.python, this);
    copy.start = start;
    return copy;
  }

  narrow(marker: Marker): ForkState {
    return this.fork(narrowEnvironment(this.environment, marker));
  }

  pin(name: NormalizedName, candidate: Candidate): void {
    this.pins.set(`${name} ${formatVersion(candidate.version)}`, candidate);
  }

  pinned(name: NormalizedName, version: Version): Candidate | undefined {
    return this.pins.get(`${name} ${formatVersion(version)}`);
  }

  hasTold(item: PackageId, version: Version): boolean {
    return this.told.get(item)?.has(formatVersion(version)) ?? false;
  }

  /** Register the dependencies for the order of decisions, before the solver is told of them. */
  prioritize(dependencies: readonly Dependency[]): void {
    for (const dependency of dependencies) {
      this.#prioritizeOne(dependency.package, dependency.range);
      const base = baseOf(dependency.package);
      if (base !== undefined) this.#prioritizeOne(base, dependency.range);
    }
  }

  #prioritizeOne(item: SolverPackage, range: VersionRange): void {
    const name = nameOfPackage(item);
    const hasUrl = name !== undefined && this.urls.has(name);
    this.priorities.add(this.solver.packages.intern(item), item, { range, hasUrl });
  }

  /** Tell the solver what a version depends on, and decide for it unless that is known to fail. */
  addVersion(
    item: PackageId,
    version: Version,
    { versions, dependencies }: { readonly versions: VersionRange; readonly dependencies: readonly Dependency[] },
  ): void {
    const told = this.told.get(item);
    if (told === undefined) this.told.set(item, new Set([formatVersion(version)]));
    else told.add(formatVersion(version));
    for (const dependency of dependencies) {
      const base = baseOf(dependency.package);
      if (base === undefined) continue;
      this.solver.addProxy(
        this.solver.packages.intern(dependency.package),
        this.solver.packages.intern(base),
        dependency.range,
      );
    }
    const conflict = this.solver.addVersion(item, version, { versions, dependencies });
    if (conflict !== undefined) this.recordConflict(item, conflict);
  }

  recordConflict(rejected: PackageId, incompatibility: number): void {
    this.conflicts.record(this.solver, this.solver.incompatibility(incompatibility), { rejected, decided: this.next });
  }

  /** What is known of the version of a package; everything when nothing is. */
  rangeOf(item: PackageId): VersionRange {
    return this.solver.solution.termOf(item)?.range ?? fullRange;
  }
}

/** The project behind a proxy. */
function baseOf(item: SolverPackage): SolverPackage | undefined {
  return item.kind === 'extra' || item.kind === 'marker' ? projectPackage(item.name) : undefined;
}
