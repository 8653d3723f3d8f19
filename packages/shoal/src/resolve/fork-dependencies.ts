/**
 * When the dependencies of one version contradict each other on different platforms, the resolution goes on in
 * several forks, one for each part of the world (docs/solver.md, "Forks").
 *
 * A name that is required once never forks, even under a marker: that keeps lockfiles small. The exception is a marker
 * that raises the minimum of Python, as what it asks for may not exist for older ones.
 */
import {
  andMarkers,
  areMarkersDisjoint,
  isTrueMarker,
  markersEqual,
  notMarker,
  rangeIntervals,
  type Marker,
  type NormalizedName,
} from '@shoal/packaging';
import type { Dependency } from './dependency-reader.ts';
import {
  includesMarker,
  narrowEnvironment,
  pythonOfEnvironment,
  pythonOfMarker,
  type ForkEnvironment,
} from './fork-environment.ts';
import type { ForkState } from './fork-state.ts';
import { compareLowerBounds } from './python-bounds.ts';
import type { ForkStrategy, ResolutionMode } from './resolve-input.ts';
import { markerOfPackage, nameOfPackage } from './solver-package.ts';

/** A part of the world and what the version depends on there. */
export interface DependencyFork {
  readonly environment: ForkEnvironment;
  readonly dependencies: readonly Dependency[];
}

/** One fork when the dependencies agree everywhere; none when no part of the world is left. */
export function forkDependencies(dependencies: readonly Dependency[], state: ForkState): readonly DependencyFork[] {
  let forks: readonly DependencyFork[] = [{ environment: state.environment, dependencies: [] }];
  for (const group of groupByName(dependencies)) {
    if (agrees(group, state)) forks = forks.map((fork) => withDependencies(fork, group));
    else for (const dependency of group) forks = splitBy(forks, dependency, state);
  }
  return forks;
}

/** Groups in the order of names, as forks are numbered by it. */
function groupByName(dependencies: readonly Dependency[]): readonly (readonly Dependency[])[] {
  const groups = new Map<NormalizedName, Dependency[]>();
  for (const dependency of dependencies) {
    const name = nameOfPackage(dependency.package);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [dependency]);
    else group.push(dependency);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** All under the same marker, and that does not raise the minimum of Python. */
function agrees(group: readonly Dependency[], state: ForkState): boolean {
  const [first, ...others] = group.map((dependency) => markerOfPackage(dependency.package));
  if (first === undefined || !others.every((marker) => markersEqual(marker, first))) return false;
  const bounds = pythonOfMarker(first);
  return bounds === undefined || compareLowerBounds(bounds.lower, state.python.lower) <= 0;
}

function withDependencies(fork: DependencyFork, group: readonly Dependency[]): DependencyFork {
  const added = group.filter((dependency) => includesMarker(fork.environment, markerOfPackage(dependency.package)));
  return { environment: fork.environment, dependencies: [...fork.dependencies, ...added] };
}

function splitBy(
  forks: readonly DependencyFork[],
  dependency: Dependency,
  state: ForkState,
): readonly DependencyFork[] {
  const marker = markerOfPackage(dependency.package);
  if (!includesMarker(state.environment, marker)) return forks;
  if (isTrueMarker(marker)) return forks.map((fork) => withDependencies(fork, [dependency]));
  const split: DependencyFork[] = [];
  let remaining = marker;
  for (const fork of forks) {
    if (!includesMarker(fork.environment, remaining)) {
      split.push(fork);
      continue;
    }
    for (const environment of partsOf(fork.environment, remaining)) {
      const part = withDependencies(narrowed(fork, environment), [dependency]);
      if (includesMarker(environment, state.pythonMarker)) split.push(part);
    }
    if (fork.environment.kind === 'universal') remaining = andMarkers(remaining, notMarker(fork.environment.marker));
  }
  return split;
}

/** Where the marker does not hold, if that can be, and where it does. */
function partsOf(environment: ForkEnvironment, marker: Marker): readonly ForkEnvironment[] {
  const inside = narrowEnvironment(environment, marker);
  const opposite = notMarker(marker);
  if (environment.kind === 'universal' && areMarkersDisjoint(environment.marker, opposite)) return [inside];
  return [narrowEnvironment(environment, opposite), inside];
}

function narrowed(fork: DependencyFork, environment: ForkEnvironment): DependencyFork {
  const dependencies = fork.dependencies.filter((dependency) =>
    includesMarker(environment, markerOfPackage(dependency.package)),
  );
  return { environment, dependencies };
}

/**
 * Order forks so that the last one is solved first. The newest Pythons come first, so that each gets the latest
 * versions it can use; with `fewest`, the oldest, whose versions are likely to serve the others too. Among equals, the
 * fork with more upper bounds first, for the same reason.
 */
export function sortForks(
  forks: readonly DependencyFork[],
  { forkStrategy, resolutionMode }: { readonly forkStrategy: ForkStrategy; readonly resolutionMode: ResolutionMode },
): readonly DependencyFork[] {
  const sign = forkStrategy === 'fewest' || resolutionMode === 'lowest' ? -1 : 1;
  return forks.toSorted(
    (a, b) => sign * comparePythons(a.environment, b.environment) || upperBoundsOf(a) - upperBoundsOf(b),
  );
}

export function comparePythons(a: ForkEnvironment, b: ForkEnvironment): number {
  return compareLowerBounds(pythonOfEnvironment(a)?.lower, pythonOfEnvironment(b)?.lower);
}

function upperBoundsOf(fork: DependencyFork): number {
  return fork.dependencies.filter(({ range }) => {
    const intervals = rangeIntervals(range);
    return intervals.length > 0 && intervals.at(-1)?.upper !== undefined;
  }).length;
}
