/** The comparisons that a simplified marker is written with. */

/** In the order of terms in a clause, and of clauses. */
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

export type TermVariable = (typeof TERM_ORDER)[number];

export interface Term {
  readonly variable: TermVariable;
  readonly operator: string;
  readonly value: string;
  /** `'value' in variable` instead of `variable in 'value'`. */
  readonly reversed: boolean;
}

/** All of its terms have to hold. */
export type Clause = readonly Term[];

/** In double quotes only where the value holds a single one. */
export function formatTerm({ variable, operator, value, reversed }: Term): string {
  const quote = value.includes("'") ? '"' : "'";
  const quoted = `${quote}${value}${quote}`;
  return reversed ? `${quoted} ${operator} ${variable}` : `${variable} ${operator} ${quoted}`;
}

/** Terms in order in each clause, then the clauses by the variables they ask for; what is equal keeps its place. */
export function sortClauses(clauses: readonly Clause[]): readonly Clause[] {
  return clauses.map((clause) => clause.toSorted((a, b) => rank(a) - rank(b))).toSorted(compareClauses);
}

function compareClauses(left: Clause, right: Clause): number {
  for (const [index, term] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (rank(term) !== rank(other)) return rank(term) - rank(other);
  }
  return left.length - right.length;
}

function rank(term: Term): number {
  return TERM_ORDER.indexOf(term.variable);
}
