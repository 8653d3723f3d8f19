/**
 * Terms: statements about the version of one package, the unit of the algorithm (docs/solver.md, "Terms").
 *
 * A positive term `foo >=1` holds when some version in the range is chosen. A negative term `not foo >=1`
 * also holds when foo is not chosen at all.
 */
import {
  areRangesDisjoint,
  complementRange,
  emptyRange,
  intersectRanges,
  isEmptyRange,
  isSubrange,
  rangesEqual,
  uniteRanges,
  type VersionRange,
} from '@shoal/packaging';

export interface Term {
  readonly positive: boolean;
  readonly range: VersionRange;
}

/** What is known (`other`) makes a term certain, impossible, or leaves it open. */
export type TermRelation = 'satisfied' | 'contradicted' | 'inconclusive';

/** The term that always holds: not (no version). */
export const anyTerm: Term = { positive: false, range: emptyRange };

export function positiveTerm(range: VersionRange): Term {
  return { positive: true, range };
}

export function negativeTerm(range: VersionRange): Term {
  return { positive: false, range };
}

export function negateTerm(term: Term): Term {
  return { positive: !term.positive, range: term.range };
}

/** Both hold: `foo >=1` and `not foo >=2` is `foo >=1,<2`. */
export function intersectTerms(a: Term, b: Term): Term {
  if (a.positive && b.positive) return positiveTerm(intersectRanges(a.range, b.range));
  if (!a.positive && !b.positive) return negativeTerm(uniteRanges(a.range, b.range));
  const [held, barred] = a.positive ? [a, b] : [b, a];
  return positiveTerm(intersectRanges(held.range, complementRange(barred.range)));
}

/** At least one holds: `foo >=2` or `not foo >=1` is `not foo >=1,<2`. */
export function uniteTerms(a: Term, b: Term): Term {
  if (a.positive && b.positive) return positiveTerm(uniteRanges(a.range, b.range));
  if (!a.positive && !b.positive) return negativeTerm(intersectRanges(a.range, b.range));
  const [held, barred] = a.positive ? [a, b] : [b, a];
  return negativeTerm(intersectRanges(barred.range, complementRange(held.range)));
}

/** They cannot both hold. Two negative terms always can: the package may be absent. */
export function areTermsDisjoint(a: Term, b: Term): boolean {
  if (a.positive && b.positive) return areRangesDisjoint(a.range, b.range);
  if (!a.positive && !b.positive) return false;
  const [held, barred] = a.positive ? [a, b] : [b, a];
  return isSubrange(held.range, barred.range);
}

export function termsEqual(a: Term, b: Term): boolean {
  return a.positive === b.positive && rangesEqual(a.range, b.range);
}

/** How `term` stands when `known` is everything known of the package. */
export function relateTerm(term: Term, known: Term): TermRelation {
  if (term.positive)
    return known.positive ? relateHeld(term.range, known.range) : relateToBarred(term.range, known.range);
  if (!known.positive) return isSubrange(term.range, known.range) ? 'satisfied' : 'inconclusive';
  if (isEmptyRange(known.range)) return 'satisfied';
  const relation = relateHeld(term.range, known.range);
  if (relation === 'inconclusive') return relation;
  return relation === 'satisfied' ? 'contradicted' : 'satisfied';
}

function relateHeld(range: VersionRange, known: VersionRange): TermRelation {
  if (isSubrange(known, range)) return 'satisfied';
  return areRangesDisjoint(known, range) ? 'contradicted' : 'inconclusive';
}

function relateToBarred(range: VersionRange, barred: VersionRange): TermRelation {
  return isSubrange(range, barred) ? 'contradicted' : 'inconclusive';
}
