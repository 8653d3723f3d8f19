/** Declared requirements as inline tables of `uv.lock`. */
import type {
  ConflictItem,
  LockedRequirement,
  RequirementSource,
  ScopedExclusion,
  ScopedOverride,
} from './lockfile.ts';
import { inlineTable, textOf } from './toml-writer.ts';

type Entries = readonly (readonly [string, string | undefined])[];

export function formatRequirements(requirements: readonly LockedRequirement[]): readonly string[] {
  return requirements.map(formatLockedRequirement);
}

/** A requirement, a name, or either for the dependencies of one package. */
export function formatScoped(entry: LockedRequirement | ScopedOverride | ScopedExclusion | string): string {
  if (typeof entry === 'string') return textOf(entry);
  if (!('package' in entry)) return formatLockedRequirement(entry);
  const { name, version } = entry.package;
  const dependencies = entry.dependencies.map((one) =>
    typeof one === 'string' ? textOf(one) : formatLockedRequirement(one),
  );
  return inlineTable([
    [
      'package',
      inlineTable([
        ['name', textOf(name)],
        ['version', version && textOf(version)],
      ]),
    ],
    ['dependencies', `[${dependencies.join(', ')}]`],
  ]);
}

function formatLockedRequirement({ name, extras, groups, marker, source }: LockedRequirement): string {
  return inlineTable([
    ['name', textOf(name)],
    ['extras', namesOf(extras)],
    ['groups', namesOf(groups ?? [])],
    ['marker', marker && textOf(marker)],
    ...sourceEntries(source),
  ]);
}

function namesOf(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `[${names.map(textOf).join(', ')}]`;
}

function sourceEntries(source: RequirementSource): Entries {
  switch (source.kind) {
    case 'registry':
      return [
        ['specifier', source.specifier && textOf(source.specifier)],
        ['index', source.index && textOf(source.index)],
        ['conflict', source.conflict && conflictOf(source.conflict)],
      ];
    case 'url':
      return [
        ['url', textOf(source.url)],
        ['subdirectory', source.subdirectory && textOf(source.subdirectory)],
      ];
    case 'git':
      return [['git', textOf(source.url)]];
    default:
      return [[source.kind, textOf(source.path)]];
  }
}

function conflictOf({ package: name, extra, group }: ConflictItem): string {
  return inlineTable([
    ['package', textOf(name)],
    ['extra', extra && textOf(extra)],
    ['group', group && textOf(group)],
  ]);
}
