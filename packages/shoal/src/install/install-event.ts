/**
 * What installing tells its listener. Step events are announced synchronously at the points where a crash would matter, so a
 * listener may block or kill the process there; all others are for people.
 */
import type { LinkMode } from './link-mode.ts';

/**
 * The points of one transaction, in order. `apply` and `undo` are announced once before each operation, with its number.
 * `recovering`: a command has found what another left behind, with its journal or (`discarding`) without.
 */
export const INSTALL_STEPS = [
  'recovering',
  'discarding',
  'stage',
  'linked',
  'staged',
  'journal-written',
  'apply',
  'applied',
  'undo',
  'undone',
  'journal-removed',
  'cleaned',
] as const;

export type InstallStep = (typeof INSTALL_STEPS)[number];

export type InstallEvent =
  | { readonly type: 'step'; readonly name: InstallStep; readonly detail?: string }
  | { readonly type: 'link-fallback'; readonly from: LinkMode; readonly to: LinkMode; readonly reason: string }
  | { readonly type: 'collision'; readonly collision: Collision; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'healed'; readonly distribution: string; readonly reason: string }
  | { readonly type: 'recovered'; readonly outcome: 'finished' | 'undone' | 'discarded' };

export type InstallListener = (event: InstallEvent) => void;

/** One file that two distributions claim with different content. The last of `distributions` is the one whose file stays. */
export interface Collision {
  /** Absolute path in the environment. */
  readonly path: string;
  /** `name (wheel filename)` of each wheel, `name (installed)` of a distribution that is there already. */
  readonly distributions: readonly string[];
}
