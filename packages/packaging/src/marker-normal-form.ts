/**
 * Decision diagrams as clauses: a disjunction of conjunctions of comparisons.
 *
 * Lockfiles are compared by text, so each step and its order is part of the format.
 */

import { type Cover, coverDiagram } from './marker-cover.ts';
import type { Cut, Interval } from './marker-cut.ts';
import { type Diagram, type NodeRef, TRUE } from './marker-diagram.ts';
import { boundTerms, excludedPoints, textOfCut } from './marker-interval-terms.ts';
import { type Clause, sortClauses, type Term, type TermVariable } from './marker-term.ts';
import type { DiagramVariable } from './marker-variable.ts';
import { releaseTerms, versionTerms } from './marker-version-terms.ts';

/** @returns No clause where the marker never holds, nor where it always does: ask before. */
export function disjunctiveClauses(diagram: Diagram, ref: NodeRef): readonly Clause[] {
  return sortClauses([...expandCover(diagram, coverDiagram(diagram, ref), [])].filter((clause) => clause.length > 0));
}

function* expandCover(diagram: Diagram, cover: Cover, path: Clause): Generator<Clause> {
  if (cover === 'none') return;
  if (cover === 'all') {
    yield path;
    return;
  }
  for (const branch of cover) {
    for (const terms of guardTerms(diagram, branch.guard)) {
      yield* expandCover(diagram, branch.cover, [...path, ...terms]);
    }
  }
}

/** One list of terms for each separate way to meet the guard, a condition on one variable. */
function guardTerms(diagram: Diagram, guard: NodeRef): readonly Clause[] {
  if (guard === TRUE) return [[]];
  const { variable, cuts } = diagram.node(guard);
  const intervals: Interval[] = [];
  for (const [index, child] of diagram.children(guard).entries()) {
    if (child === TRUE) intervals.push({ lower: cuts[index - 1], upper: cuts[index] });
  }
  return intervalTerms(variable, intervals);
}

function intervalTerms(variable: DiagramVariable, intervals: readonly Interval[]): readonly Clause[] {
  const isYes = intervals[0]?.lower !== undefined;
  const membership = isYes ? 'in' : 'not in';
  switch (variable.kind) {
    case 'text':
      return textTerms(variable.name, intervals);
    case 'version':
      return versionTerms(variable.name, intervals);
    case 'release':
      return releaseTerms(intervals);
    case 'within':
    case 'contains': {
      const { name, value } = variable;
      return [[{ variable: name, operator: membership, value, reversed: variable.kind === 'contains' }]];
    }
    case 'extra':
      return [[{ variable: 'extra', operator: isYes ? '==' : '!=', value: variable.value, reversed: false }]];
    case 'extras':
      return [[{ variable: 'extras', operator: membership, value: variable.value, reversed: true }]];
    case 'group':
      return [[{ variable: 'dependency_groups', operator: membership, value: variable.value, reversed: true }]];
  }
}

function textTerms(variable: TermVariable, intervals: readonly Interval[]): readonly Clause[] {
  const term = (operator: string, cut: Cut): Term => ({
    variable,
    operator,
    value: textOfCut(cut),
    reversed: false,
  });
  const excluded = excludedPoints(intervals);
  return excluded === undefined
    ? intervals.map((interval) => boundTerms(interval, term))
    : [excluded.map((cut) => term('!=', cut))];
}
