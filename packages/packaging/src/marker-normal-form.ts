/**
 * Decision diagrams as text: a disjunction of conjunctions, in uv's spelling.
 *
 * Every path to a yes is a clause. Clauses are then shortened by what other
 * clauses already say, which removes most of what the order of variables put in;
 * it is no full minimization. Lockfiles are compared by text, so each step and
 * its order is part of the format.
 */

import type { Cut, Interval } from './marker-cut.ts';
import { type Diagram, FALSE, type NodeRef, TRUE } from './marker-diagram.ts';
import type { DiagramVariable } from './marker-variable.ts';
import { versionTerms } from './marker-version-terms.ts';

/** One comparison of a clause. */
export interface Term {
  readonly variable: TermVariable;
  readonly operator: string;
  readonly value: string;
  /** `'value' in variable` instead of `variable in 'value'`. */
  readonly reversed: boolean;
}

export type Clause = readonly Term[];

/** The order of terms in a clause, and of clauses. */
const TERM_ORDER = [
  'implementation_version',
  'python_full_version',
  'implementation_name',
  'os_name',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'sys_platform',
  'extras',
  'dependency_groups',
  'extra',
] as const;

type TermVariable = (typeof TERM_ORDER)[number];

const OPPOSITE: ReadonlyMap<string, string> = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['<=', '>'],
  ['>', '<='],
  ['in', 'not in'],
  ['not in', 'in'],
]);

/** @returns No clause for {@link FALSE}; for {@link TRUE} none either, so ask before. */
export function disjunctiveClauses(diagram: Diagram, ref: NodeRef): readonly Clause[] {
  const clauses: Clause[] = [];
  collectClauses(diagram, ref, { path: [], clauses });
  return sortClauses(withoutRepeatedClauses(withoutImpliedTerms(clauses)));
}

/** @returns `undefined` for a marker that always holds; the impossible `python_version < '0'` for one that never does. */
export function formatDiagram(diagram: Diagram, ref: NodeRef): string | undefined {
  if (ref === TRUE) return undefined;
  if (ref === FALSE) return "python_version < '0'";
  const clauses = disjunctiveClauses(diagram, ref);
  const texts = clauses.map((clause) => clause.map(formatTerm).join(' and '));
  if (texts.length === 1) return texts[0];
  return texts.map((text, index) => (clauses[index]?.length === 1 ? text : `(${text})`)).join(' or ');
}

function formatTerm({ variable, operator, value, reversed }: Term): string {
  const quote = value.includes("'") ? '"' : "'";
  const quoted = `${quote}${value}${quote}`;
  return reversed ? `${quoted} ${operator} ${variable}` : `${variable} ${operator} ${quoted}`;
}

function collectClauses(diagram: Diagram, ref: NodeRef, into: { path: readonly Term[]; clauses: Clause[] }): void {
  const { path, clauses } = into;
  if (ref === FALSE) return;
  if (ref === TRUE) {
    if (path.length > 0) clauses.push(path);
    return;
  }
  const { variable } = diagram.node(ref);
  for (const [child, intervals] of branches(diagram, ref)) {
    for (const terms of branchTerms(variable, intervals)) {
      collectClauses(diagram, child, { path: [...path, ...terms], clauses });
    }
  }
}

/** The children of a node, each with all the intervals that lead to it. */
export function branches(diagram: Diagram, ref: NodeRef): Map<NodeRef, Interval[]> {
  const { cuts } = diagram.node(ref);
  const found = new Map<NodeRef, Interval[]>();
  for (const [index, child] of diagram.children(ref).entries()) {
    const interval = { lower: cuts[index - 1], upper: cuts[index] };
    const intervals = found.get(child);
    if (intervals === undefined) found.set(child, [interval]);
    else intervals.push(interval);
  }
  return found;
}

/** One list of terms for each path that the intervals make. */
function branchTerms(variable: DiagramVariable, intervals: readonly Interval[]): Term[][] {
  switch (variable.kind) {
    case 'text':
      return textTerms(variable.name, intervals);
    case 'version':
      return versionTerms(variable.name, intervals);
    case 'within':
    case 'contains':
      return [
        [
          truthTerm(variable.name, variable.value, {
            intervals,
            operators: ['in', 'not in'],
            reversed: variable.kind === 'contains',
          }),
        ],
      ];
    case 'extra':
      return [[truthTerm('extra', variable.value, { intervals, operators: ['==', '!='], reversed: false })]];
    case 'extras':
    case 'group': {
      const list = variable.kind === 'extras' ? 'extras' : 'dependency_groups';
      return [[truthTerm(list, variable.value, { intervals, operators: ['in', 'not in'], reversed: true })]];
    }
  }
}

function truthTerm(
  variable: TermVariable,
  value: string,
  {
    intervals,
    operators,
    reversed,
  }: { intervals: readonly Interval[]; operators: [string, string]; reversed: boolean },
): Term {
  const isYes = intervals[0]?.lower !== undefined;
  return { variable, operator: operators[isYes ? 0 : 1], value, reversed };
}

function textTerms(variable: TermVariable, intervals: readonly Interval[]): Term[][] {
  const excluded = excludedPoints(intervals);
  if (excluded !== undefined) {
    return [excluded.map((cut) => ({ variable, operator: '!=', value: String(cut.value), reversed: false }))];
  }
  return intervals.map(({ lower, upper }) => {
    const term = (operator: string, cut: Cut): Term => ({
      variable,
      operator,
      value: String(cut.value),
      reversed: false,
    });
    if (lower !== undefined && lower.value === upper?.value) return [term('==', lower)];
    const terms: Term[] = [];
    if (lower !== undefined) terms.push(term(lower.isAfter ? '>' : '>=', lower));
    if (upper !== undefined) terms.push(term(upper.isAfter ? '<=' : '<', upper));
    return terms;
  });
}

/** The points left out of a line that is otherwise whole, or `undefined` when more is left out. */
export function excludedPoints(intervals: readonly Interval[]): readonly Cut[] | undefined {
  if (intervals[0]?.lower !== undefined || intervals.at(-1)?.upper !== undefined) return undefined;
  const points: Cut[] = [];
  for (const [index, { upper }] of intervals.slice(0, -1).entries()) {
    const next = intervals[index + 1]?.lower;
    if (upper === undefined || next === undefined) return undefined;
    if (upper.isAfter || !next.isAfter || upper.key.slice(1) !== next.key.slice(1)) return undefined;
    points.push(upper);
  }
  return points;
}

function isSame(left: Term, right: Term): boolean {
  return left.operator === right.operator && isSameQuestion(left, right);
}

function isSameQuestion(left: Term, right: Term): boolean {
  return left.variable === right.variable && left.value === right.value && left.reversed === right.reversed;
}

function isOpposite(left: Term, right: Term): boolean {
  return OPPOSITE.get(left.operator) === right.operator && isSameQuestion(left, right);
}

/** `a or (not a and b)` is `a or b`: drop a term when another clause settles the case in which it fails. */
function withoutImpliedTerms(clauses: readonly Clause[]): readonly Clause[] {
  const shortened = [...clauses];
  for (const [index, clause] of clauses.entries()) {
    let kept = clause;
    for (const term of clause) {
      const isImplied = shortened.some(
        (other, otherIndex) => otherIndex !== index && coversFailure(other, { term, kept }),
      );
      if (isImplied) kept = kept.filter((candidate) => candidate !== term);
    }
    shortened[index] = kept;
  }
  return shortened;
}

/** Whether `other` holds whenever the terms of `kept` do, but `term` does not. */
function coversFailure(other: Clause, { term, kept }: { term: Term; kept: Clause }): boolean {
  return other.every(
    (candidate) =>
      !isSame(candidate, term) && (isOpposite(candidate, term) || kept.some((present) => isSame(present, candidate))),
  );
}

/** Drop clauses that say all that another one says, and more. */
function withoutRepeatedClauses(clauses: readonly Clause[]): readonly Clause[] {
  const dropped = new Set<Clause>();
  for (const clause of clauses) {
    const isRepeated = clauses.some(
      (other) =>
        other !== clause &&
        !dropped.has(other) &&
        other.every((term) => clause.some((present) => isSame(present, term))),
    );
    if (isRepeated) dropped.add(clause);
  }
  return clauses.filter((clause) => !dropped.has(clause));
}

function sortClauses(clauses: readonly Clause[]): readonly Clause[] {
  const sorted = clauses.map((clause) => clause.toSorted((a, b) => rank(a) - rank(b)));
  return sorted.toSorted((left, right) => {
    for (const [index, term] of left.entries()) {
      const other = right[index];
      if (other === undefined) return 1;
      if (rank(term) !== rank(other)) return rank(term) - rank(other);
    }
    return left.length - right.length;
  });
}

function rank(term: Term): number {
  return TERM_ORDER.indexOf(term.variable);
}
