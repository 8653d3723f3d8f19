/** What is installed as a graph: one node for each distribution, one edge for each requirement that another one fulfils. */
import { compareVersions, evaluateMarker, rangeContains, rangeOfSpecifierSet } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName, Requirement, Version } from '@shoal/packaging';
import { feedbackArcs } from './feedback-arcs.ts';

/** What the graph needs of an installed distribution. */
export interface GraphMember {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly requiresDist: readonly Requirement[];
}

/** From the node that is shown above to the one below it, by their positions. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly requirement: Requirement;
}

export interface DependencyGraph {
  readonly nodes: readonly GraphMember[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphOptions {
  readonly markers: MarkerEnvironment;
  readonly prune: ReadonlySet<NormalizedName>;
  /** Only these and what is below them; empty for everything. */
  readonly packages: ReadonlySet<NormalizedName>;
  /** Dependents below their dependencies. */
  readonly invert: boolean;
}

/** Requirements that nothing installed fulfils, and those of extras, make no edge. */
export function buildDependencyGraph(members: readonly GraphMember[], options: GraphOptions): DependencyGraph {
  const nodes = members.filter(({ name }) => !options.prune.has(name));
  const byName = Map.groupBy(nodes.keys(), (node) => nodes[node]?.name);
  const edges = nodes.flatMap(({ requiresDist }, from) =>
    requiresDist
      .filter(({ marker }) => marker === undefined || evaluateMarker(marker, options.markers))
      .flatMap((requirement) =>
        (byName.get(requirement.name) ?? [])
          .filter((to) => fulfils(nodes[to], requirement))
          .map((to): GraphEdge => ({ ...(options.invert ? { from: to, to: from } : { from, to }), requirement })),
      ),
  );
  return options.packages.size === 0 ? { nodes, edges } : reachableFrom({ nodes, edges }, options.packages);
}

function fulfils(member: GraphMember | undefined, { url, specifiers }: Requirement): boolean {
  return member !== undefined && (url !== undefined || rangeContains(rangeOfSpecifierSet(specifiers), member.version));
}

function reachableFrom({ nodes, edges }: DependencyGraph, packages: ReadonlySet<NormalizedName>): DependencyGraph {
  const reached = new Set([...nodes.keys()].filter((node) => isAmong(packages, nodes[node])));
  const below = Map.groupBy(edges, ({ from }) => from);
  for (const node of reached) for (const { to } of below.get(node) ?? []) reached.add(to);
  const kept = [...nodes.keys()].filter((node) => reached.has(node));
  const positions = new Map(kept.map((node, position) => [node, position]));
  const moved = edges.flatMap(({ from, to, requirement }) => {
    const [start, end] = [positions.get(from), positions.get(to)];
    return start === undefined || end === undefined ? [] : [{ from: start, to: end, requirement }];
  });
  return { nodes: kept.flatMap((node) => nodes[node] ?? []), edges: moved };
}

function isAmong(packages: ReadonlySet<NormalizedName>, member: GraphMember | undefined): boolean {
  return member !== undefined && packages.has(member.name);
}

/** The nodes to start from, by name and version: those with nothing above them, once cycles are cut. */
export function rootsOf({ nodes, edges }: DependencyGraph): readonly number[] {
  const cut = feedbackArcs(edges);
  const below = new Set(edges.filter((edge) => !cut.has(edge)).map(({ to }) => to));
  return sortedNodes(
    nodes,
    [...nodes.keys()].filter((node) => !below.has(node)),
  );
}

/** By name, then by version. */
export function sortedNodes(nodes: readonly GraphMember[], positions: readonly number[]): readonly number[] {
  return positions.toSorted((one, other) => {
    const [a, b] = [nodes[one], nodes[other]];
    if (a === undefined || b === undefined) return 0;
    if (a.name !== b.name) return a.name < b.name ? -1 : 1;
    return compareVersions(a.version, b.version);
  });
}
