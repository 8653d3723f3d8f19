/** The parts of sentences about a derivation: packages, ranges, facts and conclusions (docs/solver.md, "Errors"). */
import {
  complementRange,
  compareVersions,
  isEmptyRange,
  isFullRange,
  isSubrange,
  areRangesDisjoint,
  cutAt,
  formatInterval,
  formatVersion,
  rangeIntervals,
  rangeOfIntervals,
  versionsEqual,
  type NormalizedName,
  type RangeBound,
  type RangeInterval,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import { describeProjectProblem, describeVersionProblem, type UnavailableReason } from './availability.ts';
import { rangeFromTo, shownSingleOf } from './error-ranges.ts';
import { packageKey, type ErrorFact, type ErrorTerm } from './error-tree.ts';
import { extraOfPackage, formatPackage, nameOfPackage, type SolverPackage } from './solver-package.ts';

export interface WordFacts {
  listed(name: NormalizedName): readonly Version[] | undefined;
  readonly project: NormalizedName | undefined;
  readonly workspaceMembers: ReadonlySet<NormalizedName>;
  /** As errors name it: `>=3.8`. */
  readonly targetPython: string;
  readonly currentPython: string;
  /** An example of a tag that would fit: `(e.g., `cp312`)`. */
  readonly exampleOf: (reason: UnavailableReason) => string | undefined;
}

type RangeUse = 'dependency' | 'compatibility' | 'available';

export class ErrorWords {
  readonly #facts: WordFacts;

  constructor(facts: WordFacts) {
    this.#facts = facts;
  }

  fact(fact: ErrorFact): string {
    switch (fact.kind) {
      case 'root':
        return `we are solving dependencies of ${formatPackage(fact.package)}`;
      case 'no-versions':
        return this.#noVersions(fact.package, fact.range);
      case 'unavailable':
        return this.#unavailable(fact);
      case 'dependency':
        break;
    }
    return this.#dependency(fact);
  }

  #noVersions(item: SolverPackage, range: VersionRange): string {
    const compatible = this.range(item, range, 'compatibility');
    if (item.kind === 'python') {
      return item.which === 'target'
        ? `the requested Python version (${this.#facts.targetPython}) does not satisfy ${compatible}`
        : `the current Python version (${this.#facts.currentPython}) does not satisfy ${compatible}`;
    }
    const label = formatPackage(item);
    const single = shownSingleOf(range);
    if (isFullRange(range)) return `there are no versions of ${label}`;
    if (single !== undefined) return `there is no version of ${label}==${formatVersion(single)}`;
    const rest = complementRange(range);
    const name = nameOfPackage(item);
    const listed = name === undefined ? undefined : this.#facts.listed(name);
    const available = listed === undefined ? rest : availableRange(rest, listed);
    if (isEmptyRange(available)) return `there are no versions of ${label}`;
    if (rangeIntervals(available).length === 1) return `only ${this.range(item, available, 'available')} is available`;
    return `only the following versions of ${label} ${this.range(item, available, 'available')}`;
  }

  #unavailable({ package: item, range, reason }: ErrorFact & { readonly kind: 'unavailable' }): string {
    const isUnsatisfiable = reason.scope === 'version' && reason.problem.kind === 'unsatisfiable-dependency';
    const requires = isUnsatisfiable ? this.#rootRequires(item) : undefined;
    const words =
      reason.scope === 'project'
        ? describeProjectProblem(reason.problem)
        : describeVersionProblem(reason.problem, this.#isPlural(item, range));
    if (requires !== undefined) return `${requires} ${words.replace(/^depends? on /, '')}`;
    const root = this.#root(item);
    if (root !== undefined) return `${root} cannot be used because ${words.replace(/^\S+ /, '')}`;
    if (reason.scope === 'project') return `${formatPackage(item)}${padded(' ', words, '')}`;
    const example = this.#facts.exampleOf(reason);
    const compatible = this.range(item, range, 'compatibility');
    return example === undefined
      ? `${compatible}${padded(' ', words, '')}`
      : `${compatible}${padded(' ', words, ' ')}${example}`;
  }

  #dependency({
    package: item,
    range,
    dependency,
    dependencyRange,
  }: ErrorFact & { readonly kind: 'dependency' }): string {
    const member = nameOfPackage(item) === nameOfPackage(dependency) ? this.#member(item) : undefined;
    if (member !== undefined)
      return `${member} depends on itself at an incompatible version (${this.range(dependency, dependencyRange, 'dependency')})`;
    const root = this.#root(item);
    if (isEmptyRange(dependencyRange) && root !== undefined)
      return `${root} for ${formatPackage(dependency)} cannot be satisfied`;
    const requires = this.#rootRequires(item);
    if (requires !== undefined) return `${requires} ${this.range(dependency, dependencyRange, 'dependency')}`;
    return this.#dependsOn(item, range, [this.range(dependency, dependencyRange, 'dependency')]);
  }

  #dependsOn(item: SolverPackage, range: VersionRange, dependencies: readonly string[]): string {
    const verb = this.#isPlural(item, range) ? 'depend on ' : 'depends on ';
    return `${padded('', this.range(item, range, 'compatibility'), ' ')}${verb}${joinPair(dependencies)}`;
  }

  /** Two facts in one clause; two dependencies of the same versions share their subject. */
  facts(first: ErrorFact, second: ErrorFact): string {
    if (first.kind === 'dependency' && second.kind === 'dependency') {
      const sameSubject =
        packageKey(first.package) === packageKey(second.package) &&
        isSubrange(first.range, second.range) &&
        isSubrange(second.range, first.range);
      if (sameSubject) {
        const dependencies = [first, second].map(({ dependency, dependencyRange }) =>
          this.range(dependency, dependencyRange, 'dependency'),
        );
        const requires = this.#rootRequires(first.package);
        return requires === undefined
          ? this.#dependsOn(first.package, first.range, dependencies)
          : `${requires} ${joinPair(dependencies)}`;
      }
    }
    if (this.#isRootOnProject(second)) return this.fact(first);
    if (this.#isRootOnProject(first)) return this.fact(second);
    return joinPair([this.fact(first), this.fact(second)]);
  }

  /** That the root requires the only project of the workspace goes without saying. */
  #isRootOnProject(fact: ErrorFact): boolean {
    if (fact.kind !== 'dependency' || fact.package.kind !== 'root' || this.#facts.workspaceMembers.size !== 1)
      return false;
    const { dependency } = fact;
    return (
      dependency.kind === 'project' &&
      dependency.extra === undefined &&
      this.#facts.workspaceMembers.has(dependency.name)
    );
  }

  /** What follows: `foo==1.0 cannot be used`, `your requirements are unsatisfiable`. */
  conclusion(terms: readonly ErrorTerm[]): string {
    const sorted = terms.toSorted((a, b) => (packageKey(a.package) < packageKey(b.package) ? -1 : 1));
    const [first, second, ...others] = sorted;
    if (first === undefined) return 'the requirements are unsatisfiable';
    if (second === undefined) return this.#conclusionOfOne(first);
    if (others.length === 0 && first.term.positive !== second.term.positive) {
      const [held, needed] = first.term.positive ? [first, second] : [second, first];
      return this.#dependency({
        kind: 'dependency',
        package: held.package,
        range: held.term.range,
        dependency: needed.package,
        dependencyRange: needed.term.range,
      });
    }
    const parts = sorted.map((entry) => this.#term(entry));
    return `${parts.length === 2 ? parts.join(' and ') : parts.join(', ')} are incompatible`;
  }

  #conclusionOfOne(entry: ErrorTerm): string {
    const { package: item, term } = entry;
    if (item.kind === 'root') return `${this.#root(item) ?? 'your requirements'} are unsatisfiable`;
    if (item.kind !== 'project') return `${this.#term(entry)} cannot be used`;
    const compatible = this.range(item, term.range, 'compatibility');
    if (!term.positive) return `${compatible} must be used`;
    const member = this.#member(item);
    return member === undefined ? `${compatible} cannot be used` : `${member}'s requirements are unsatisfiable`;
  }

  #term({ package: item, term }: ErrorTerm): string {
    if (term.positive) return this.range(item, term.range, 'compatibility');
    const single = shownSingleOf(term.range);
    if (single !== undefined) return `${formatPackage(item)}!=${formatVersion(single)}`;
    return this.range(item, complementRange(term.range), 'compatibility');
  }

  /** `you require`, when the package is the root. */
  #rootRequires(item: SolverPackage): string | undefined {
    if (item.kind !== 'root') return undefined;
    const { workspaceMembers, project } = this.#facts;
    if (workspaceMembers.size > 0)
      return workspaceMembers.size === 1 ? 'your project requires' : 'your workspace requires';
    return project === undefined ? 'you require' : `${project} depends on`;
  }

  #root(item: SolverPackage): string | undefined {
    if (item.kind !== 'root') return undefined;
    const { size } = this.#facts.workspaceMembers;
    if (size === 0) return 'your requirements';
    return size === 1 ? "your project's requirements" : "your workspace's requirements";
  }

  #member(item: SolverPackage): string | undefined {
    const name = nameOfPackage(item);
    if (name === undefined || item.kind === 'marker' || !this.#facts.workspaceMembers.has(name)) return undefined;
    return this.#facts.workspaceMembers.size === 1 && extraOfPackage(item) === undefined
      ? 'your project'
      : formatPackage(item);
  }

  #isPlural(item: SolverPackage, range: VersionRange): boolean {
    return this.#member(item) === undefined && isPluralRange(range);
  }

  range(item: SolverPackage, range: VersionRange, use: RangeUse): string {
    return this.#root(item) ?? this.#member(item) ?? describeRange(formatPackage(item), range, use);
  }
}

export function isPluralRange(range: VersionRange): boolean {
  return isFullRange(range) || rangeIntervals(range).length > 1;
}

const listWords: Readonly<Record<RangeUse, string>> = {
  dependency: 'one of:',
  compatibility: 'all of:',
  available: 'are available:',
};

/** `foo>=1,<2`, `all versions of foo`, or a list over several lines. */
export function describeRange(label: string, range: VersionRange, use: RangeUse): string {
  const intervals = rangeIntervals(range);
  const [only, ...others] = intervals;
  if (only === undefined) return `${label} ∅`;
  if (others.length === 0) return describeInterval(label, only, use);
  return `${listWords[use]}\n${intervals.map((interval) => `    ${describeInterval(label, interval, use)}\n`).join('')}`;
}

function describeInterval(label: string, interval: RangeInterval, use: RangeUse): string {
  if (interval.lower !== undefined || interval.upper !== undefined) return `${label}${formatInterval(interval)}`;
  return use === 'compatibility' ? `all versions of ${label}` : label;
}

function joinPair([first = '', second]: readonly string[]): string {
  return second === undefined ? first : `${padded('', first, ' ')}and${padded(' ', second, '')}`;
}

/** A text that ends (or begins) with white space, as lists do, needs none beside it. */
export function padded(left: string, text: string, right: string): string {
  const before = /^\s/.test(text) ? '' : left;
  return `${before}${text}${/\s$/.test(text) ? '' : right}`;
}

/** Ranges of what is available, with ends that exist: nobody has `foo<=1000` when the last is 10. */
function availableRange(range: VersionRange, listed: readonly Version[]): VersionRange {
  const [highest, lowest] = [listed[0], listed.at(-1)];
  if (highest === undefined || lowest === undefined) return rangeOfIntervals([]);
  const all = rangeFromTo(lowest, highest);
  if (compareVersions(lowest, highest) === 0) return all;
  const intervals = rangeIntervals(range).flatMap((interval) => {
    const segment = rangeOfIntervals([interval]);
    if (areRangesDisjoint(segment, all)) return [];
    if (!isSubrange(all, segment))
      return [{ lower: existing(interval.lower, listed, 'lower'), upper: existing(interval.upper, listed, 'upper') }];
    const [whole] = rangeIntervals(all);
    if (interval.lower === undefined) return [{ lower: undefined, upper: whole?.upper }];
    return [{ lower: whole?.lower, upper: interval.upper === undefined ? undefined : whole?.upper }];
  });
  return rangeOfIntervals(intervals);
}

/** `<=10` when there is no 10 is `<10`. */
function existing(
  bound: RangeBound | undefined,
  listed: readonly Version[],
  side: 'lower' | 'upper',
): RangeBound | undefined {
  if (bound === undefined || !bound.inclusive || listed.some((version) => versionsEqual(version, bound.version)))
    return bound;
  return { version: bound.version, inclusive: false, cut: cutAt(bound.version, side === 'lower' ? 'after' : 'before') };
}
