/** Trees as lines, with the branches drawn. */
import type { Style } from '../style.ts';

interface Branching<Node> {
  readonly children: readonly Node[];
}

export interface BranchStyle<Node> {
  /** One line; it ends with `ELIDED` when what is below the node is left out. */
  readonly titleOf: (node: Node) => string;
  /** Whether what is elided is so only because it would never end. */
  readonly repeats: boolean;
  readonly style: Style;
}

export const ELIDED = ' (*)';

/** The trees, and a note that explains `(*)` when there is one. Nothing for no trees. */
export function drawBranches<Node extends Branching<Node>>(roots: readonly Node[], style: BranchStyle<Node>): string {
  const lines = roots.flatMap((root) => linesOf(root, style.titleOf));
  if (lines.some((line) => line.endsWith(ELIDED)))
    lines.push(
      style.style.italic(
        style.repeats ? '(*) Package tree is a cycle and cannot be shown' : '(*) Package tree already displayed',
      ),
    );
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf<Node extends Branching<Node>>(node: Node, titleOf: (node: Node) => string): string[] {
  const lines = [titleOf(node)];
  for (const [at, child] of node.children.entries()) {
    const isLast = at === node.children.length - 1;
    const [first, rest] = isLast ? ['└── ', '    '] : ['├── ', '│   '];
    lines.push(...linesOf(child, titleOf).map((line, number) => `${number === 0 ? first : rest}${line}`));
  }
  return lines;
}
