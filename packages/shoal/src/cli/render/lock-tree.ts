/** `tree` as lines, with the branches drawn. */
import type { LockTreeNode } from '../../lock/lock-tree.ts';
import type { Style } from '../style.ts';
import { drawBranches, ELIDED } from './draw-branches.ts';
import { formatBytes } from './quantities.ts';

export interface LockTreeRendering {
  /** What is newer than what is locked. */
  readonly latestOf: (node: LockTreeNode) => string | undefined;
  readonly showSizes: boolean;
  /** Whether what is elided is so only because it would never end. */
  readonly repeats: boolean;
  readonly style: Style;
}

export function renderLockTree(roots: readonly LockTreeNode[], rendering: LockTreeRendering): string {
  return drawBranches(roots, { ...rendering, titleOf: (node) => titleOf(node, rendering) });
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
