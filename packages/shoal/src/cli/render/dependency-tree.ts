/** `pip tree` as lines, with the branches drawn. */
import type { TreeNode } from '../../commands/pip-tree.ts';
import type { Style } from '../style.ts';
import { drawBranches, ELIDED } from './draw-branches.ts';

export interface TreeRendering {
  readonly showSpecifiers: boolean;
  readonly invert: boolean;
  /** Whether what is elided is so only because it would never end. */
  readonly repeats: boolean;
  readonly style: Style;
}

/** The trees, and a note that explains `(*)` when there is one. Nothing for no trees. */
export function renderTrees(roots: readonly TreeNode[], rendering: TreeRendering): string {
  return drawBranches(roots, { ...rendering, titleOf: (node) => titleOf(node, rendering) });
}

function titleOf(
  { name, version, required, latest, isElided }: TreeNode,
  { showSpecifiers, invert, style }: TreeRendering,
): string {
  const specifiers = required?.specifiers === '' ? '*' : required?.specifiers;
  const relation = invert ? `[requires: ${required?.parent} ${specifiers}]` : `[required: ${specifiers}]`;
  const shownRelation = showSpecifiers && required !== undefined ? ` ${relation}` : '';
  const shownLatest = latest === undefined ? '' : ` ${style.name(`(latest: v${latest})`)}`;
  return `${name} v${version}${shownRelation}${shownLatest}${isElided ? ELIDED : ''}`;
}
