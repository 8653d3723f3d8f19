/**
 * Ranges are shown in terms of the versions that exist, so a conclusion may reach over versions that do not, and its
 * causes seem not to carry it. Where that happens, say that there are no such versions.
 */
import {
  complementRange,
  intersectRanges,
  isEmptyRange,
  rangeContains,
  rangeIntervals,
  uniteRanges,
  compareVersions,
  type VersionRange,
} from '@shoal/packaging';
import type { ListingFacts } from './error-reduction.ts';
import {
  concludedPackage,
  packagesIn,
  rangesExcludedBy,
  rangesReportedBy,
  rangesRequiredBy,
} from './error-statements.ts';
import { keepFact, mapTree, termIn, type ErrorStep, type ErrorTree } from './error-tree.ts';
import { nameOfPackage, type SolverPackage } from './solver-package.ts';
import { positiveTerm } from './term.ts';

interface Unlisted {
  readonly package: SolverPackage;
  readonly range: VersionRange;
}

export function restateListings(tree: ErrorTree, facts: ListingFacts): ErrorTree {
  return mapTree(tree, { fact: keepFact, step: (step) => restate(step, facts) }) ?? tree;
}

function restate(step: ErrorStep, facts: ListingFacts): ErrorTree {
  const unlisted = unlistedIn(step, facts);
  if (unlisted === undefined) return step;
  const { package: item } = unlisted;
  const [first, second] = [rangesExcludedBy(step.first, item), rangesExcludedBy(step.second, item)];
  if (isEmptyRange(first) && isEmptyRange(second)) return carryStep(step, unlisted);
  return startsLower(first, second)
    ? { ...step, first: carry(step.first, unlisted) }
    : { ...step, second: carry(step.second, unlisted) };
}

function statementOf({ package: item, range }: Unlisted): ErrorTree {
  return { kind: 'no-versions', package: item, range };
}

/** The cause that excludes versions, and that there are no others around them. */
function carry(cause: ErrorTree, unlisted: Unlisted): ErrorStep {
  const { package: item, range } = unlisted;
  const term = positiveTerm(uniteRanges(rangesExcludedBy(cause, item), range));
  return {
    kind: 'step',
    terms: [{ package: item, term }],
    shared: undefined,
    first: cause,
    second: statementOf(unlisted),
  };
}

function carryStep(step: ErrorStep, unlisted: Unlisted): ErrorStep {
  const { package: item, range } = unlisted;
  const reported = uniteRanges(rangesReportedBy(step.first, item), rangesReportedBy(step.second, item));
  const inner: ErrorStep = { ...step, shared: undefined, terms: [{ package: item, term: positiveTerm(reported) }] };
  const concluded = termIn(step.terms, item) ?? positiveTerm(range);
  return {
    kind: 'step',
    terms: [{ package: item, term: concluded }],
    shared: step.shared,
    first: inner,
    second: statementOf(unlisted),
  };
}

/** Versions that the step covers and its causes do not mention, when none of them exists. */
function unlistedIn(step: ErrorStep, facts: ListingFacts): Unlisted | undefined {
  for (const { package: item, covered, reported } of claimsOf(step)) {
    if (isEmptyRange(reported)) continue;
    const range = intersectRanges(covered, complementRange(reported));
    if (isEmptyRange(range)) continue;
    const name = nameOfPackage(item);
    const listed = name === undefined ? undefined : facts.listed(name);
    if (listed === undefined || listed.some((version) => rangeContains(range, version))) continue;
    return { package: item, range };
  }
  return undefined;
}

interface Claim {
  readonly package: SolverPackage;
  readonly covered: VersionRange;
  readonly reported: VersionRange;
}

function* claimsOf(step: ErrorStep): Generator<Claim> {
  const { first, second, terms } = step;
  const concluded = concludedPackage(terms);
  if (concluded !== undefined) {
    const { package: item, range } = concluded;
    yield {
      package: item,
      covered: range,
      reported: uniteRanges(rangesReportedBy(first, item), rangesReportedBy(second, item)),
    };
  }
  for (const item of [...packagesIn(first), ...packagesIn(second)]) {
    if (termIn(terms, item) !== undefined) continue;
    const covered = uniteRanges(rangesRequiredBy(first, item), rangesRequiredBy(second, item));
    yield {
      package: item,
      covered,
      reported: uniteRanges(rangesExcludedBy(first, item), rangesExcludedBy(second, item)),
    };
  }
}

/** An empty range starts above every other. */
function startsLower(first: VersionRange, second: VersionRange): boolean {
  if (isEmptyRange(first)) return false;
  if (isEmptyRange(second)) return true;
  const [a, b] = [rangeIntervals(first)[0]?.lower, rangeIntervals(second)[0]?.lower];
  if (a === undefined) return true;
  return b !== undefined && compareVersions(a.version, b.version) <= 0;
}
