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
import { UnbuildableSourceError } from '../project/unbuildable-source-error.ts';

export interface FetchWheelsInput {
  readonly nodes: readonly ResolvedNode[];
  /** Where relative paths of requirements start. */
  readonly folder: string;
  /** `algorithm:hex` by `name==version` or URL; absent is "any file will do". */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
}

/** The tree of each node, in their order, all pinned until they are released. Nothing stays pinned when one fails. */
export async function fetchWheels(
  input: FetchWheelsInput,
  context: Context,
  options: WorkflowOptions,
): Promise<Map<NormalizedName, PinnedTree>> {
  const trees = new Map<NormalizedName, PinnedTree>();
  const missing: { readonly node: ResolvedNode; readonly source: WheelSource }[] = [];
  try {
    for (const node of input.nodes) {
      const source = sourceOf(node, input.folder);
      const present = context.distributions.pinIfPresent(source, requiredHashes(node, input));
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

interface FetchSurroundings {
  readonly context: Context;
  readonly options: WorkflowOptions;
  readonly trees: Map<NormalizedName, PinnedTree>;
}

/** The first failure ends the others, and is what is thrown. */
async function fetchAll(
  missing: readonly { readonly node: ResolvedNode; readonly source: WheelSource }[],
  input: FetchWheelsInput,
  { context, options, trees }: FetchSurroundings,
): Promise<void> {
  const controller = new AbortController();
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([controller.signal, options.signal]);
  // Large wheels first: the longest download decides when all are there.
  const ordered = [...missing].sort((a, b) => sizeOf(b.source) - sizeOf(a.source));
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    ordered.map(async ({ node, source }) => {
      try {
        trees.set(node.name, await context.distributions.fetchTree(source, { ...requiredHashes(node, input), signal }));
      } catch (error) {
        failure ??= { error };
        controller.abort();
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (failure !== undefined) throw failure.error;
}

function sizeOf(source: WheelSource): number {
  return source.kind === 'remote' ? (source.sizeBytes ?? 0) : 0;
}

/** Which of the nodes are not in the cache yet. Pins nothing. */
export function missingFromCache(nodes: readonly ResolvedNode[], context: Context, folder: string): number {
  let missing = 0;
  for (const node of nodes) {
    const tree = context.distributions.pinIfPresent(sourceOf(node, folder));
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

/** Where the wheel of a resolved node is. @throws {UnbuildableSourceError} when only a build could give one. */
export function sourceOf(node: ResolvedNode, folder: string): WheelSource {
  const { source } = node;
  if (source.kind === 'url') return wheelSourceOfUrl(source.url, folder);
  const written = `${node.name}==${formatVersion(node.version)}`;
  if (source.kind === 'installed') throw new TypeError(`${written} is installed already and has no wheel to fetch`);
  const file = source.wheel;
  if (file === undefined || file.filename.kind !== 'wheel' || source.needsBuild)
    throw new UnbuildableSourceError(written, 'only available as a source distribution');
  if (file.url.startsWith('file:'))
    return { kind: 'local', filename: file.filename, path: fileURLToPath(file.url), hashes: file.hashes };
  return { kind: 'remote', filename: file.filename, url: file.url, hashes: file.hashes, sizeBytes: file.sizeBytes };
}
