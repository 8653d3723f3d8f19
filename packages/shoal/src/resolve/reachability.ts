/** Under which markers each node of the graph is needed: the union over all paths to it of what each path demands. */
import { andMarkers, falseMarker, markersEqual, orMarkers, type Marker } from '@shoal/packaging';
import type { DependencyGraph, GraphEdge } from './resolution-edges.ts';

/** @param rootMarker Everything the resolution is for. Nodes that nothing reaches are absent. */
export function reachableMarkers({ edges }: DependencyGraph, rootMarker: Marker): ReadonlyMap<string, Marker> {
  const outgoing = Map.groupBy(edges, (edge) => edge.from);
  const markers = new Map<string, Marker>();
  const queue: string[] = [];
  const visit = (edge: GraphEdge, parent: Marker): void => {
    const before = markers.get(edge.to);
    const after = orMarkers(andMarkers(edge.marker, parent), before ?? falseMarker);
    if (before !== undefined && markersEqual(before, after)) return;
    markers.set(edge.to, after);
    queue.push(edge.to);
  };
  for (const edge of outgoing.get(undefined) ?? []) visit(edge, rootMarker);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const own = markers.get(key) ?? falseMarker;
    for (const edge of outgoing.get(key) ?? []) visit(edge, own);
  }
  return markers;
}
