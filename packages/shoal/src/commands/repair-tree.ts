/** A damaged tree of the cache, put aside and made again while its wheel is being installed. */
import type { PinnedTree } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import type { ResolvedNode } from '../resolve/resolution.ts';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';
import { buildTree, sourceOf } from './fetch-wheels.ts';
import type { WorkflowOptions } from './install-phases.ts';

export interface TreeRepair {
  /** What is wrong with the tree. */
  readonly reason: string;
  readonly context: Context;
  readonly options: Pick<WorkflowOptions, 'signal'>;
  /** All trees of the plan; that of the node is replaced. */
  readonly trees: Map<NormalizedName, PinnedTree>;
  /** `undefined` when the plan does not have it, which is a defect. */
  readonly node: ResolvedNode | undefined;
  /** Where relative paths of requirements start. */
  readonly folder: string;
  readonly builder: Builder;
}

/** @returns the new tree, pinned. @throws what fetching and building throw */
export async function repairTree(repair: TreeRepair): Promise<PinnedTree> {
  const { reason, context, options, trees, node, folder, builder } = repair;
  if (node === undefined) throw new TypeError('what is damaged is not part of the plan');
  trees.get(node.name)?.discard(reason);
  const source = sourceOf(node, folder);
  const tree =
    source === undefined
      ? await buildTree(node, builder, undefined)
      : await context.distributions.fetchTree(source, { signal: options.signal });
  trees.set(node.name, tree);
  return tree;
}
