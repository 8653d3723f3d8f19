/** The pins of a compiled file, made from a resolution. */
import {
  compareVersions,
  formatMarker,
  formatVersion,
  fullRange,
  isTrueMarker,
  simplifyMarkerWithPython,
} from '@shoal/packaging';
import type { NormalizedName, VersionRange } from '@shoal/packaging';
import type { Preference } from '../resolve/resolve-input.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import type { Context } from './context.ts';
import { wheelSourceOfUrl } from './resolve-provider.ts';

/** One pin; `viaSources` has constraints first, then overrides, then requirements, each in order of their texts, as uv. */
export interface Pin {
  readonly requirement: string;
  /** `sha256:…`, sorted; empty when none are asked for. */
  readonly hashes: readonly string[];
  readonly viaProjects: readonly string[];
  readonly viaSources: readonly string[];
  /** URL of the index that it came from; absent for one that a URL names. */
  readonly index: string | undefined;
}

export interface PinOptions {
  readonly keepExtras: boolean;
  /** Write markers of requirements that an environment resolution has fulfilled already. */
  readonly keepMarkers: boolean;
  readonly withHashes: boolean;
  readonly omit: ReadonlySet<NormalizedName>;
  /** Pins of an existing output file: a version that stays keeps the hashes that it has there. */
  readonly kept: ReadonlyMap<NormalizedName, readonly Preference[]>;
  /** Where relative paths of requirements start. */
  readonly folder: string;
}

/** The pins by name, then version. */
export async function pinsOf(resolution: Resolution, options: PinOptions, context: Context): Promise<Pin[]> {
  const nodes = resolution.nodes.filter(({ name }) => !options.omit.has(name));
  return await Promise.all(
    nodes.map(async (node) => ({
      requirement: requirementText(node, resolution.requiresPython, options),
      hashes: options.withHashes ? await hashesOf(node, options, context) : [],
      ...viaOf(node),
      index: node.source.kind === 'registry' ? node.source.index.url : undefined,
    })),
  );
}

function requirementText(
  node: ResolvedNode,
  requiresPython: VersionRange | undefined,
  { keepExtras, keepMarkers }: PinOptions,
): string {
  const extras = keepExtras && node.extras.length > 0 ? `[${node.extras.join(',')}]` : '';
  const wanted = node.source.kind === 'url' ? ` @ ${node.source.url}` : `==${formatVersion(node.version)}`;
  const isUniversal = requiresPython !== undefined;
  const marker =
    isUniversal || keepMarkers ? simplifyMarkerWithPython(node.marker, requiresPython ?? fullRange) : undefined;
  const condition = marker === undefined || isTrueMarker(marker) ? undefined : formatMarker(marker);
  return `${node.name}${extras}${wanted}${condition === undefined ? '' : ` ; ${condition}`}`;
}

function viaOf({ requestedBy }: ResolvedNode): Pick<Pin, 'viaProjects' | 'viaSources'> {
  const { requirements, constraints, overrides, projects } = requestedBy;
  const sources = [constraints, overrides, requirements].flatMap((asked) =>
    asked.flatMap(({ origin }) => origin ?? []).toSorted(),
  );
  return { viaProjects: projects, viaSources: [...new Set(sources)] };
}

/** The hashes of the existing file, else those that the index names; of a file that a URL names, the hash of its content, which is fetched for that. */
async function hashesOf(
  node: ResolvedNode,
  { folder, kept }: PinOptions,
  { distributions }: Context,
): Promise<readonly string[]> {
  const { source } = node;
  const known = kept.get(node.name)?.find(({ version }) => compareVersions(version, node.version) === 0)?.hashes ?? [];
  if (known.length > 0) return known.toSorted();
  if (source.kind === 'registry') {
    const hashes = source.files.flatMap(({ hashes: { sha256 } }) => (sha256 === undefined ? [] : [`sha256:${sha256}`]));
    return [...new Set(hashes)].sort();
  }
  if (source.kind !== 'url') return [];
  using tree = await distributions.fetchTree(wheelSourceOfUrl(source.url, folder));
  return [`sha256:${tree.digest}`];
}
