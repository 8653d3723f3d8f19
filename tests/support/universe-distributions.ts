/** The releases of a universe as files that a real index can offer: wheels, and source distributions that build without an index. */
import type { IndexedDistribution } from './local-index.ts';
import { sourceProject } from './source-project.ts';
import type { Universe, UniverseRelease } from './universe.ts';
import { buildSdist, buildWheel, type BuiltDistribution, type WheelSpec } from './wheel-builder.ts';

export function distributionsOf(universe: Universe): readonly IndexedDistribution[] {
  return Object.entries(universe).flatMap(([name, releases]) =>
    Object.entries(releases).flatMap(([version, release]) => filesOf(name, version, release)),
  );
}

function filesOf(name: string, version: string, release: UniverseRelease): readonly IndexedDistribution[] {
  const { requires = [], extras = {}, requires_python: requiresPython, wheels = ['py3-none-any'] } = release;
  const spec: WheelSpec = {
    name,
    version,
    requires,
    extras,
    ...(requiresPython === undefined || requiresPython === null ? {} : { requiresPython }),
  };
  const built = [
    ...wheels.map((tag) => buildWheel({ ...spec, tag })),
    ...(release.sdist === false ? [] : [buildSdist({ ...spec, files: sourceProject({ name, version, requires }) })]),
  ];
  return built.map((one) => offered(one, release));
}

function offered(built: BuiltDistribution, { yanked, uploadTime }: UniverseRelease): IndexedDistribution {
  return {
    ...built,
    ...(yanked === undefined ? {} : { yanked }),
    ...(uploadTime === undefined ? {} : { uploadTime }),
  };
}
