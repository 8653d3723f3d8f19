/**
 * The derivation behind a failure, as a tree of facts and what follows from two of them (docs/solver.md, "Errors").
 *
 * Trees share nodes and can be thousands of steps deep: nothing here recurses, and every node is mapped once.
 */
import { markerKey, type VersionRange } from '@shoal/packaging';
import type { UnavailableReason } from './availability.ts';
import { dependencyRanges, type Incompatibility, type IncompatibilityId } from './incompatibility.ts';
import { extraOfPackage, markerOfPackage, nameOfPackage, type SolverPackage } from './solver-package.ts';
import type { SolverState } from './solver-state.ts';
import type { Term } from './term.ts';

export type ErrorFact =
  | { readonly kind: 'root'; readonly package: SolverPackage }
  | { readonly kind: 'no-versions'; readonly package: SolverPackage; readonly range: VersionRange }
  | {
      readonly kind: 'unavailable';
      readonly package: SolverPackage;
      readonly range: VersionRange;
      readonly reason: UnavailableReason;
    }
  | {
      readonly kind: 'dependency';
      readonly package: SolverPackage;
      readonly range: VersionRange;
      readonly dependency: SolverPackage;
      readonly dependencyRange: VersionRange;
    };

export interface ErrorTerm {
  readonly package: SolverPackage;
  readonly term: Term;
}

export interface ErrorStep {
  readonly kind: 'step';
  /** What cannot hold together, because of `first` and `second`. */
  readonly terms: readonly ErrorTerm[];
  /** Set when several steps build on this one: it is then referred to by number. */
  readonly shared: IncompatibilityId | undefined;
  readonly first: ErrorTree;
  readonly second: ErrorTree;
}

export type ErrorTree = ErrorFact | ErrorStep;

/** Equal for equal packages. */
export function packageKey(item: SolverPackage): string {
  const marker = item.kind === 'root' || item.kind === 'python' ? '' : markerKey(markerOfPackage(item));
  const which = item.kind === 'python' ? item.which : '';
  return `${rankOf(item)}${nameOfPackage(item) ?? ''} ${extraOfPackage(item) ?? ''} ${marker}${which}`;
}

/** Order in which packages are named in one sentence. */
function rankOf(item: SolverPackage): number {
  return ['root', 'python', 'project', 'extra', 'marker'].indexOf(item.kind);
}

export function isSamePackage(a: SolverPackage, b: SolverPackage): boolean {
  return a === b || packageKey(a) === packageKey(b);
}

/** The derivation of an incompatibility. */
export function treeOf(terminal: IncompatibilityId, state: SolverState): ErrorTree {
  const ids = idsBehind(terminal, state);
  const trees = new Map<IncompatibilityId, ErrorTree>();
  for (const id of [...ids.keys()].toSorted((a, b) => a - b)) {
    const incompatibility = state.incompatibility(id);
    const { cause } = incompatibility;
    if (cause.kind !== 'derived') trees.set(id, factOf(incompatibility, state));
    else {
      const [first, second] = [trees.get(cause.first), trees.get(cause.second)];
      if (first === undefined || second === undefined)
        throw new RangeError('causes are older than what follows from them');
      trees.set(id, {
        kind: 'step',
        terms: termsOf(incompatibility, state),
        shared: (ids.get(id) ?? 0) > 1 ? id : undefined,
        first,
        second,
      });
    }
  }
  const tree = trees.get(terminal);
  if (tree === undefined) throw new RangeError(`no incompatibility ${terminal}`);
  return tree;
}

/** Everything an incompatibility is derived from, with the number of times it is used. */
function idsBehind(terminal: IncompatibilityId, state: SolverState): ReadonlyMap<IncompatibilityId, number> {
  const uses = new Map<IncompatibilityId, number>();
  const stack = [terminal];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const count = (uses.get(id) ?? 0) + 1;
    uses.set(id, count);
    const { cause } = state.incompatibility(id);
    if (count === 1 && cause.kind === 'derived') stack.push(cause.first, cause.second);
  }
  return uses;
}

function termsOf(incompatibility: Incompatibility, state: SolverState): readonly ErrorTerm[] {
  return incompatibility.packages.flatMap((item, index) => {
    const term = incompatibility.terms[index];
    return term === undefined ? [] : [{ package: state.packages.get(item), term }];
  });
}

function factOf(incompatibility: Incompatibility, state: SolverState): ErrorFact {
  const { cause } = incompatibility;
  const [{ package: item, term } = { package: { kind: 'root' } as const, term: undefined }] = termsOf(
    incompatibility,
    state,
  );
  const ranges = dependencyRanges(incompatibility);
  if (cause.kind === 'dependency' && ranges !== undefined) {
    const dependency = state.packages.get(cause.dependency);
    return {
      kind: 'dependency',
      package: state.packages.get(cause.dependent),
      range: ranges.versions,
      dependency,
      dependencyRange: ranges.range,
    };
  }
  if (term === undefined || cause.kind === 'root') return { kind: 'root', package: item };
  if (cause.kind === 'unavailable')
    return { kind: 'unavailable', package: item, range: term.range, reason: cause.reason };
  return { kind: 'no-versions', package: item, range: term.range };
}

export interface TreeMapping {
  /** `undefined` drops the fact: the step above becomes its other cause. */
  readonly fact: (fact: ErrorFact) => ErrorTree | undefined;
  /** Called when both causes are still there. */
  readonly step: (step: ErrorStep) => ErrorTree | undefined;
}

/** Rebuild a tree from its leaves up. The whole tree is dropped only if every fact is. */
export function mapTree(tree: ErrorTree, mapping: TreeMapping): ErrorTree | undefined {
  const mapped = new Map<ErrorTree, ErrorTree | undefined>();
  const stack: ErrorTree[] = [tree];
  for (let current = stack.at(-1); current !== undefined; current = stack.at(-1)) {
    if (mapped.has(current)) stack.pop();
    else if (current.kind !== 'step') mapped.set(current, mapping.fact(current));
    else if (!mapped.has(current.first) || !mapped.has(current.second)) {
      if (!mapped.has(current.second)) stack.push(current.second);
      if (!mapped.has(current.first)) stack.push(current.first);
    } else mapped.set(current, mapStep(current, mapping, mapped));
  }
  return mapped.get(tree);
}

function mapStep(
  step: ErrorStep,
  mapping: TreeMapping,
  mapped: ReadonlyMap<ErrorTree, ErrorTree | undefined>,
): ErrorTree | undefined {
  const [first, second] = [mapped.get(step.first), mapped.get(step.second)];
  if (first === undefined || second === undefined) return first ?? second;
  return mapping.step(first === step.first && second === step.second ? step : { ...step, first, second });
}

/** All facts of a tree, each once, in the order a reader meets them. */
export function* factsOf(tree: ErrorTree): Generator<ErrorFact> {
  const seen = new Set<ErrorTree>();
  const stack: ErrorTree[] = [tree];
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    if (seen.has(current)) continue;
    seen.add(current);
    if (current.kind === 'step') stack.push(current.second, current.first);
    else yield current;
  }
}

export function keepFact(fact: ErrorFact): ErrorFact {
  return fact;
}

/** What the step says of a package. */
export function termIn(terms: readonly ErrorTerm[], item: SolverPackage): Term | undefined {
  return terms.find((entry) => isSamePackage(entry.package, item))?.term;
}
