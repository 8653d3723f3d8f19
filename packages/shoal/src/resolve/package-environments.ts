/** Under which markers the solver, so far, wants a package: the union over all paths of dependencies from the root. */
import { andMarkers, falseMarker, markersEqual, orMarkers, trueMarker, type Marker } from '@shoal/packaging';
import { markerOfPackage, type PackageId } from './solver-package.ts';
import type { SolverState } from './solver-state.ts';

export function environmentsOf(item: PackageId, state: SolverState): Marker {
  if (item === state.root) return trueMarker;
  const ancestors = ancestorsOf(item, state);
  if (!ancestors.has(state.root)) return falseMarker;
  const markers = new Map<PackageId, Marker>([[state.root, trueMarker]]);
  const queue: PackageId[] = [state.root];
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    const own = markers.get(current) ?? falseMarker;
    for (const { dependent, dependency } of edgesOf(current, state)) {
      if (dependent !== current || !ancestors.has(dependency)) continue;
      const before = markers.get(dependency) ?? falseMarker;
      const after = orMarkers(before, andMarkers(markerOfPackage(state.packages.get(dependency)), own));
      if (markersEqual(before, after)) continue;
      markers.set(dependency, after);
      queue.push(dependency);
    }
  }
  return markers.get(item) ?? falseMarker;
}

function ancestorsOf(item: PackageId, state: SolverState): ReadonlySet<PackageId> {
  const ancestors = new Set<PackageId>([item]);
  const stack: PackageId[] = [item];
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    for (const { dependent, dependency } of edgesOf(current, state)) {
      if (dependency !== current || ancestors.has(dependent)) continue;
      ancestors.add(dependent);
      stack.push(dependent);
    }
  }
  return ancestors;
}

function edgesOf(
  item: PackageId,
  state: SolverState,
): readonly { readonly dependent: PackageId; readonly dependency: PackageId }[] {
  return state.about(item).flatMap((id) => {
    const { cause } = state.incompatibility(id);
    return cause.kind === 'dependency' ? [cause] : [];
  });
}
