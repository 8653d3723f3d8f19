/** `pip tree`: what is installed as trees of dependencies, or of dependents. */
import { compareVersions, formatVersion, supportedTags } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import type { ExcludeNewer } from '../resolve/resolve-input.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import { ownTarget } from './check-target.ts';
import { buildDependencyGraph, rootsOf, sortedNodes } from './dependency-graph.ts';
import type { DependencyGraph, GraphEdge, GraphMember } from './dependency-graph.ts';
import { describeSpecifiers } from '../project/describe-requirement.ts';
import { findLatestVersions } from './latest-version.ts';
import type { LatestVersion } from './latest-version.ts';
import { mergeSpecifiers } from './merged-specifiers.ts';
import { readEnvironment } from './read-environment.ts';
import type { ReadSurroundings } from './read-environment.ts';

export interface TreeInput {
  readonly environment: Environment;
  readonly prune: ReadonlySet<NormalizedName>;
  readonly packages: ReadonlySet<NormalizedName>;
  readonly invert: boolean;
  /** How many levels below the roots are shown. */
  readonly depth: number;
  /** Show what is below a distribution every time, not only the first. */
  readonly repeats: boolean;
  /** `undefined`: do not ask the indexes. */
  readonly outdated: { readonly excludeNewer: ExcludeNewer | undefined } | undefined;
  readonly strict: boolean;
}

export interface TreeNode {
  readonly name: NormalizedName;
  readonly version: string;
  /** Why it stands below its parent; absent for roots. `specifiers` is empty when any version will do. */
  readonly required: { readonly parent: NormalizedName; readonly specifiers: string } | undefined;
  /** What is newer, when the indexes were asked. */
  readonly latest: string | undefined;
  /** What is below it is shown elsewhere, or would never end. */
  readonly isElided: boolean;
  readonly children: readonly TreeNode[];
}

export interface TreeResult {
  readonly roots: readonly TreeNode[];
  readonly incompatibilities: readonly Incompatibility[];
}

/** @throws {BrokenDistributionError} when the metadata of something installed cannot be read. */
export async function growTrees(input: TreeInput, surroundings: ReadSurroundings): Promise<TreeResult> {
  const { environment, strict } = input;
  const { members, incompatibilities } = await readEnvironment(environment, surroundings, (installed) => ({
    members: installed.map((one): GraphMember => ({
      name: one.name,
      version: one.version,
      requiresDist: one.metadata().requiresDist,
    })),
    incompatibilities: strict ? checkInstalled(installed, ownTarget(environment)) : [],
  }));
  const latest = await latestOf(members, input, surroundings);
  const graph = buildDependencyGraph(members, { ...input, markers: environment.interpreter.markers });
  return { roots: new TreeGrower(graph, { ...input, latest }).grow(), incompatibilities };
}

async function latestOf(
  members: readonly GraphMember[],
  { environment, outdated }: TreeInput,
  { context }: ReadSurroundings,
): Promise<ReadonlyMap<NormalizedName, LatestVersion>> {
  if (outdated === undefined) return new Map();
  const { version: python, tags } = environment.interpreter;
  return await findLatestVersions(
    members.map(({ name }) => name),
    { python, tags: supportedTags(tags), excludeNewer: outdated.excludeNewer },
    context,
  );
}

type GrowOptions = Pick<TreeInput, 'depth' | 'repeats'> & {
  readonly latest: ReadonlyMap<NormalizedName, LatestVersion>;
};

/** Turns a graph into trees, depth first. */
export class TreeGrower {
  readonly #graph: DependencyGraph;
  readonly #options: GrowOptions;
  readonly #below: ReadonlyMap<number, readonly GraphEdge[]>;
  /** Names that were shown with what is below them, and whether there is anything. */
  readonly #shown: Map<NormalizedName, boolean> = new Map();
  readonly #path: NormalizedName[] = [];

  constructor(graph: DependencyGraph, options: GrowOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#below = Map.groupBy(graph.edges, ({ from }) => from);
  }

  grow(): readonly TreeNode[] {
    return rootsOf(this.#graph).flatMap((node) => this.#visit(node, undefined));
  }

  #visit(position: number, required: TreeNode['required']): readonly TreeNode[] {
    const member = this.#graph.nodes[position];
    if (member === undefined || this.#path.length > this.#options.depth) return [];
    const { name } = member;
    const common = { name, version: formatVersion(member.version), required };
    const hasMore = this.#shown.get(name);
    if (hasMore !== undefined && (!this.#options.repeats || this.#path.includes(name)))
      return [{ ...common, latest: undefined, isElided: hasMore, children: [] }];
    return [
      { ...common, latest: this.#newerThan(member), isElided: false, children: this.#visitBelow(position, name) },
    ];
  }

  #visitBelow(position: number, name: NormalizedName): readonly TreeNode[] {
    const edges = Map.groupBy(this.#below.get(position) ?? [], ({ to }) => to);
    this.#shown.set(name, edges.size > 0);
    this.#path.push(name);
    const children = sortedNodes(this.#graph.nodes, [...edges.keys()]).flatMap((below) =>
      this.#visit(below, { parent: name, specifiers: specifiersOf(edges.get(below) ?? []) }),
    );
    this.#path.pop();
    return children;
  }

  #newerThan({ name, version }: GraphMember): string | undefined {
    const latest = this.#options.latest.get(name)?.version;
    return latest !== undefined && compareVersions(latest, version) > 0 ? formatVersion(latest) : undefined;
  }
}

/** What the edges between two nodes ask for together; a URL says it all. */
function specifiersOf(edges: readonly GraphEdge[]): string {
  const url = edges.find(({ requirement }) => requirement.url !== undefined)?.requirement.url;
  return (
    url ?? describeSpecifiers(mergeSpecifiers(edges.flatMap(({ requirement }) => requirement.specifiers.specifiers)))
  );
}
