/**
 * Dependency groups as the solver knows them: extras of the project with names that no extra can have, so that a project, its
 * extras and its groups are solved together.
 */
import type { NormalizedName } from '@shoal/packaging';

/** Normalized names have no two dashes in a row, so nobody writes such an extra. */
const PREFIX = 'dependency-group--';

export function extraOfGroup(group: NormalizedName): NormalizedName {
  return `${PREFIX}${group}` as NormalizedName;
}

/** `undefined` for a real extra. */
export function groupOfExtra(extra: NormalizedName): NormalizedName | undefined {
  return extra.startsWith(PREFIX) ? (extra.slice(PREFIX.length) as NormalizedName) : undefined;
}
