/** What a project declares about itself and its dependencies, with the sources that apply. */
import { andMarkers, parseMarker, trueMarker } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import type { RequirementLowering } from './lower-requirements.ts';
import type { LoweredRequirement } from './lowered-requirement.ts';
import type { ProjectFile } from './project-file.ts';

export interface DeclaredMetadata {
  /** Those of extras among them, under `extra == '…'`. */
  readonly requiresDist: readonly LoweredRequirement[];
  /** In written order. */
  readonly providesExtras: readonly NormalizedName[];
  /** Sorted by name; empty groups too. */
  readonly groups: ReadonlyMap<NormalizedName, readonly LoweredRequirement[]>;
}

/** Fields whose values only a build tells, of those that locking needs. */
export function hasDynamicRequirements({ dynamic }: ProjectFile): boolean {
  return dynamic.some((field) => field === 'dependencies' || field === 'optional-dependencies');
}

/** @param built Requirements and extras that a build told, where the file says they are dynamic. */
export function declaredMetadata(
  file: ProjectFile,
  lowering: RequirementLowering,
  built?: { readonly requiresDist: readonly Requirement[]; readonly providesExtra: readonly NormalizedName[] },
): DeclaredMetadata {
  const groups = [...file.dependencyGroups].map(
    ([group, { requirements }]) =>
      [group, requirements.flatMap((requirement) => lowering.lower(requirement, { file, group }))] as const,
  );
  return {
    ...(built === undefined ? ownMetadata(file, lowering) : builtMetadata(file, lowering, built)),
    groups: new Map(groups),
  };
}

function ownMetadata(file: ProjectFile, lowering: RequirementLowering): Omit<DeclaredMetadata, 'groups'> {
  const optional = [...file.optionalDependencies].flatMap(([extra, list]) =>
    list.flatMap((requirement) => lowering.lower(underExtra(requirement, extra), { file, extra })),
  );
  return {
    requiresDist: [...file.dependencies.flatMap((requirement) => lowering.lower(requirement, { file })), ...optional],
    providesExtras: [...file.optionalDependencies.keys()],
  };
}

function builtMetadata(
  file: ProjectFile,
  lowering: RequirementLowering,
  built: { readonly requiresDist: readonly Requirement[]; readonly providesExtra: readonly NormalizedName[] },
): Omit<DeclaredMetadata, 'groups'> {
  return {
    requiresDist: built.requiresDist.flatMap((requirement) => lowering.lower(requirement, { file })),
    providesExtras: built.providesExtra,
  };
}

function underExtra(requirement: Requirement, extra: NormalizedName): Requirement {
  const condition = parseMarker(`extra == '${extra}'`);
  return { ...requirement, marker: andMarkers(requirement.marker ?? trueMarker, condition) };
}
