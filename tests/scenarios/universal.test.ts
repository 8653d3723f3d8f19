/** Every `lock` scenario, against the packages, versions and markers in the uv.lock of the real uv. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMarker, formatVersion, parseSpecifierSet, releaseRangeOfSpecifierSet, simplifyMarkerWithPython, type Marker, type VersionRange } from '@shoal/packaging';
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
      assert.deepEqual(found.root, lock.packages.find(({ name }) => name === 'project')?.dependencies ?? []);
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

/** The resolution in the form of a lockfile. */
function lockedOf(resolution: Resolution, range: VersionRange): Locked {
  const counts = Map.groupBy(resolution.nodes, ({ name }) => name);
  const dependency = (edge: ResolvedEdge): LockedDependency => {
    const marker = formatMarker(simplifyMarkerWithPython(edge.marker, range));
    return {
      name: edge.name,
      ...((counts.get(edge.name)?.length ?? 1) > 1 ? { version: formatVersion(edge.version) } : {}),
      ...(edge.extras.length === 0 ? {} : { extra: edge.extras }),
      ...(marker === undefined ? {} : { marker }),
    };
  };
  const text = (marker: Marker): string => formatMarker(simplifyMarkerWithPython(marker, range)) ?? '';
  const packages = resolution.nodes.map((node) => {
    const optional = [...node.extraDependencies].filter(([, edges]) => edges.length > 0).map(([extra, edges]) => [extra, edges.map(dependency)] as const);
    return {
      name: node.name,
      version: formatVersion(node.version),
      resolution_markers: node.resolutionMarkers.map(text),
      dependencies: node.dependencies.map(dependency),
      ...(optional.length === 0 ? {} : { optional_dependencies: Object.fromEntries(optional) }),
    };
  });
  return { packages, root: resolution.rootDependencies.map(dependency), resolutionMarkers: resolution.forkMarkers.map(text) };
}

function withoutProject(packages: readonly LockedPackage[]): readonly unknown[] {
  return packages
    .filter(({ name }) => name !== 'project')
    .map((locked) => ({
      name: locked.name,
      version: locked.version,
      resolution_markers: locked.resolution_markers,
      dependencies: locked.dependencies,
      ...(Object.keys(locked.optional_dependencies ?? {}).length === 0 ? {} : { optional_dependencies: locked.optional_dependencies }),
    }));
}
