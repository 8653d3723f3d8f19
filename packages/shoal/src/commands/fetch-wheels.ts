/** From resolved versions to trees of the cache: what is there is pinned at once, the rest is fetched side by side. */
import type { PinnedTree } from '@shoal/cache';
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { fileURLToPath } from 'node:url';
import type { WheelSource } from '../fetch/wheel-source.ts';
import type { ResolvedNode } from '../resolve/resolution.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { timed } from './install-phases.ts';
import { wheelSourceOfUrl } from './resolve-provider.ts';
import { isBuiltFrom } from './builder.ts';
import type { Builder } from './builder.ts';

export interface FetchWheelsInput {
  readonly nodes: readonly ResolvedNode[];
  /** Where relative paths of requirements start. */
  readonly folder: string;
  /** `algorithm:hex` by `name==version` or URL; absent is "any file will do". */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  /** Makes the wheels that nobody offers. */
  readonly builder: Builder;
}

/** The tree of each node, in their order, all pinned until they are released. Nothing stays pinned when one fails. */
export async function fetchWheels(
  input: FetchWheelsInput,
  context: Context,
  options: WorkflowOptions,
): Promise<Map<NormalizedName, PinnedTree>> {
  const trees = new Map<NormalizedName, PinnedTree>();
  const missing: Missing[] = [];
  try {
    for (const node of input.nodes) {
      const source = sourceOf(node, input.folder);
      const present =
        source === undefined ? undefined : context.distributions.pinIfPresent(source, requiredHashes(node, input));
      if (present === undefined) missing.push({ node, source });
      else trees.set(node.name, present);
    }
    if (missing.length === 0) return trees;
    context.distributions.warm();
    await timed('prepared', options.onEvent, async () => {
      await fetchAll(missing, input, { context, options, trees });
      return { count: missing.length, result: undefined };
    });
    return trees;
  } catch (error) {
    for (const tree of trees.values()) tree.release();
    throw error;
  }
}

/** Without a source it has to be built. */
interface Missing {
  readonly node: ResolvedNode;
  readonly source: WheelSource | undefined;
}

interface FetchSurroundings {
  readonly context: Context;
  readonly options: WorkflowOptions;
  readonly trees: Map<NormalizedName, PinnedTree>;
}

/** The first failure ends the others, and is what is thrown. */
async function fetchAll(
  missing: readonly Missing[],
  input: FetchWheelsInput,
  { context, options, trees }: FetchSurroundings,
): Promise<void> {
  const controller = new AbortController();
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([controller.signal, options.signal]);
  // Large wheels first: the longest download decides when all are there.
  const ordered = [...missing].sort((a, b) => Math.sign(sizeOf(b.source) - sizeOf(a.source)) || 0);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    ordered.map(async ({ node, source }) => {
      try {
        const wanted = requiredHashes(node, input);
        const tree =
          source === undefined
            ? await buildTree(node, input.builder, wanted.requiredHashes)
            : await context.distributions.fetchTree(source, { ...wanted, signal });
        trees.set(node.name, tree);
      } catch (error) {
        failure ??= { error };
        controller.abort();
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (failure !== undefined) throw failure.error;
}

/** The tree of the wheel that is built from the node's source. */
export async function buildTree(
  { name, version, source }: ResolvedNode,
  builder: Builder,
  hashes: readonly string[] | undefined,
): Promise<PinnedTree> {
  if (source.kind === 'url') return await builder.treeOfUrl({ url: source.url, name, version }, hashes);
  const sdist = source.kind === 'registry' ? source.sdist : undefined;
  if (sdist === undefined) throw new TypeError(`${name}==${formatVersion(version)} has neither a wheel nor a source`);
  return await builder.treeOfFile(sdist, hashes);
}

/** Builds come first: they take longest. */
function sizeOf(source: WheelSource | undefined): number {
  if (source === undefined) return Infinity;
  return source.kind === 'remote' ? (source.sizeBytes ?? 0) : 0;
}

/** Which of the nodes are not in the cache yet. Pins nothing. */
export function missingFromCache(nodes: readonly ResolvedNode[], context: Context, folder: string): number {
  let missing = 0;
  for (const node of nodes) {
    const source = sourceOf(node, folder);
    const tree = source === undefined ? undefined : context.distributions.pinIfPresent(source);
    if (tree === undefined) missing += 1;
    tree?.release();
  }
  return missing;
}

function requiredHashes(
  node: ResolvedNode,
  { hashes }: FetchWheelsInput,
): { readonly requiredHashes?: readonly string[] } {
  const key = node.source.kind === 'url' ? node.source.url : `${node.name}==${formatVersion(node.version)}`;
  const wanted = hashes.get(key);
  return wanted === undefined ? {} : { requiredHashes: wanted };
}

/** Where the wheel of a resolved node is; `undefined` when only a build can give one. */
export function sourceOf(node: ResolvedNode, folder: string): WheelSource | undefined {
  const { source } = node;
  if (source.kind === 'url') return isBuiltFrom(source.url) ? undefined : wheelSourceOfUrl(source.url, folder);
  const written = `${node.name}==${formatVersion(node.version)}`;
  if (source.kind === 'installed') throw new TypeError(`${written} is installed already and has no wheel to fetch`);
  const file = source.wheel;
  if (file === undefined || file.filename.kind !== 'wheel' || source.needsBuild) return undefined;
  if (file.url.startsWith('file:'))
    return { kind: 'local', filename: file.filename, path: fileURLToPath(file.url), hashes: file.hashes };
  return { kind: 'remote', filename: file.filename, url: file.url, hashes: file.hashes, sizeBytes: file.sizeBytes };
}
