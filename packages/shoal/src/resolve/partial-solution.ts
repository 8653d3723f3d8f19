/**
 * The partial solution: all decisions and derivations so far (docs/solver.md, "Partial solution").
 *
 * Assignments are kept by package. Each derivation stores the intersection of all terms of its package up to
 * it, so that the earliest assignment that satisfied a term is found by bisection, and undoing is truncation.
 */
import { singleVersionRange, type Version } from '@shoal/packaging';
import { termOf, type Incompatibility, type IncompatibilityId } from './incompatibility.ts';
import type { PackageId } from './solver-package.ts';
import { areTermsDisjoint, intersectTerms, negateTerm, positiveTerm, relateTerm, type Term } from './term.ts';

interface Derivation {
  /** Position among all assignments of the solution. */
  readonly order: number;
  readonly level: number;
  readonly cause: IncompatibilityId;
  /** Intersection of this and all earlier terms of the package. */
  readonly accumulated: Term;
}

interface Decision {
  readonly order: number;
  readonly level: number;
  readonly version: Version;
}

interface Assignment {
  readonly derivations: readonly Derivation[];
  readonly decision: Decision | undefined;
  /** What is known of the package now. */
  readonly term: Term;
}

interface Satisfier {
  readonly item: PackageId;
  /** `undefined` when the satisfier is a decision. */
  readonly cause: IncompatibilityId | undefined;
  readonly order: number;
  readonly level: number;
}

/** How an incompatibility stands; `almost` names the one package that is still open. */
export type Relation =
  | { readonly kind: 'satisfied' }
  | { readonly kind: 'contradicted' }
  | { readonly kind: 'inconclusive' }
  | { readonly kind: 'almost-satisfied'; readonly item: PackageId };

/** What conflict resolution has to do next with an incompatibility that is satisfied. */
export type SatisfierSearch =
  | { readonly kind: 'different-levels'; readonly item: PackageId; readonly level: number }
  | { readonly kind: 'same-level'; readonly item: PackageId; readonly cause: IncompatibilityId };

type LookUp = (id: IncompatibilityId) => Incompatibility;

const satisfied: Relation = { kind: 'satisfied' };
const contradicted: Relation = { kind: 'contradicted' };
const inconclusive: Relation = { kind: 'inconclusive' };

export class PartialSolution {
  #assignments: Map<PackageId, Assignment> = new Map();
  /** Undecided packages with the priority they had when they last changed. */
  #queue: Map<PackageId, number> = new Map();
  /** Packages whose place in the queue must be computed anew. */
  #outdated: Set<PackageId> = new Set();
  #order = 0;
  #level = 0;
  /** For each completed stretch between backtracks, the deepest level of it that still stands. */
  #standing: number[] = [0];

  get level(): number {
    return this.#level;
  }

  get hasBacktracked(): boolean {
    return this.#standing.length > 1;
  }

  /** Number of the current stretch, to be kept beside a contradiction seen now. */
  get stretch(): number {
    return this.#standing.length;
  }

  /** True when what was seen at `level` in `stretch` has not been undone. */
  stillStands(level: number, stretch: number): boolean {
    const standing = this.#standing[stretch];
    return standing === undefined || level <= standing;
  }

  termOf(item: PackageId): Term | undefined {
    return this.#assignments.get(item)?.term;
  }

  isDecided(item: PackageId): boolean {
    return this.#assignments.get(item)?.decision !== undefined;
  }

  /** The part of what is known of the package that rests on the first decision (the root) alone. */
  unchangingTerm(item: PackageId): Term | undefined {
    return this.#assignments.get(item)?.derivations.findLast((derivation) => derivation.level <= 1)?.accumulated;
  }

  decide(item: PackageId, version: Version): void {
    const assignment = this.#assignments.get(item);
    if (assignment === undefined || assignment.decision !== undefined)
      throw new RangeError(`cannot decide package ${item}`);
    this.#level += 1;
    const decision = { order: this.#order++, level: this.#level, version };
    this.#assignments.set(item, {
      derivations: assignment.derivations,
      decision,
      term: positiveTerm(singleVersionRange(version)),
    });
  }

  derive(item: PackageId, cause: IncompatibilityId, incompatibility: Incompatibility): void {
    const term = termOf(incompatibility, item);
    if (term === undefined) throw new RangeError(`incompatibility ${cause} is not about package ${item}`);
    const before = this.#assignments.get(item);
    const derived = negateTerm(term);
    const accumulated = before === undefined ? derived : intersectTerms(before.term, derived);
    const derivation = { order: this.#order++, level: this.#level, cause, accumulated };
    if (accumulated.positive) this.#outdated.add(item);
    if (before === undefined)
      this.#assignments.set(item, { derivations: [derivation], decision: undefined, term: accumulated });
    else
      this.#assignments.set(item, {
        derivations: [...before.derivations, derivation],
        decision: undefined,
        term: accumulated,
      });
  }

  /** Packages that need a decision and changed at the current level: what is likely to be asked for next. */
  *likelyNext(): Generator<{ readonly item: PackageId; readonly term: Term }> {
    for (const [item, assignment] of this.#assignments) {
      if (assignment.decision !== undefined || !assignment.term.positive) continue;
      if (assignment.derivations.at(-1)?.level === this.#level) yield { item, term: assignment.term };
    }
  }

  /** The undecided package of the highest priority, taken from the queue; `undefined` when all is decided. */
  takeNext(priorityOf: (item: PackageId) => number): PackageId | undefined {
    for (const item of this.#outdated) {
      if (this.#isOpen(item)) this.#queue.set(item, priorityOf(item));
    }
    this.#outdated.clear();
    for (;;) {
      const next = this.#highest();
      if (next === undefined) return undefined;
      this.#queue.delete(next);
      if (this.#isOpen(next)) return next;
    }
  }

  #highest(): PackageId | undefined {
    let best: PackageId | undefined;
    let bestPriority = Number.NEGATIVE_INFINITY;
    for (const [item, priority] of this.#queue) {
      if (priority > bestPriority || (priority === bestPriority && best !== undefined && item < best)) {
        best = item;
        bestPriority = priority;
      }
    }
    return best;
  }

  #isOpen(item: PackageId): boolean {
    const assignment = this.#assignments.get(item);
    return assignment !== undefined && assignment.decision === undefined && assignment.term.positive;
  }

  /** Undo everything above `level`. */
  backtrack(level: number): void {
    this.#level = level;
    for (const [item, assignment] of this.#assignments) this.#undo(item, assignment);
    this.#standing.push(Number.POSITIVE_INFINITY);
    for (let index = this.#standing.length - 1; index >= 0; index--) {
      const standing = this.#standing[index];
      if (standing === undefined || standing <= level) break;
      this.#standing[index] = level;
    }
  }

  #undo(item: PackageId, assignment: Assignment): void {
    const { derivations, decision } = assignment;
    const latest = decision?.level ?? derivations.at(-1)?.level ?? 0;
    if (latest <= this.#level) {
      if (this.#isOpen(item) && !this.#queue.has(item)) this.#outdated.add(item);
      return;
    }
    let count = derivations.length;
    while (count > 0 && (derivations[count - 1]?.level ?? 0) > this.#level) count -= 1;
    const last = derivations[count - 1];
    this.#queue.delete(item);
    if (last === undefined) {
      this.#assignments.delete(item);
      return;
    }
    const kept = count === derivations.length ? derivations : derivations.slice(0, count);
    this.#assignments.set(item, { derivations: kept, decision: undefined, term: last.accumulated });
    if (last.accumulated.positive) this.#outdated.add(item);
  }

  /** Undo the decision on a package and all later ones; returns how many, or `undefined` when it is undecided. */
  backtrackBefore(item: PackageId): number | undefined {
    const decided = this.#assignments.get(item)?.decision;
    if (decided === undefined) return undefined;
    const before = this.#level;
    this.backtrack(decided.level - 1);
    return before - this.#level;
  }

  /** How the incompatibility stands, `assumed` (a decision that is being considered) included. */
  relate(incompatibility: Incompatibility, assumed?: { readonly item: PackageId; readonly term: Term }): Relation {
    let open: PackageId | undefined;
    for (let index = 0; index < incompatibility.packages.length; index++) {
      const item = incompatibility.packages[index];
      const term = incompatibility.terms[index];
      if (item === undefined || term === undefined) continue;
      const known = assumed !== undefined && assumed.item === item ? assumed.term : this.#assignments.get(item)?.term;
      const relation = known === undefined ? 'inconclusive' : relateTerm(term, known);
      if (relation === 'contradicted') return contradicted;
      if (relation === 'satisfied') continue;
      if (open !== undefined) return inconclusive;
      open = item;
    }
    return open === undefined ? satisfied : { kind: 'almost-satisfied', item: open };
  }

  /** Find the assignment that made the incompatibility hold, and the level it would have held at without it. */
  searchSatisfier(incompatibility: Incompatibility, lookUp: LookUp): SatisfierSearch {
    const satisfiers = incompatibility.packages.map((item, index) =>
      this.#satisfier(item, negatedTerm(incompatibility, index)),
    );
    const satisfier = latestOf(satisfiers);
    const level = this.#previousLevel(incompatibility, satisfiers, { satisfier, lookUp });
    if (level < satisfier.level || satisfier.cause === undefined)
      return { kind: 'different-levels', item: satisfier.item, level };
    return { kind: 'same-level', item: satisfier.item, cause: satisfier.cause };
  }

  #previousLevel(
    incompatibility: Incompatibility,
    satisfiers: readonly Satisfier[],
    context: { readonly satisfier: Satisfier; readonly lookUp: LookUp },
  ): number {
    const { satisfier, lookUp } = context;
    const own = this.#assignments.get(satisfier.item);
    const cause = satisfier.cause === undefined ? undefined : termOf(lookUp(satisfier.cause), satisfier.item);
    const accumulated = cause === undefined ? own?.term : negateTerm(cause);
    const index = incompatibility.packages.indexOf(satisfier.item);
    if (accumulated === undefined) throw new RangeError('a satisfier is an assignment');
    const rest = this.#satisfier(satisfier.item, intersectTerms(accumulated, negatedTerm(incompatibility, index)));
    const previous = latestOf(satisfiers.map((entry) => (entry.item === satisfier.item ? rest : entry)));
    return Math.max(previous.level, 1);
  }

  /** The earliest assignment of the package that leaves nothing of `start`. */
  #satisfier(item: PackageId, start: Term): Satisfier {
    const assignment = this.#assignments.get(item);
    if (assignment === undefined) throw new RangeError(`package ${item} has no assignment`);
    const { derivations, decision } = assignment;
    let low = 0;
    let high = derivations.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const derivation = derivations[middle];
      if (derivation !== undefined && !areTermsDisjoint(derivation.accumulated, start)) low = middle + 1;
      else high = middle;
    }
    const found = derivations[low];
    if (found !== undefined) return { item, cause: found.cause, order: found.order, level: found.level };
    if (decision === undefined) throw new RangeError(`nothing satisfies the term of package ${item}`);
    return { item, cause: undefined, order: decision.order, level: decision.level };
  }

  /** Decided packages in the order of the decisions. */
  decisions(): readonly { readonly item: PackageId; readonly version: Version }[] {
    const decided: { item: PackageId; version: Version; level: number }[] = [];
    for (const [item, { decision }] of this.#assignments) {
      if (decision !== undefined) decided.push({ item, version: decision.version, level: decision.level });
    }
    return decided.sort((a, b) => a.level - b.level);
  }

  clone(): PartialSolution {
    const copy = new PartialSolution();
    copy.#assignments = new Map(this.#assignments);
    copy.#queue = new Map(this.#queue);
    copy.#outdated = new Set(this.#outdated);
    copy.#order = this.#order;
    copy.#level = this.#level;
    copy.#standing = [...this.#standing];
    return copy;
  }
}

function negatedTerm(incompatibility: Incompatibility, index: number): Term {
  const term = incompatibility.terms[index];
  if (term === undefined) throw new RangeError(`no term ${index}`);
  return negateTerm(term);
}

function latestOf(satisfiers: readonly Satisfier[]): Satisfier {
  let latest = satisfiers[0];
  if (latest === undefined) throw new RangeError('an incompatibility that holds has terms');
  for (const entry of satisfiers) if (entry.order > latest.order) latest = entry;
  return latest;
}
