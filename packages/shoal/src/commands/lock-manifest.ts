/** What is asked for beside what members say, as the solver takes it and as the lockfile keeps it. */
import { formatRequirement, trueMarker } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import { lockedRequirements, specifierText, sortedSpecifiers } from '../lock/locked-requirement.ts';
import type { ConflictItem, LockedManifest, LockedStaticMetadata } from '../lock/lockfile.ts';
import { optional } from '../lock/optional.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { LoweredRequirement } from '../project/lowered-requirement.ts';
import type { StaticMetadata } from '../project/tool-uv.ts';
import { isVirtualRoot } from '../project/workspace.ts';
import { groupPythons, lockedDefaultGroups, lockedGroups } from './located-packages.ts';
import type { LockSources } from './lock-sources.ts';

export interface LoweredManifest {
  readonly requirements: readonly LoweredRequirement[];
  readonly constraints: readonly LoweredRequirement[];
  readonly overrides: readonly LoweredRequirement[];
  readonly buildConstraints: readonly LoweredRequirement[];
  readonly excludes: readonly NormalizedName[];
  readonly groups: ReadonlyMap<NormalizedName, readonly LoweredRequirement[]>;
}

/** @throws {SourceError} */
export function loweredManifest(
  { workspace, requirements, groups }: LockTarget,
  { lowering }: LockSources,
): LoweredManifest {
  const { root } = workspace;
  const { toolUv } = root;
  const lower = (list: readonly Requirement[], group?: NormalizedName): readonly LoweredRequirement[] =>
    list.flatMap((requirement) => lowering.lower(requirement, { file: root, group }));
  return {
    requirements: lower(requirements),
    constraints: lower(toolUv.constraintDependencies),
    overrides: lower(toolUv.overrideDependencies.flatMap((entry) => ('package' in entry ? [] : [entry]))),
    buildConstraints: lower(toolUv.buildConstraintDependencies),
    excludes: toolUv.excludeDependencies.filter((entry) => typeof entry === 'string'),
    groups: new Map([...groups].map(([group, list]) => [group, lower(list.requirements, group)] as const)),
  };
}

export function lockedManifest(target: LockTarget, lowered: LoweredManifest): LockedManifest {
  const { workspace } = target;
  const { root, members } = workspace;
  const { toolUv } = root;
  const isAlone = members.size === 1 && !isVirtualRoot(workspace);
  const lock = (list: readonly LoweredRequirement[]): LockedManifest['requirements'] =>
    lockedRequirements(list, root.folder);
  const scopedOverrides = toolUv.overrideDependencies.flatMap((entry) =>
    'package' in entry
      ? [{ package: scopeOf(entry.package), dependencies: lock(entry.dependencies.map(asLowered)) }]
      : [],
  );
  const scopedExcludes = toolUv.excludeDependencies.flatMap((entry) =>
    typeof entry === 'object' ? [{ ...entry, package: scopeOf(entry.package) }] : [],
  );
  return {
    members: isAlone ? [] : [...members.keys()],
    ...optional('defaultGroups', isVirtualRoot(workspace) && !target.isScript ? lockedDefaultGroups(root) : undefined),
    requirements: lock(lowered.requirements),
    constraints: lock(lowered.constraints),
    overrides: [...scopedOverrides, ...lock(lowered.overrides)],
    excludes: [...scopedExcludes, ...[...new Set(lowered.excludes)].toSorted()],
    buildConstraints: lock(lowered.buildConstraints),
    dependencyGroups: lockedGroups(lowered.groups, root.folder),
    groupRequiresPython: target.groups.size === 0 ? new Map() : groupPythons(root),
    dependencyMetadata: toolUv.dependencyMetadata.map(lockedStaticMetadata).toSorted(compareStatic),
  };
}

function scopeOf({ name, version }: { readonly name: NormalizedName; readonly version: string | undefined }): {
  readonly name: NormalizedName;
  readonly version?: string;
} {
  return { name, ...optional('version', version) };
}

/** Scoped overrides take no sources. */
function asLowered({ name, extras, marker, specifiers }: Requirement): LoweredRequirement {
  return {
    name,
    extras,
    marker: marker ?? trueMarker,
    source: { kind: 'registry', specifiers, index: undefined, conflict: undefined },
  };
}

function lockedStaticMetadata(metadata: StaticMetadata): LockedStaticMetadata {
  const { name, version, requiresDist, requiresPython, providesExtras } = metadata;
  return {
    name,
    ...optional('version', version),
    requiresDist: requiresDist.map(requirementText),
    ...optional('requiresPython', requiresPython && specifierText(requiresPython).replaceAll(',', ', ')),
    providesExtras,
  };
}

function requirementText(requirement: Requirement): string {
  return formatRequirement({ ...requirement, specifiers: sortedSpecifiers(requirement.specifiers) });
}

function compareStatic(a: LockedStaticMetadata, b: LockedStaticMetadata): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : (a.version ?? '') < (b.version ?? '') ? -1 : 1;
}

/** `tool.uv.conflicts` of the members, or of a root that is no project. */
export function conflictsOf({ workspace }: LockTarget): readonly (readonly ConflictItem[])[] {
  const files = [...(isVirtualRoot(workspace) ? [workspace.root] : []), ...workspace.members.values()];
  return files.flatMap(({ name: own, toolUv }) =>
    toolUv.conflicts.map((set) =>
      set.flatMap(({ package: named, extra, group }) => {
        const name = named ?? own;
        return name === undefined ? [] : [{ package: name, ...optional('extra', extra), ...optional('group', group) }];
      }),
    ),
  );
}
