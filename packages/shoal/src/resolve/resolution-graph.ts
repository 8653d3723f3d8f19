/** From solved forks to the resolution that callers see. */
import {
  areMarkersDisjoint,
  compareVersions,
  falseMarker,
  isFalseMarker,
  isTrueMarker,
  markerKey,
  orMarkers,
  trueMarker,
  type Marker,
  type NormalizedName,
} from '@shoal/packaging';
import type { DependencyMetadata } from '../project/distribution-file.ts';
import { markerOfEnvironment } from './fork-environment.ts';
import type { ForkState } from './fork-state.ts';
import { naming } from './manifest.ts';
import { reachableMarkers } from './reachability.ts';
import { graphOfForks, type DependencyGraph, type GraphEdge, type GraphNode } from './resolution-edges.ts';
import type {
  RequestedBy,
  Resolution,
  ResolutionWarning,
  ResolvedEdge,
  ResolvedExtra,
  ResolvedNode,
  ResolvedSource,
} from './resolution.ts';
import { missingLowerBounds } from './missing-lower-bounds.ts';
import type { SolveContext } from './solve-context.ts';

export function makeResolution(context: SolveContext, forks: readonly ForkState[]): Resolution {
  const graph = graphOfForks(forks);
  const forkMarkers = markersOfForks(forks);
  const rootMarker =
    forkMarkers.length === 0 ? trueMarker : forkMarkers.reduce((all, marker) => orMarkers(all, marker), falseMarker);
  const builder = new ResolutionBuilder(context, graph, {
    forkMarkers,
    reachable: reachableMarkers(graph, rootMarker),
  });
  const nodes = builder.nodes();
  const { target } = context.input;
  return {
    nodes,
    rootDependencies: builder.edgesFrom(undefined),
    forkMarkers,
    requiresPython: target.kind === 'universal' ? target.requiresPython : undefined,
    warnings: [...builder.warnings(nodes), ...missingLowerBounds(context, nodes)],
  };
}

/** None when one fork covers everything. */
function markersOfForks(forks: readonly ForkState[]): readonly Marker[] {
  const markers = forks.map((state) => markerOfEnvironment(state.environment) ?? trueMarker);
  const [only, ...others] = markers;
  return only !== undefined && others.length === 0 && isTrueMarker(only) ? [] : markers;
}

class ResolutionBuilder {
  readonly #context: SolveContext;
  readonly #graph: DependencyGraph;
  readonly #forkMarkers: readonly Marker[];
  readonly #reachable: ReadonlyMap<string, Marker>;
  readonly #outgoing: ReadonlyMap<string | undefined, readonly GraphEdge[]>;
  readonly #incoming: ReadonlyMap<string, readonly GraphEdge[]>;

  constructor(
    context: SolveContext,
    graph: DependencyGraph,
    found: { readonly forkMarkers: readonly Marker[]; readonly reachable: ReadonlyMap<string, Marker> },
  ) {
    this.#context = context;
    this.#graph = graph;
    this.#forkMarkers = found.forkMarkers;
    this.#reachable = found.reachable;
    this.#outgoing = Map.groupBy(graph.edges, (edge) => edge.from);
    this.#incoming = Map.groupBy(graph.edges, (edge) => edge.to);
  }

  nodes(): readonly ResolvedNode[] {
    const reached = [...this.#graph.nodes.values()].filter(
      (node) => !isFalseMarker(this.#reachable.get(node.key) ?? falseMarker),
    );
    const extras = Map.groupBy(
      reached.filter((node) => node.extra !== undefined),
      baseKey,
    );
    const bases = reached.filter((node) => node.extra === undefined);
    const counts = Map.groupBy(bases, (node) => node.name);
    const nodes = bases.map((node) =>
      this.#node(node, extras.get(node.key) ?? [], (counts.get(node.name)?.length ?? 1) > 1),
    );
    return nodes.toSorted((a, b) => compareText(a.name, b.name) || compareVersions(a.version, b.version));
  }

  #node(node: GraphNode, extras: readonly GraphNode[], isForked: boolean): ResolvedNode {
    const marker = this.#reachable.get(node.key) ?? falseMarker;
    const sorted = extras.toSorted((a, b) => compareText(a.extra ?? '', b.extra ?? ''));
    return {
      name: node.name,
      version: node.version,
      source: this.#source(node),
      extras: sorted.flatMap(({ extra }) => extra ?? []),
      marker,
      resolutionMarkers: isForked ? this.#forkMarkers.filter((fork) => !areMarkersDisjoint(fork, marker)) : [],
      dependencies: this.edgesFrom(node.key),
      extraDependencies: new Map(
        sorted.flatMap(({ key, extra }) => (extra === undefined ? [] : [[extra, this.#extra(key)] as const])),
      ),
      requestedBy: this.#requestedBy(node, extras),
      metadata: this.#metadata(node),
    };
  }

  #extra(key: string): ResolvedExtra {
    return { marker: this.#reachable.get(key) ?? falseMarker, dependencies: this.edgesFrom(key) };
  }

  #source({ name, version, state }: GraphNode): ResolvedSource {
    const url = state.urls.get(name);
    if (url !== undefined) {
      const answer = this.#context.knowledge.url(name, url);
      return { kind: 'url', url, file: answer?.kind === 'found' ? answer.file : undefined };
    }
    const pin = state.pinned(name, version);
    if (pin?.kind === 'installed') return { kind: 'installed', installed: pin.installed };
    if (pin?.kind !== 'registry' || pin.choice.kind !== 'usable')
      throw new RangeError(`${name} was chosen without files`);
    const { wheel, sdist, files, needsBuild, forMetadata } = pin.choice;
    return { kind: 'registry', index: forMetadata.index, wheel, sdist, files, needsBuild };
  }

  #metadata({ name, version, state }: GraphNode): DependencyMetadata | undefined {
    const url = state.urls.get(name);
    if (url !== undefined) {
      const answer = this.#context.knowledge.url(name, url);
      return answer?.kind === 'found' ? answer.metadata : undefined;
    }
    const pin = state.pinned(name, version);
    if (pin?.kind === 'installed') return pin.installed.metadata();
    const answer =
      pin?.kind === 'registry' && pin.choice.kind === 'usable'
        ? this.#context.knowledge.dependencies(pin.choice.forMetadata)
        : undefined;
    return answer?.kind === 'found' ? answer.metadata : undefined;
  }

  /** Edges to a project and to its extras, put together where their markers are the same. Asking for an extra asks for the project. */
  edgesFrom(key: string | undefined): readonly ResolvedEdge[] {
    const groups = new Map<string, { edge: GraphEdge; node: GraphNode; extras: NormalizedName[] }>();
    for (const edge of this.#outgoing.get(key) ?? []) {
      const node = this.#graph.nodes.get(edge.to);
      if (
        node === undefined ||
        isFalseMarker(edge.marker) ||
        isFalseMarker(this.#reachable.get(edge.to) ?? falseMarker)
      )
        continue;
      const id = `${baseKey(node)} ${markerKey(edge.marker)}`;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { edge, node, extras: node.extra === undefined ? [] : [node.extra] });
      else if (node.extra !== undefined) group.extras.push(node.extra);
    }
    const edges = [...groups.values()].map(({ edge, node, extras }) => ({
      name: node.name,
      version: node.version,
      extras: extras.toSorted(compareText),
      marker: edge.marker,
    }));
    return edges.toSorted((a, b) => compareText(a.name, b.name) || compareVersions(a.version, b.version));
  }

  #requestedBy(node: GraphNode, extras: readonly GraphNode[]): RequestedBy {
    const { input } = this.#context;
    const markers = input.target.kind === 'environment' ? input.target.markers : undefined;
    const projects = new Set<NormalizedName>();
    for (const { key } of [node, ...extras]) {
      for (const edge of this.#incoming.get(key) ?? []) {
        const from = edge.from === undefined ? undefined : this.#graph.nodes.get(edge.from);
        if (from !== undefined && from.name !== node.name) projects.add(from.name);
      }
    }
    return {
      requirements: naming(input.requirements, node.name, markers),
      constraints: naming(input.constraints, node.name, markers),
      overrides: naming(input.overrides, node.name, markers),
      projects: [...projects].toSorted(compareText),
    };
  }

  *warnings(nodes: readonly ResolvedNode[]): Generator<ResolutionWarning> {
    for (const { name, version, source, extras, metadata } of nodes) {
      const file = source.kind === 'registry' ? (source.wheel ?? source.sdist) : undefined;
      if (file !== undefined && file.yanked !== false) yield { kind: 'yanked', name, version, reason: file.yanked };
      for (const extra of extras) {
        if (metadata !== undefined && !metadata.providesExtra.includes(extra))
          yield { kind: 'missing-extra', name, version, extra };
      }
    }
  }
}

function baseKey(node: GraphNode): string {
  return node.extra === undefined ? node.key : node.key.slice(0, -node.extra.length);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
