/**
 * Making a derivation readable: virtual packages, repeated reasons and steps that say nothing new are taken out before
 * it is put into sentences.
 */
import {
  complementRange,
  isFullRange,
  isSubrange,
  rangeContains,
  rangesEqual,
  singleVersionRange,
  simplifyMarkerWithPython,
  uniteRanges,
  type NormalizedName,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import { reasonsEqual } from './availability.ts';
import {
  holdsOnlyLocals,
  narrowToKnown,
  narrowUnavailable,
  shownSingleOf,
  simplifyShown,
  withoutLocalPlaces,
} from './error-ranges.ts';
import { restateListings } from './error-restatement.ts';
import {
  isSamePackage,
  keepFact,
  mapTree,
  termIn,
  type ErrorFact,
  type ErrorStep,
  type ErrorTerm,
  type ErrorTree,
} from './error-tree.ts';
import { rangesReportedBy } from './error-statements.ts';
import { isProxy, nameOfPackage, type SolverPackage } from './solver-package.ts';

/** What is known of the projects in a derivation. Lists are sorted, highest first; `undefined` when never looked at. */
export interface ListingFacts {
  /** Every listed version. */
  known(name: NormalizedName): readonly Version[] | undefined;
  /** Without those that are too new. */
  listed(name: NormalizedName): readonly Version[] | undefined;
  barsPrereleases(name: NormalizedName): boolean;
  readonly requiresPython: VersionRange;
  readonly workspaceMembers: ReadonlySet<NormalizedName>;
}

export function reduceTree(tree: ErrorTree, facts: ListingFacts): ErrorTree {
  let reduced = mapOrKeep(tree, { fact: keepFact, step: dropProxySteps });
  reduced = mapOrKeep(reduced, { fact: stripFact, step: stripStep });
  reduced = mapOrKeep(reduced, { fact: (fact) => narrowFact(fact, facts), step: (step) => narrowStep(step, facts) });
  reduced = mapPackages(reduced, (item) => withSimpleMarker(item, facts.requiresPython));
  reduced = mapOrKeep(reduced, { fact: keepFact, step: (step) => dropMembersVersions(step, facts.workspaceMembers) });
  reduced = mapOrKeep(reduced, { fact: keepFact, step: mergeReasons });
  reduced = mapOrKeep(reduced, { fact: keepFact, step: dropGapsBelowDependencies });
  reduced = mapRanges(reduced, (item, range) => simplifyFor(item, range, facts));
  reduced = restateListings(reduced, facts);
  reduced = mapOrKeep(reduced, { fact: keepFact, step: dropPlainGaps });
  return dropRootOnProject(uniteGaps(reduced), facts.workspaceMembers);
}

/** That the root requires the only project of the workspace goes without saying: what follows from it is said already. */
function dropRootOnProject(tree: ErrorTree, members: ReadonlySet<NormalizedName>): ErrorTree {
  let rest = tree;
  while (members.size === 1 && rest.kind === 'step') {
    const { first, second } = rest;
    if (isRootOn(first, members)) rest = second;
    else if (first.kind !== 'dependency' && isRootOn(second, members)) rest = first;
    else break;
  }
  return rest;
}

function isRootOn(fact: ErrorTree, members: ReadonlySet<NormalizedName>): boolean {
  if (fact.kind !== 'dependency' || fact.package.kind !== 'root') return false;
  const { dependency } = fact;
  return dependency.kind === 'project' && dependency.extra === undefined && members.has(dependency.name);
}

function mapOrKeep(tree: ErrorTree, mapping: Parameters<typeof mapTree>[1]): ErrorTree {
  return mapTree(tree, mapping) ?? tree;
}

function isProxyFact(tree: ErrorTree): boolean {
  return tree.kind === 'dependency' && isProxy(tree.package);
}

function dropProxySteps(step: ErrorStep): ErrorTree | undefined {
  const [first, second] = [isProxyFact(step.first), isProxyFact(step.second)];
  if (first && second) return undefined;
  if (first) return step.second;
  return second ? step.first : step;
}

function stripFact(fact: ErrorFact): ErrorFact | undefined {
  if (fact.kind === 'root') return fact;
  if (fact.kind === 'no-versions' && holdsOnlyLocals(fact.range)) return undefined;
  if (fact.kind !== 'dependency') return { ...fact, range: withoutLocalPlaces(fact.range) };
  return { ...fact, range: withoutLocalPlaces(fact.range), dependencyRange: withoutLocalPlaces(fact.dependencyRange) };
}

function stripStep(step: ErrorStep): ErrorStep {
  return { ...step, terms: mapTerms(step.terms, (_, range) => withoutLocalPlaces(range)) };
}

function mapTerms(
  terms: readonly ErrorTerm[],
  change: (item: SolverPackage, range: VersionRange) => VersionRange,
): readonly ErrorTerm[] {
  return terms.map(({ package: item, term }) => ({
    package: item,
    term: { ...term, range: change(item, term.range) },
  }));
}

function knownOf(item: SolverPackage, facts: ListingFacts): readonly Version[] {
  const name = nameOfPackage(item);
  return (name === undefined ? undefined : facts.known(name)) ?? [];
}

/** Ranges were widened over gaps while solving: bring them back to versions that exist. */
function narrowFact(fact: ErrorFact, facts: ListingFacts): ErrorFact {
  if (fact.kind === 'root' || fact.kind === 'no-versions') return fact;
  const known = knownOf(fact.package, facts);
  const excludes = fact.kind === 'dependency' ? fact.dependency.kind === 'python' : fact.reason.scope === 'version';
  return { ...fact, range: excludes ? narrowUnavailable(fact.range, known) : narrowToKnown(fact.range, known) };
}

function narrowStep(step: ErrorStep, facts: ListingFacts): ErrorStep {
  const terms = step.terms.map((entry) => {
    const { package: item, term } = entry;
    if (!term.positive) return entry;
    return {
      package: item,
      term: { ...term, range: narrowConclusion(item, term.range, { step, known: knownOf(item, facts) }) },
    };
  });
  return { ...step, terms };
}

/** Of a project with one version, a conclusion names the version where its causes do. */
function narrowConclusion(
  item: SolverPackage,
  range: VersionRange,
  { step, known }: { readonly step: ErrorStep; readonly known: readonly Version[] },
): VersionRange {
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0 && rangeContains(range, only)) {
    const single = singleVersionRange(only);
    if (rangesEqual(uniteRanges(rangesReportedBy(step.first, item), rangesReportedBy(step.second, item)), single))
      return single;
  }
  return narrowToKnown(range, known);
}

/** Drop from markers what the supported Pythons imply anyway. */
function withSimpleMarker(item: SolverPackage, requiresPython: VersionRange): SolverPackage {
  if (item.kind === 'root' || item.kind === 'python') return item;
  return { ...item, marker: simplifyMarkerWithPython(item.marker, requiresPython) };
}

function mapPackages(tree: ErrorTree, change: (item: SolverPackage) => SolverPackage): ErrorTree {
  return mapOrKeep(tree, {
    fact: (fact) =>
      fact.kind === 'dependency'
        ? { ...fact, package: change(fact.package), dependency: change(fact.dependency) }
        : { ...fact, package: change(fact.package) },
    step: (step) => ({
      ...step,
      terms: step.terms.map(({ package: item, term }) => ({ package: change(item), term })),
    }),
  });
}

function mapRanges(tree: ErrorTree, change: (item: SolverPackage, range: VersionRange) => VersionRange): ErrorTree {
  return mapOrKeep(tree, {
    fact: (fact) => {
      if (fact.kind === 'root') return fact;
      if (fact.kind !== 'dependency') return { ...fact, range: change(fact.package, fact.range) };
      return {
        ...fact,
        range: change(fact.package, fact.range),
        dependencyRange: change(fact.dependency, fact.dependencyRange),
      };
    },
    step: (step) => ({ ...step, terms: mapTerms(step.terms, change) }),
  });
}

function simplifyFor(item: SolverPackage, range: VersionRange, facts: ListingFacts): VersionRange {
  const name = nameOfPackage(item);
  const listed = name === undefined ? undefined : facts.listed(name);
  return name === undefined || listed === undefined ? range : simplifyShown(range, listed, facts.barsPrereleases(name));
}

/** A member of the workspace has the one version it has; that is no news. */
function dropMembersVersions(step: ErrorStep, members: ReadonlySet<NormalizedName>): ErrorTree {
  const isMembers = (tree: ErrorTree): boolean => {
    if (tree.kind !== 'no-versions') return false;
    const name = nameOfPackage(tree.package);
    return name !== undefined && members.has(name);
  };
  if (isMembers(step.first)) return step.second;
  return isMembers(step.second) ? step.first : step;
}

/** Versions that cannot be used for one and the same reason are told of once. */
function mergeReasons(step: ErrorStep): ErrorTree {
  const merged = mergeInto(step.second, step.first) ?? mergeInto(step.first, step.second) ?? step;
  return merged.kind === 'step' ? (mergeSiblings(merged) ?? merged) : merged;
}

type Unavailable = ErrorFact & { readonly kind: 'unavailable' };

function mergeInto(other: ErrorTree, fact: ErrorTree): ErrorTree | undefined {
  if (fact.kind !== 'unavailable' || other.kind !== 'step') return undefined;
  const matches = (cause: ErrorTree): cause is Unavailable =>
    cause.kind === 'unavailable' &&
    isSamePackage(cause.package, fact.package) &&
    reasonsEqual(cause.reason, fact.reason);
  const isSecond = matches(other.second);
  const cause = isSecond ? other.second : other.first;
  if (!matches(cause)) return undefined;
  const merged: Unavailable = { ...fact, range: uniteRanges(cause.range, fact.range) };
  const terms = other.terms.map((entry) =>
    entry.term.positive && isSamePackage(entry.package, fact.package)
      ? { ...entry, term: { ...entry.term, range: merged.range } }
      : entry,
  );
  return isSecond ? { ...other, terms, second: merged } : { ...other, terms, first: merged };
}

function mergeSiblings(step: ErrorStep): ErrorTree | undefined {
  const { first, second, terms } = step;
  const [only, ...others] = terms;
  if (first.kind !== 'unavailable' || second.kind !== 'unavailable' || !isSamePackage(first.package, second.package))
    return undefined;
  if (only === undefined || others.length > 0 || !only.term.positive || !isSamePackage(only.package, first.package))
    return undefined;
  const range = uniteRanges(first.range, second.range);
  if (reasonsEqual(first.reason, second.reason)) return { ...first, range };
  if (isSubrange(range, only.term.range)) return undefined;
  return { ...step, terms: [{ ...only, term: { ...only.term, range: uniteRanges(only.term.range, range) } }] };
}

/** `C needs A`, `A needs B`: that A has no other versions need not be said when all that C needs of A needs B. */
function dropGapsBelowDependencies(step: ErrorStep): ErrorTree {
  if (step.first.kind === 'dependency') return { ...step, second: dropGap(step.second, step.first) };
  if (step.second.kind === 'dependency') return { ...step, first: dropGap(step.first, step.second) };
  return step;
}

function dropGap(tree: ErrorTree, above: ErrorFact & { readonly kind: 'dependency' }): ErrorTree {
  if (tree.kind !== 'step') return tree;
  const [gap, dependency] = tree.first.kind === 'no-versions' ? [tree.first, tree.second] : [tree.second, tree.first];
  if (gap.kind !== 'no-versions' || dependency.kind !== 'dependency') return tree;
  if (!isSamePackage(gap.package, dependency.dependency) || !isSamePackage(gap.package, above.package)) return tree;
  return isSubrange(above.range, dependency.dependencyRange) ? dependency : tree;
}

/** `only foo<=1 is available` adds nothing to a conclusion about all of foo, or about just that part of it. */
function dropPlainGaps(step: ErrorStep): ErrorTree {
  if (isPlainGap(step.first, step.second, step.terms)) return step.second;
  return isPlainGap(step.second, step.first, step.terms) ? step.first : step;
}

function isPlainGap(gap: ErrorTree, other: ErrorTree, terms: readonly ErrorTerm[]): boolean {
  if (gap.kind !== 'no-versions') return false;
  const term = termIn(other.kind === 'step' ? other.terms : terms, gap.package);
  if (term === undefined || !term.positive) return false;
  const rest = complementRange(gap.range);
  return shownSingleOf(rest) === undefined && (isFullRange(term.range) || rangesEqual(term.range, rest));
}

/** Two gaps that make one are told as one; that may make two of another pair. */
function uniteGaps(tree: ErrorTree): ErrorTree {
  for (let current = tree; ;) {
    const united = mapOrKeep(current, { fact: keepFact, step: uniteGap });
    if (united === current) return current;
    current = united;
  }
}

function uniteGap(step: ErrorStep): ErrorTree {
  const { first, second } = step;
  if (first.kind !== 'no-versions' || second.kind !== 'no-versions' || !isSamePackage(first.package, second.package))
    return step;
  const term = termIn(step.terms, first.package);
  if (
    term === undefined ||
    !term.positive ||
    !isSubrange(first.range, term.range) ||
    !isSubrange(second.range, term.range)
  )
    return step;
  return { ...first, range: term.range };
}
