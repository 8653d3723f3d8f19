/**
 * Clauses as text, with what they share written once.
 *
 * Clauses that begin alike are one group, and groups that go on alike are one
 * product: `a and x or a and y or b and x or b and y` is `(a or b) and (x or y)`.
 * Where nothing is shared, each clause of several terms is in parentheses.
 */

import { type Clause, formatTerm } from './marker-term.ts';

/** Clauses with a common beginning, and what comes after it in each. */
interface Group {
  readonly prefix: readonly string[];
  /** Empty when one clause is the prefix alone, which says all that the others do. */
  readonly suffixes: readonly (readonly string[])[];
}

/** @param clauses At least one, in order. */
export function formatClauses(clauses: readonly Clause[]): string {
  const texts = clauses.map((clause) => clause.map(formatTerm));
  const groups = groupByFirst(texts);
  const products = new Map<string, { suffixes: Group['suffixes']; prefixes: Group['prefix'][] }>();
  for (const { prefix, suffixes } of groups) {
    const key = JSON.stringify(suffixes);
    const product = products.get(key);
    if (product === undefined) products.set(key, { suffixes, prefixes: [prefix] });
    else product.prefixes.push(prefix);
  }
  const shared = [...products.values()].some(({ suffixes, prefixes }) => suffixes.length > 0 && prefixes.length > 1);
  if (groups.length === texts.length && !shared) return formatDisjunction(texts);
  return [...products.values()]
    .map(({ suffixes, prefixes }) =>
      suffixes.length === 0 ? formatDisjunction(prefixes) : `${formatFactor(prefixes)} and ${formatFactor(suffixes)}`,
    )
    .join(' or ');
}

function groupByFirst(clauses: readonly (readonly string[])[]): readonly Group[] {
  const byFirst = new Map<string, (readonly string[])[]>();
  for (const clause of clauses) {
    const [first = ''] = clause;
    const group = byFirst.get(first);
    if (group === undefined) byFirst.set(first, [clause]);
    else group.push(clause);
  }
  return [...byFirst.values()].map(splitGroup);
}

function splitGroup(clauses: readonly (readonly string[])[]): Group {
  const [first = [], ...others] = clauses;
  const length = others.length === 0 ? 1 : Math.min(...others.map((other) => commonLength(first, other)));
  const suffixes = clauses.map((clause) => clause.slice(length));
  return { prefix: first.slice(0, length), suffixes: suffixes.some((suffix) => suffix.length === 0) ? [] : suffixes };
}

function commonLength(left: readonly string[], right: readonly string[]): number {
  const length = left.findIndex((term, index) => term !== right[index]);
  return length < 0 ? left.length : length;
}

function formatFactor(clauses: readonly (readonly string[])[]): string {
  const text = formatDisjunction(clauses);
  return clauses.length === 1 ? text : `(${text})`;
}

function formatDisjunction(clauses: readonly (readonly string[])[]): string {
  const texts = clauses.map((terms) => terms.join(' and '));
  return texts
    .map((text, index) => ((clauses[index]?.length ?? 0) > 1 && texts.length > 1 ? `(${text})` : text))
    .join(' or ');
}
