/**
 * Incompatibilities: sets of terms that must not all hold (docs/solver.md, "Incompatibilities").
 *
 * `foo ==1` depends on `bar >=2` is the incompatibility { foo ==1, not bar >=2 }. An incompatibility without
 * terms, or about the root alone, means that there is no solution.
 */
import { emptyRange, isEmptyRange, rangesEqual, uniteRanges, type VersionRange } from '@shoal/packaging';
import type { UnavailableReason } from './availability.ts';
import type { PackageId } from './solver-package.ts';
import { anyTerm, intersectTerms, negativeTerm, positiveTerm, termsEqual, uniteTerms, type Term } from './term.ts';

export type IncompatibilityId = number;

/** Why the terms exclude each other. */
export type IncompatibilityCause =
  | { readonly kind: 'root' }
  | { readonly kind: 'no-versions' }
  | { readonly kind: 'dependency'; readonly dependent: PackageId; readonly dependency: PackageId }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason }
  | { readonly kind: 'derived'; readonly first: IncompatibilityId; readonly second: IncompatibilityId };

/** `terms[i]` is about `packages[i]`; a package occurs once. */
export interface Incompatibility {
  readonly packages: readonly PackageId[];
  readonly terms: readonly Term[];
  readonly cause: IncompatibilityCause;
}

export function rootIncompatibility(root: PackageId, range: VersionRange): Incompatibility {
  return { packages: [root], terms: [negativeTerm(range)], cause: { kind: 'root' } };
}

export function noVersionsIncompatibility(item: PackageId, range: VersionRange): Incompatibility {
  return { packages: [item], terms: [positiveTerm(range)], cause: { kind: 'no-versions' } };
}

export function unavailableIncompatibility(
  item: PackageId,
  range: VersionRange,
  reason: UnavailableReason,
): Incompatibility {
  return { packages: [item], terms: [positiveTerm(range)], cause: { kind: 'unavailable', reason } };
}

/** `dependent` in `versions` needs `dependency` in `range`. A dependency that nothing can meet leaves one term. */
export function dependencyIncompatibility(
  dependent: PackageId,
  versions: VersionRange,
  dependency: PackageId,
  range: VersionRange,
): Incompatibility {
  const cause = { kind: 'dependency', dependent, dependency } as const;
  if (isEmptyRange(range)) return { packages: [dependent], terms: [positiveTerm(versions)], cause };
  return { packages: [dependent, dependency], terms: [positiveTerm(versions), negativeTerm(range)], cause };
}

export function termOf(incompatibility: Incompatibility, item: PackageId): Term | undefined {
  const index = incompatibility.packages.indexOf(item);
  return index < 0 ? undefined : incompatibility.terms[index];
}

/** The two ranges of a dependency; an empty second one when nothing can meet it. */
export function dependencyRanges(
  incompatibility: Incompatibility,
): { readonly versions: VersionRange; readonly range: VersionRange } | undefined {
  if (incompatibility.cause.kind !== 'dependency') return undefined;
  const [versions, range] = incompatibility.terms;
  if (versions === undefined) return undefined;
  return { versions: versions.range, range: range?.range ?? emptyRange };
}

/**
 * One incompatibility for two dependencies of the same package on the same range: `foo ==1` and `foo ==2` both
 * need `bar >=2`. `undefined` when they differ.
 */
export function mergeDependents(a: Incompatibility, b: Incompatibility): Incompatibility | undefined {
  const first = dependencyRanges(a);
  const second = dependencyRanges(b);
  if (first === undefined || second === undefined || a.cause.kind !== 'dependency') return undefined;
  if (!rangesEqual(first.range, second.range)) return undefined;
  const { dependent, dependency } = a.cause;
  return dependencyIncompatibility(dependent, uniteRanges(first.versions, second.versions), dependency, first.range);
}

/** The rule of resolution over `shared`: what both together imply without it. */
export function resolveCauses(
  first: { readonly id: IncompatibilityId; readonly incompatibility: Incompatibility },
  second: { readonly id: IncompatibilityId; readonly incompatibility: Incompatibility },
  shared: PackageId,
): Incompatibility {
  const terms = new Map<PackageId, Term>();
  first.incompatibility.packages.forEach((item, index) => setTerm(terms, item, first.incompatibility.terms[index]));
  const firstShared = terms.get(shared) ?? anyTerm;
  terms.delete(shared);
  second.incompatibility.packages.forEach((item, index) => {
    const term = second.incompatibility.terms[index];
    if (item === shared || term === undefined) return;
    const before = terms.get(item);
    terms.set(item, before === undefined ? term : intersectTerms(before, term));
  });
  const united = uniteTerms(firstShared, termOf(second.incompatibility, shared) ?? anyTerm);
  if (!termsEqual(united, anyTerm)) terms.set(shared, united);
  return {
    packages: [...terms.keys()],
    terms: [...terms.values()],
    cause: { kind: 'derived', first: first.id, second: second.id },
  };
}

function setTerm(terms: Map<PackageId, Term>, item: PackageId, term: Term | undefined): void {
  if (term !== undefined) terms.set(item, term);
}
