/**
 * The algorithm's own state: incompatibilities, packages and the partial solution, with unit propagation and
 * conflict resolution (docs/solver.md, "Unit propagation", "Conflict resolution"). Knows nothing of Python.
 */
import { fullRange, rangeContains, singleVersionRange, type Version, type VersionRange } from '@shoal/packaging';
import {
  dependencyIncompatibility,
  dependencyRanges,
  mergeDependents,
  resolveCauses,
  rootIncompatibility,
  type Incompatibility,
  type IncompatibilityId,
} from './incompatibility.ts';
import { rangeKey } from './range-shapes.ts';
import { PartialSolution } from './partial-solution.ts';
import { PackageStore, type PackageId, type SolverPackage } from './solver-package.ts';
import { positiveTerm } from './term.ts';

/** A dependency of a version: the package and the range that serves. */
export interface RangedPackage {
  readonly package: SolverPackage;
  readonly range: VersionRange;
}

/** A step of conflict resolution: an assignment of `item` was undone by the incompatibility. */
export interface ConflictStep {
  readonly item: PackageId;
  readonly incompatibility: IncompatibilityId;
}

/** Thrown out of propagation when the root itself is excluded; `terminal` is the last derived incompatibility. */
export class Unsolvable extends Error {
  readonly terminal: IncompatibilityId;
  constructor(terminal: IncompatibilityId) {
    super('no solution');
    this.terminal = terminal;
  }
}

export class SolverState {
  readonly packages: PackageStore;
  readonly solution: PartialSolution;
  readonly root: PackageId;
  readonly #rootVersion: Version;
  #incompatibilities: Incompatibility[] = [];
  #byPackage: Map<PackageId, IncompatibilityId[]> = new Map();
  /** Dependencies with the same dependent, dependency and range, to be merged. */
  #mergeable: Map<string, IncompatibilityId> = new Map();
  /** Level and stretch at which an incompatibility was last seen to be contradicted. */
  #contradictedLevel: number[] = [];
  #contradictedStretch: number[] = [];

  constructor(rootVersion: Version, copyOf?: SolverState) {
    this.#rootVersion = rootVersion;
    this.packages = copyOf?.packages.clone() ?? new PackageStore();
    this.solution = copyOf?.solution.clone() ?? new PartialSolution();
    this.root = copyOf?.root ?? this.packages.intern({ kind: 'root' });
    if (copyOf === undefined) this.#merge(this.#add(rootIncompatibility(this.root, singleVersionRange(rootVersion))));
    else this.#copy(copyOf);
  }

  clone(): SolverState {
    return new SolverState(this.#rootVersion, this);
  }

  #copy(source: SolverState): void {
    this.#incompatibilities = [...source.#incompatibilities];
    this.#byPackage = new Map([...source.#byPackage].map(([item, ids]) => [item, [...ids]]));
    this.#mergeable = new Map(source.#mergeable);
    this.#contradictedLevel = [...source.#contradictedLevel];
    this.#contradictedStretch = [...source.#contradictedStretch];
  }

  incompatibility(id: IncompatibilityId): Incompatibility {
    const found = this.#incompatibilities[id];
    if (found === undefined) throw new RangeError(`no incompatibility ${id}`);
    return found;
  }

  /** All current incompatibilities about a package. */
  about(item: PackageId): readonly IncompatibilityId[] {
    return this.#byPackage.get(item) ?? [];
  }

  addIncompatibility(incompatibility: Incompatibility): void {
    this.#merge(this.#add(incompatibility));
  }

  /** A proxy always has the version of its base: say so before any version of either is looked at. */
  addProxy(proxy: PackageId, base: PackageId, range: VersionRange): void {
    this.#merge(this.#add(dependencyIncompatibility(proxy, range, base, range)));
  }

  /**
   * Record what `version` of a package depends on (`versions` is the range around it that holds no other known
   * version) and decide for it, unless its dependencies contradict what is known already.
   *
   * @returns The incompatibility that speaks against the version, or `undefined` when it was decided for.
   */
  addVersion(
    item: PackageId,
    version: Version,
    options: { readonly versions: VersionRange; readonly dependencies: readonly RangedPackage[] },
  ): IncompatibilityId | undefined {
    const added = options.dependencies.map((dependency) =>
      this.#add(
        dependencyIncompatibility(item, options.versions, this.packages.intern(dependency.package), dependency.range),
      ),
    );
    for (const id of added) this.#merge(id);
    const conflict = this.solution.hasBacktracked ? this.#conflictWith(item, version, added) : undefined;
    if (conflict === undefined) this.solution.decide(item, version);
    return conflict;
  }

  #conflictWith(item: PackageId, version: Version, added: readonly IncompatibilityId[]): IncompatibilityId | undefined {
    const assumed = { item, term: positiveTerm(singleVersionRange(version)) };
    return added.find((id) => this.solution.relate(this.incompatibility(id), assumed).kind === 'satisfied');
  }

  #add(incompatibility: Incompatibility): IncompatibilityId {
    const id = this.#incompatibilities.length;
    this.#incompatibilities.push(incompatibility);
    this.#contradictedLevel.push(Number.POSITIVE_INFINITY);
    this.#contradictedStretch.push(0);
    return id;
  }

  #merge(id: IncompatibilityId): void {
    const index = this.#mergeWithEqual(id);
    for (const item of this.incompatibility(index).packages) {
      const ids = this.#byPackage.get(item);
      if (ids === undefined) this.#byPackage.set(item, [index]);
      else ids.push(index);
    }
  }

  #mergeWithEqual(id: IncompatibilityId): IncompatibilityId {
    const incompatibility = this.incompatibility(id);
    const { cause } = incompatibility;
    if (cause.kind !== 'dependency' || cause.dependent === cause.dependency) return id;
    const range = dependencyRanges(incompatibility)?.range ?? fullRange;
    const key = `${cause.dependent} ${cause.dependency} ${rangeKey(range)}`;
    const past = this.#mergeable.get(key);
    const merged = past === undefined ? undefined : mergeDependents(incompatibility, this.incompatibility(past));
    if (past === undefined || merged === undefined) {
      if (past === undefined) this.#mergeable.set(key, id);
      return id;
    }
    const replacement = this.#add(merged);
    for (const item of merged.packages) this.#remove(item, past);
    this.#mergeable.set(key, replacement);
    return replacement;
  }

  #remove(item: PackageId, id: IncompatibilityId): void {
    const ids = this.#byPackage.get(item);
    const index = ids?.lastIndexOf(id) ?? -1;
    if (index >= 0) ids?.splice(index, 1);
  }

  /**
   * Derive everything that follows from what changed about `item`.
   *
   * @returns The steps of every conflict that was resolved on the way.
   * @throws {Unsolvable}
   */
  propagate(item: PackageId): readonly ConflictStep[] {
    const steps: ConflictStep[] = [];
    const changed: PackageId[] = [item];
    for (let current = changed.pop(); current !== undefined; current = changed.pop()) {
      const conflict = this.#propagateOne(current, changed);
      if (conflict === undefined) continue;
      const learned = this.#resolveConflict(conflict, steps);
      changed.length = 0;
      changed.push(learned.item);
      this.solution.derive(learned.item, learned.incompatibility, this.incompatibility(learned.incompatibility));
      this.#markContradicted(learned.incompatibility);
    }
    return steps;
  }

  /** Newest first, so that what was learned last is used first. Returns an incompatibility that holds, if any. */
  #propagateOne(item: PackageId, changed: PackageId[]): IncompatibilityId | undefined {
    const ids = this.about(item);
    for (let index = ids.length - 1; index >= 0; index--) {
      const id = ids[index];
      if (id === undefined || this.#isContradicted(id)) continue;
      const incompatibility = this.incompatibility(id);
      const relation = this.solution.relate(incompatibility);
      if (relation.kind === 'satisfied') return id;
      if (relation.kind === 'inconclusive') continue;
      if (relation.kind === 'almost-satisfied') {
        if (!changed.includes(relation.item)) changed.push(relation.item);
        this.solution.derive(relation.item, id, incompatibility);
      }
      this.#markContradicted(id);
    }
    return undefined;
  }

  #isContradicted(id: IncompatibilityId): boolean {
    return this.solution.stillStands(
      this.#contradictedLevel[id] ?? Number.POSITIVE_INFINITY,
      this.#contradictedStretch[id] ?? 0,
    );
  }

  #markContradicted(id: IncompatibilityId): void {
    this.#contradictedLevel[id] = this.solution.level;
    this.#contradictedStretch[id] = this.solution.stretch;
  }

  /** Walk back from a conflict to its root cause, and undo the decisions that led to it. */
  #resolveConflict(conflict: IncompatibilityId, steps: ConflictStep[]): ConflictStep {
    for (let current = conflict; ;) {
      const incompatibility = this.incompatibility(current);
      if (this.#isTerminal(incompatibility)) throw new Unsolvable(current);
      const search = this.solution.searchSatisfier(incompatibility, (id) => this.incompatibility(id));
      if (search.kind === 'different-levels') {
        this.solution.backtrack(search.level);
        if (current !== conflict) this.#merge(current);
        const step = { item: search.item, incompatibility: current };
        steps.push(step);
        return step;
      }
      const cause = { id: search.cause, incompatibility: this.incompatibility(search.cause) };
      current = this.#add(resolveCauses({ id: current, incompatibility }, cause, search.item));
      steps.push({ item: search.item, incompatibility: current });
    }
  }

  #isTerminal(incompatibility: Incompatibility): boolean {
    const [item, ...others] = incompatibility.packages;
    const [term] = incompatibility.terms;
    if (item === undefined || term === undefined) return true;
    return others.length === 0 && item === this.root && rangeContains(term.range, this.#rootVersion) === term.positive;
  }
}
