/** Where a walk through a lockfile starts. */
import type { NormalizedName } from '@shoal/packaging';
import type { LockedRequirement } from './lockfile.ts';

/** One thing to start from. */
export type LockRoot =
  | {
      readonly kind: 'member';
      readonly name: NormalizedName;
      readonly extras: readonly NormalizedName[];
      readonly groups: readonly NormalizedName[];
      /** False for groups alone (`--only-group`): then the member itself is not installed. */
      readonly isInstalled: boolean;
    }
  /** What scripts and workspace roots without a project ask for. */
  | { readonly kind: 'requirements'; readonly requirements: readonly LockedRequirement[] };
