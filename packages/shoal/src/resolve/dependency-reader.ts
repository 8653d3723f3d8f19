/**
 * From the requirements of a version to dependencies of the solver: overrides, excludes, constraints and extras
 * applied, those that cannot matter in the fork left out (docs/solver.md, "Dependencies of a version").
 */
import {
  andMarkers,
  areMarkersDisjoint,
  evaluateMarker,
  fullRange,
  isEmptyRange,
  isFalseMarker,
  isTrueMarker,
  markerKey,
  notMarker,
  rangeOfSpecifierSet,
  simplifyMarkerExtras,
  simplifyMarkerNotExtras,
  trueMarker,
  withoutExtras,
  type Marker,
  type NormalizedName,
  type Requirement,
  type SpecifierSet,
  type VersionRange,
} from '@shoal/packaging';
import { includesMarker, meetsMarker, type ForkEnvironment } from './fork-environment.ts';
import type { Manifest } from './manifest.ts';
import type { SolverPackage } from './solver-package.ts';

/** An edge of the graph being solved. */
export interface Dependency {
  readonly package: SolverPackage;
  readonly range: VersionRange;
  readonly url: string | undefined;
}

/** The dependencies, or a requirement whose specifiers no version can meet. */
export type DependencyList =
  | { readonly kind: 'dependencies'; readonly dependencies: readonly Dependency[] }
  | { readonly kind: 'unsatisfiable'; readonly requirement: Requirement };

/** The fork that asks, and its Python as a marker. */
export interface ReadingScope {
  readonly environment: ForkEnvironment;
  readonly pythonMarker: Marker;
}

interface Applied {
  readonly requirement: Requirement;
  readonly marker: Marker;
}

export class DependencyReader {
  readonly #manifest: Manifest;
  /** What is left of a marker for an extra; the same markers recur in every version of a project. */
  readonly #activated: Map<string, Marker> = new Map();
  readonly #relevant: WeakMap<ReadingScope, Map<number, boolean>> = new WeakMap();
  readonly #ranges: WeakMap<SpecifierSet, VersionRange> = new WeakMap();

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  readRoot(scope: ReadingScope): DependencyList {
    return this.#toDependencies(this.#forExtra(this.#manifest.userRequirements, undefined, scope));
  }

  /** What `name` (or its extra) at some version requires. */
  readVersion(
    requirements: readonly Requirement[],
    item: { readonly name: NormalizedName; readonly extra: NormalizedName | undefined },
    scope: ReadingScope,
  ): DependencyList {
    const overridden = this.#manifest.override(requirements);
    const recursive = overridden.some((requirement) => requirement.name === item.name && requirement.extras.length > 0);
    if (!recursive) return this.#toDependencies(this.#forExtra(overridden, item.extra, scope));
    return this.#toDependencies(this.#flatten(overridden, item, scope));
  }

  /** `black[d]` may require `black[colorama]`: take in what that requires, instead of the virtual package. */
  #flatten(
    requirements: readonly Requirement[],
    { name, extra }: { readonly name: NormalizedName; readonly extra: NormalizedName | undefined },
    scope: ReadingScope,
  ): readonly Applied[] {
    const found = [...this.#forExtra(requirements, extra, scope)];
    const queue = found.flatMap((entry) => extrasOfSelf(entry, name));
    const seen = new Set<string>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const key = `${next.extra} ${markerKey(next.marker)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const { extra: included, marker } = next;
      for (const entry of this.#forExtra(requirements, included, scope)) {
        const joint = simplifyMarkerExtras(andMarkers(entry.marker, marker), new Set([included]));
        if (!this.#isRelevant(joint, scope)) continue;
        const applied = { requirement: entry.requirement, marker: joint };
        queue.push(...extrasOfSelf(applied, name));
        found.push(applied);
      }
    }
    return withoutSelf(found, name);
  }

  #forExtra(
    requirements: readonly Requirement[],
    extra: NormalizedName | undefined,
    scope: ReadingScope,
  ): readonly Applied[] {
    const applied: Applied[] = [];
    for (const requirement of requirements) {
      if (this.#manifest.excludes(requirement.name)) continue;
      const marker = this.#activate(requirement.marker, extra);
      if (!this.#isRelevant(marker, scope)) continue;
      applied.push({ requirement, marker });
      for (const constraint of this.#manifest.constraintsOf(requirement.name)) {
        const joint = this.#constrain(constraint, marker, { extra, scope });
        if (joint !== undefined) applied.push({ requirement: constraint, marker: joint });
      }
    }
    return applied;
  }

  /** `a; x or extra == 'e'` is `a; x` without an extra, and `a; not x` more with the extra `e`. */
  #activate(marker: Marker | undefined, extra: NormalizedName | undefined): Marker {
    if (marker === undefined) return extra === undefined ? trueMarker : notMarker(trueMarker);
    const key = `${markerKey(marker)} ${extra ?? ''}`;
    const known = this.#activated.get(key);
    if (known !== undefined) return known;
    const always = simplifyMarkerNotExtras(marker);
    const active = extra === undefined ? always : andMarkers(activeWith(marker, extra), notMarker(always));
    this.#activated.set(key, active);
    return active;
  }

  #isRelevant(marker: Marker, scope: ReadingScope): boolean {
    if (isTrueMarker(marker)) return true;
    if (isFalseMarker(marker)) return false;
    const memory = this.#memoryOf(scope);
    const key = markerKey(marker);
    const known = memory.get(key);
    if (known !== undefined) return known;
    const relevant =
      meetsMarker(scope.environment, marker) &&
      !areMarkersDisjoint(scope.pythonMarker, marker) &&
      includesMarker(scope.environment, marker);
    memory.set(key, relevant);
    return relevant;
  }

  #memoryOf(scope: ReadingScope): Map<number, boolean> {
    const known = this.#relevant.get(scope);
    if (known !== undefined) return known;
    const memory = new Map<number, boolean>();
    this.#relevant.set(scope, memory);
    return memory;
  }

  /** The marker under which a constraint bears on a requirement; `undefined` when it does not. */
  #constrain(
    constraint: Requirement,
    marker: Marker,
    { extra, scope }: { readonly extra: NormalizedName | undefined; readonly scope: ReadingScope },
  ): Marker | undefined {
    const own = this.#manifest.markerOf(constraint);
    const joint = andMarkers(own, marker);
    if (isFalseMarker(joint)) return undefined;
    if (!isTrueMarker(own) && areMarkersDisjoint(scope.pythonMarker, joint)) return undefined;
    if (!includesMarker(scope.environment, joint)) return undefined;
    if (scope.environment.kind === 'specific') {
      const extras = extra === undefined ? undefined : new Set([extra]);
      if (!evaluateMarker(joint, scope.environment.markers, extras)) return undefined;
    }
    return joint;
  }

  #toDependencies(applied: readonly Applied[]): DependencyList {
    const dependencies: Dependency[] = [];
    for (const entry of applied) {
      const range = this.#rangeOf(entry.requirement);
      if (isEmptyRange(range)) return { kind: 'unsatisfiable', requirement: entry.requirement };
      const common = { range, url: entry.requirement.url };
      for (const item of packagesOf(entry)) dependencies.push({ ...common, package: item });
    }
    return { kind: 'dependencies', dependencies };
  }

  #rangeOf(requirement: Requirement): VersionRange {
    if (requirement.url !== undefined) return fullRange;
    const known = this.#ranges.get(requirement.specifiers);
    if (known !== undefined) return known;
    const range = rangeOfSpecifierSet(requirement.specifiers);
    this.#ranges.set(requirement.specifiers, range);
    return range;
  }
}

function activeWith(marker: Marker, extra: NormalizedName): Marker {
  return simplifyMarkerNotExtras(simplifyMarkerExtras(marker, new Set([extra])));
}

interface IncludedExtra {
  readonly extra: NormalizedName;
  readonly marker: Marker;
}

function extrasOfSelf({ requirement, marker }: Applied, name: NormalizedName): readonly IncludedExtra[] {
  return requirement.name === name ? requirement.extras.map((extra) => ({ extra, marker })) : [];
}

/** Self-requirements have been taken in; only what they say of the version stays: `black[d]>1` is `black>1`. */
function withoutSelf(applied: readonly Applied[], name: NormalizedName): readonly Applied[] {
  const isSelf = ({ requirement }: Applied): boolean => requirement.name === name && requirement.extras.length > 0;
  const constraints = applied
    .filter(
      (entry) =>
        isSelf(entry) && (entry.requirement.url !== undefined || entry.requirement.specifiers.specifiers.length > 0),
    )
    .map((entry) => ({ ...entry, requirement: { ...entry.requirement, extras: [] } }));
  return [...applied.filter((entry) => !isSelf(entry)), ...constraints];
}

function packagesOf({ requirement, marker: applied }: Applied): readonly SolverPackage[] {
  const { name, extras } = requirement;
  const marker = withoutExtras(applied);
  if (extras.length > 0) return extras.map((extra) => ({ kind: 'extra', name, extra, marker }));
  if (isTrueMarker(marker)) return [{ kind: 'project', name, extra: undefined, marker }];
  return [{ kind: 'marker', name, marker }];
}
