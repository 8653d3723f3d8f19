/**
 * Counts who is in whose way. A package whose versions were rejected five times is decided earlier from then on; one
 * that was five times the cause is decided after those (docs/solver.md, "Order of decisions").
 */
import type { Incompatibility } from './incompatibility.ts';
import type { Priorities } from './priorities.ts';
import { nameOfPackage, type PackageId } from './solver-package.ts';
import type { SolverState } from './solver-state.ts';

const threshold = 5;

export class ConflictTracker {
  readonly #affected: Map<PackageId, number> = new Map();
  readonly #culprits: Map<PackageId, number> = new Map();
  #early: PackageId[] = [];
  #late: PackageId[] = [];

  /** `rejected` could not be kept because of the other packages of the incompatibility; `decided` was decided last. */
  record(
    state: SolverState,
    incompatibility: Incompatibility,
    { rejected, decided }: { readonly rejected: PackageId; readonly decided: PackageId },
  ): void {
    const name = nameOfPackage(state.packages.get(rejected));
    let hasCulprit = false;
    for (const item of incompatibility.packages) {
      if (item === rejected || nameOfPackage(state.packages.get(item)) === name) continue;
      hasCulprit = true;
      if (increment(this.#culprits, item) === threshold) this.#late.push(item);
    }
    if (hasCulprit && increment(this.#affected, decided) === threshold) this.#early.push(decided);
  }

  /** Apply what was learned since the last time, undoing decisions that were made in a bad order. */
  reprioritize(state: SolverState, priorities: Priorities): void {
    for (const item of this.#early) priorities.markEarly(state.packages.get(item));
    for (const item of this.#late) {
      if (priorities.markLate(state.packages.get(item))) state.solution.backtrackBefore(item);
    }
    this.#early = [];
    this.#late = [];
  }

  clone(): ConflictTracker {
    const copy = new ConflictTracker();
    for (const [item, count] of this.#affected) copy.#affected.set(item, count);
    for (const [item, count] of this.#culprits) copy.#culprits.set(item, count);
    copy.#early = [...this.#early];
    copy.#late = [...this.#late];
    return copy;
  }
}

function increment(counts: Map<PackageId, number>, item: PackageId): number {
  const count = (counts.get(item) ?? 0) + 1;
  counts.set(item, count);
  return count;
}
