/** Every `lock` scenario, against the packages, versions and markers in the uv.lock of the real uv. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  falseMarker,
  formatMarker,
  formatVersion,
  orMarkers,
  parseSpecifierSet,
  releaseRangeOfSpecifierSet,
  restrictMarker,
  simplifyMarkerWithPython,
  trueMarker,
  type Marker,
  type VersionRange,
} from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import type { Resolution, ResolvedEdge } from '../../packages/shoal/src/resolve/resolution.ts';
import { readScenarios, resolveScenario, type LockedDependency, type LockedPackage } from './scenario.ts';

for (const scenario of readScenarios('lock')) {
  const { golden } = scenario;
  const lock = golden?.lock;
  if (lock !== undefined) {
    test(`resolve() forks as uv in lock scenario ${scenario.name}`, async () => {
      const resolution = await resolveScenario(scenario);

      const range = releaseRangeOfSpecifierSet(parseSpecifierSet(lock.requires_python));
      const found = lockedOf(resolution, range);
      assert.deepEqual(found.packages, withoutProject(lock.packages));
      assert.deepEqual(
        found.root,
        sortDependencies(lock.packages.find(({ name }) => name === 'project')?.dependencies ?? []),
      );
      assert.deepEqual(found.resolutionMarkers, lock.resolution_markers);
    });
  } else if (golden !== null) {
    test(`resolve() finds no solution, as uv, in lock scenario ${scenario.name}`, async () => {
      await assert.rejects(resolveScenario(scenario), NoSolutionError);
    });
  }
}

interface Locked {
  readonly packages: readonly LockedPackage[];
  readonly root: readonly LockedDependency[];
  readonly resolutionMarkers: readonly string[];
}

/** The resolution in the form of a lockfile: a marker leaves out what its place implies. */
function lockedOf(resolution: Resolution, range: VersionRange): Locked {
  const counts = Map.groupBy(resolution.nodes, ({ name }) => name);
  const simple = (marker: Marker): Marker => simplifyMarkerWithPython(marker, range);
  const text = (marker: Marker): string => formatMarker(simple(marker)) ?? '';
  const { forkMarkers } = resolution;
  const whole =
    forkMarkers.length === 0
      ? trueMarker
      : simple(forkMarkers.reduce((all, marker) => orMarkers(all, marker), falseMarker));
  const dependency = (edge: ResolvedEdge, parent: Marker): LockedDependency => {
    const marker = formatMarker(restrictMarker(restrictMarker(simple(edge.marker), simple(parent)), whole));
    return {
      name: edge.name,
      ...((counts.get(edge.name)?.length ?? 1) > 1 ? { version: formatVersion(edge.version) } : {}),
      ...(edge.extras.length === 0 ? {} : { extra: edge.extras }),
      ...(marker === undefined ? {} : { marker }),
    };
  };
  const packages = resolution.nodes.map((node) => {
    const optional = [...node.extraDependencies].filter(([, { dependencies }]) => dependencies.length > 0);
    return {
      name: node.name,
      version: formatVersion(node.version),
      resolution_markers: node.resolutionMarkers.map(text),
      dependencies: sortDependencies(node.dependencies.map((edge) => dependency(edge, node.marker))),
      ...(optional.length === 0
        ? {}
        : {
            optional_dependencies: Object.fromEntries(
              optional.map(([extra, added]) => [
                extra,
                added.dependencies.map((edge) => dependency(edge, added.marker)),
              ]),
            ),
          }),
    };
  });
  return {
    packages: sortPackages(packages),
    root: sortDependencies(resolution.rootDependencies.map((edge) => dependency(edge, whole))),
    resolutionMarkers: forkMarkers.map(text),
  };
}

function sortDependencies(dependencies: readonly LockedDependency[]): readonly LockedDependency[] {
  return dependencies.toSorted((a, b) =>
    `${a.name} ${a.version ?? ''} ${a.marker ?? ''}` < `${b.name} ${b.version ?? ''} ${b.marker ?? ''}` ? -1 : 1,
  );
}

function sortPackages(packages: readonly LockedPackage[]): readonly LockedPackage[] {
  return packages.toSorted((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

function withoutProject(packages: readonly LockedPackage[]): readonly unknown[] {
  return sortPackages(packages)
    .filter(({ name }) => name !== 'project')
    .map((locked) => ({
      name: locked.name,
      version: locked.version,
      resolution_markers: locked.resolution_markers,
      dependencies: sortDependencies(locked.dependencies),
      ...(Object.keys(locked.optional_dependencies ?? {}).length === 0
        ? {}
        : { optional_dependencies: locked.optional_dependencies }),
    }));
}
