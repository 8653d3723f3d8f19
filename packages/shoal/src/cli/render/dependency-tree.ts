/** `pip tree` as lines, with the branches drawn. */
import type { TreeNode } from '../../commands/pip-tree.ts';
import type { Style } from '../style.ts';

export interface TreeRendering {
  readonly showSpecifiers: boolean;
  readonly invert: boolean;
  /** Whether what is elided is so only because it would never end. */
  readonly repeats: boolean;
  readonly style: Style;
}

/** The trees, and a note that explains `(*)` when there is one. Nothing for no trees. */
export function renderTrees(roots: readonly TreeNode[], rendering: TreeRendering): string {
  const lines = roots.flatMap((root) => linesOf(root, rendering));
  if (lines.some((line) => line.endsWith(ELIDED)))
    lines.push(
      rendering.style.italic(
        rendering.repeats ? '(*) Package tree is a cycle and cannot be shown' : '(*) Package tree already displayed',
      ),
    );
  return lines.map((line) => `${line}\n`).join('');
}

const ELIDED = ' (*)';

function linesOf(node: TreeNode, rendering: TreeRendering): string[] {
  const lines = [titleOf(node, rendering)];
  for (const [at, child] of node.children.entries()) {
    const isLast = at === node.children.length - 1;
    const [first, rest] = isLast ? ['└── ', '    '] : ['├── ', '│   '];
    lines.push(...linesOf(child, rendering).map((line, number) => `${number === 0 ? first : rest}${line}`));
  }
  return lines;
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
