/** Which packages came, went or changed their version from one lockfile to the next. */
import { compareVersions, parseVersion } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { LockedPackage, Lockfile } from './lockfile.ts';

export interface LockChange {
  readonly kind: 'added' | 'removed' | 'updated';
  readonly name: NormalizedName;
  /** `v1.0`, `v1.0 (1a2b3c4d)`, `(dynamic)`; empty for what was not there. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Sorted by name. @param before `undefined` when there was no lockfile */
export function lockChanges(before: Lockfile | undefined, after: Lockfile): readonly LockChange[] {
  const [old, next] = [versionsOf(before), versionsOf(after)];
  const names = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return names.flatMap((name): LockChange[] => {
    const [was, is] = [old.get(name) ?? [], next.get(name) ?? []];
    if (was.join(', ') === is.join(', ')) return [];
    const kind = was.length === 0 ? 'added' : is.length === 0 ? 'removed' : 'updated';
    return [{ kind, name, before: was, after: is }];
  });
}

function versionsOf(lockfile: Lockfile | undefined): ReadonlyMap<NormalizedName, readonly string[]> {
  const groups = Map.groupBy(lockfile?.packages ?? [], ({ name }) => name);
  return new Map(
    [...groups].map(([name, packages]) => [name, [...new Set(packages.toSorted(byVersion).map(versionText))]] as const),
  );
}

/** Without a version first. */
function byVersion(a: LockedPackage, b: LockedPackage): number {
  if (a.version === undefined || b.version === undefined)
    return Number(a.version !== undefined) - Number(b.version !== undefined);
  return compareVersions(parseVersion(a.version), parseVersion(b.version));
}

function versionText({ version, source }: LockedPackage): string {
  const commit = source.kind === 'git' ? ` (${source.url.split('#')[1]?.slice(0, 8) ?? ''})` : '';
  return `${version === undefined ? '(dynamic)' : `v${version}`}${commit}`;
}
