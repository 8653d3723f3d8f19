/** What a solved fork says: which projects (and extras) are in it, and which depends on which. */
import {
  andMarkers,
  formatVersion,
  isTrueMarker,
  orMarkers,
  rangeContains,
  trueMarker,
  type Marker,
  type NormalizedName,
  type Version,
} from '@shoal/packaging';
import { markerOfEnvironment } from './fork-environment.ts';
import type { ForkState } from './fork-state.ts';
import { dependencyRanges } from './incompatibility.ts';
import { extraOfPackage, type PackageId, type SolverPackage } from './solver-package.ts';

/** A project at a version, or one extra of it. */
export interface GraphNode {
  readonly key: string;
  readonly name: NormalizedName;
  readonly version: Version;
  readonly extra: NormalizedName | undefined;
  /** The fork that the node is read from. */
  readonly state: ForkState;
}

/** `undefined` as the beginning is the root. */
export interface GraphEdge {
  readonly from: string | undefined;
  readonly to: string;
  readonly marker: Marker;
}

export interface DependencyGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** One edge for each pair of nodes, its marker united over all forks. */
  readonly edges: readonly GraphEdge[];
}

type Project = SolverPackage & { readonly kind: 'project' | 'marker' | 'extra' };

export function graphOfForks(forks: readonly ForkState[]): DependencyGraph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const state of forks) for (const node of nodesOf(state)) if (!nodes.has(node.key)) nodes.set(node.key, node);
  for (const state of forks) {
    const own = markerOfEnvironment(state.environment);
    for (const edge of edgesOf(state)) {
      const marker = own === undefined ? trueMarker : andMarkers(edge.marker, own);
      const id = `${edge.from ?? ''} > ${edge.to}`;
      const before = edges.get(id);
      edges.set(id, { ...edge, marker: before === undefined ? marker : orMarkers(before.marker, marker) });
    }
  }
  return { nodes, edges: [...edges.values()] };
}

function* nodesOf(state: ForkState): Generator<GraphNode> {
  for (const { item, version } of state.solver.solution.decisions()) {
    const chosen = state.solver.packages.get(item);
    if (chosen.kind !== 'project' || !isTrueMarker(chosen.marker)) continue;
    const { name, extra } = chosen;
    yield { key: keyOf(state, name, { version, extra }), name, version, extra, state };
  }
}

function keyOf(
  state: ForkState,
  name: NormalizedName,
  { version, extra }: { readonly version: Version; readonly extra: NormalizedName | undefined },
): string {
  return `${name} ${formatVersion(version)} ${sourceOf(state, name, version)} ${extra ?? ''}`;
}

function sourceOf(state: ForkState, name: NormalizedName, version: Version): string {
  const url = state.urls.get(name);
  if (url !== undefined) return url;
  const pin = state.pinned(name, version);
  return pin?.kind === 'registry' && pin.choice.kind === 'usable' ? pin.choice.forMetadata.index.url : 'installed';
}

function* edgesOf(state: ForkState): Generator<GraphEdge> {
  const { solver } = state;
  const versions = new Map<PackageId, Version>(solver.solution.decisions().map(({ item, version }) => [item, version]));
  for (const [item, version] of versions) {
    const from = solver.packages.get(item);
    if (from.kind !== 'root' && from.kind !== 'project') continue;
    const fromKey = from.kind === 'root' ? undefined : keyOf(state, from.name, { version, extra: from.extra });
    for (const id of solver.about(item)) {
      const incompatibility = solver.incompatibility(id);
      const ranges = dependencyRanges(incompatibility);
      if (
        incompatibility.cause.kind !== 'dependency' ||
        ranges === undefined ||
        incompatibility.cause.dependent !== item
      )
        continue;
      const chosen = versions.get(incompatibility.cause.dependency);
      if (chosen === undefined || !rangeContains(ranges.versions, version) || !rangeContains(ranges.range, chosen))
        continue;
      const to = solver.packages.get(incompatibility.cause.dependency);
      if (to.kind === 'root' || to.kind === 'python') continue;
      if (from.kind === 'project' && from.name === to.name) continue;
      yield* edgesTo(state, to, { from: fromKey, version: chosen });
    }
  }
}

/** A dependency on an extra is one on the extra and one on the project. */
function* edgesTo(
  state: ForkState,
  to: Project,
  { from, version }: { readonly from: string | undefined; readonly version: Version },
): Generator<GraphEdge> {
  const extra = extraOfPackage(to);
  if (extra !== undefined) yield { from, to: keyOf(state, to.name, { version, extra }), marker: to.marker };
  yield { from, to: keyOf(state, to.name, { version, extra: undefined }), marker: to.marker };
}
