/** What a cause states about the versions of a package. */
import { emptyRange, type VersionRange } from '@shoal/packaging';
import { isSamePackage, termIn, type ErrorTerm, type ErrorTree } from './error-tree.ts';
import type { SolverPackage } from './solver-package.ts';

/** The package a step concludes about, when it is about one alone. */
export function concludedPackage(
  terms: readonly ErrorTerm[],
): { readonly package: SolverPackage; readonly range: VersionRange } | undefined {
  const [only, ...others] = terms;
  return only === undefined || others.length > 0 || !only.term.positive
    ? undefined
    : { package: only.package, range: only.term.range };
}

export function packagesIn(tree: ErrorTree): readonly SolverPackage[] {
  if (tree.kind === 'step') return tree.terms.map((entry) => entry.package);
  return tree.kind === 'dependency' ? [tree.package, tree.dependency] : [tree.package];
}

/** Versions of the package that it says something about. */
export function rangesReportedBy(tree: ErrorTree, item: SolverPackage): VersionRange {
  if (tree.kind === 'step') {
    const term = termIn(tree.terms, item);
    return term?.positive === true ? term.range : emptyRange;
  }
  return tree.kind !== 'root' && isSamePackage(tree.package, item) ? tree.range : emptyRange;
}

/** Versions of the package of which one must be usable. */
export function rangesRequiredBy(tree: ErrorTree, item: SolverPackage): VersionRange {
  if (tree.kind === 'step') {
    const term = termIn(tree.terms, item);
    return term?.positive === false ? term.range : emptyRange;
  }
  return tree.kind === 'dependency' && isSamePackage(tree.dependency, item) ? tree.dependencyRange : emptyRange;
}

/** Versions of the package that it says cannot be used. */
export function rangesExcludedBy(tree: ErrorTree, item: SolverPackage): VersionRange {
  if (tree.kind === 'step') {
    const concluded = concludedPackage(tree.terms);
    return concluded !== undefined && isSamePackage(concluded.package, item) ? concluded.range : emptyRange;
  }
  return tree.kind === 'unavailable' && isSamePackage(tree.package, item) ? tree.range : emptyRange;
}
