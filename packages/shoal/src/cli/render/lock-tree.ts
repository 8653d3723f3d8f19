/** `tree` as lines, with the branches drawn. */
import type { LockTreeNode } from '../../lock/lock-tree.ts';
import type { Style } from '../style.ts';
import { formatBytes } from './quantities.ts';

export interface LockTreeRendering {
  /** What is newer than what is locked. */
  readonly latestOf: (node: LockTreeNode) => string | undefined;
  readonly showSizes: boolean;
  /** Whether what is elided is so only because it would never end. */
  readonly repeats: boolean;
  readonly style: Style;
}

const ELIDED = ' (*)';

export function renderLockTree(roots: readonly LockTreeNode[], rendering: LockTreeRendering): string {
  const lines = roots.flatMap((root) => linesOf(root, rendering));
  if (lines.some((line) => line.endsWith(ELIDED)))
    lines.push(
      rendering.style.italic(
        rendering.repeats ? '(*) Package tree is a cycle and cannot be shown' : '(*) Package tree already displayed',
      ),
    );
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(node: LockTreeNode, rendering: LockTreeRendering): readonly string[] {
  const lines = [titleOf(node, rendering)];
  for (const [at, child] of node.children.entries()) {
    const [first, rest] = at === node.children.length - 1 ? ['└── ', '    '] : ['├── ', '│   '];
    lines.push(...linesOf(child, rendering).map((line, number) => `${number === 0 ? first : rest}${line}`));
  }
  return lines;
}

function titleOf(node: LockTreeNode, { latestOf, showSizes, style }: LockTreeRendering): string {
  const { locked, extras, reason, isElided } = node;
  const name = extras.length === 0 ? locked.name : `${locked.name}[${extras.join(', ')}]`;
  const version = locked.version === undefined ? '' : ` v${locked.version}`;
  const bytes = showSizes ? locked.wheels.find(({ size }) => size !== undefined)?.size : undefined;
  const size = bytes === undefined ? '' : ` ${style.dim(`(${formatBytes(bytes)})`)}`;
  const latest = isElided ? undefined : latestOf(node);
  const newer = latest === undefined ? '' : ` ${style.name(`(latest: v${latest})`)}`;
  return `${name}${version}${reason}${size}${newer}${isElided ? ELIDED : ''}`;
}
