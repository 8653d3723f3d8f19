/** `uv.lock` as uv and this program write it, and as people merge it. Keys of later revisions are ignored. */
import { normalizeName, PackagingError } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { isTable, TomlTable } from '../project/toml-table.ts';
import { LockfileError, LockfileVersionError } from './lockfile-error.ts';
import { LOCK_VERSION } from './lockfile.ts';
import type {
  LockedCutoff,
  LockedManifest,
  LockedOptions,
  LockedStaticMetadata,
  Lockfile,
  ScopedExclusion,
  ScopedOverride,
} from './lockfile.ts';
import { readName, readNames } from '../project/read-names.ts';
import { optional } from './optional.ts';
import { readDefaultGroups, readLockedPackage, readTexts } from './read-locked-package.ts';
import { readConflictItem, readLockedRequirement } from './read-locked-requirement.ts';

/**
 * @param shown How messages name the file: `uv.lock`.
 * @throws {LockfileError} for text that is no lockfile.
 * @throws {LockfileVersionError} for a schema of another version.
 */
export function parseLockfile(text: string, shown: string): Lockfile {
  const hint = `Resolve a merge conflict in it by hand, or remove \`${shown}\` and lock again`;
  const document = TomlTable.parse(
    text,
    shown,
    (message, cause) =>
      new LockfileError(shown, message.includes(shown) ? message : `\`${shown}\` cannot be used: ${message}`, {
        cause,
        hint,
      }),
  );
  const version = document.required('version', document.integer('version'));
  if (version !== LOCK_VERSION) throw new LockfileVersionError(shown, version, LOCK_VERSION);
  return {
    revision: document.integer('revision') ?? 0,
    requiresPython: document.required('requires-python', document.text('requires-python')),
    resolutionMarkers: document.texts('resolution-markers'),
    supportedMarkers: document.texts('supported-markers'),
    requiredMarkers: document.texts('required-markers'),
    conflicts: readConflicts(document),
    options: readOptions(document.table('options')),
    manifest: readManifest(document.table('manifest') ?? document.element('manifest', {})),
    packages: [...document.tables('package'), ...document.tables('distribution')].map(readLockedPackage),
  };
}

function readConflicts(document: TomlTable): Lockfile['conflicts'] {
  return document.list('conflicts').map((set) => {
    if (!Array.isArray(set)) throw document.fault('`conflicts` holds something that is no array');
    return set.map((item) => readConflictItem(document.element('conflicts', item)));
  });
}

function readOptions(options: TomlTable | undefined): LockedOptions {
  const prereleases = options?.table('prerelease-package');
  const cutoffs = options?.table('exclude-newer-package');
  return {
    ...optional('resolutionMode', options?.text('resolution-mode')),
    ...optional('prereleaseMode', options?.text('prerelease-mode')),
    prereleasePackage: new Map(
      prereleases?.keys().map((name) => [normalizeName(name), prereleases.text(name) ?? ''] as const),
    ),
    ...optional('forkStrategy', options?.text('fork-strategy')),
    ...optional('excludeNewer', cutoffOf(options?.text('exclude-newer'), options?.text('exclude-newer-span'))),
    excludeNewerPackage: new Map(
      cutoffs?.keys().flatMap((name) => {
        const cutoff = readCutoff(cutoffs, name);
        return cutoff === undefined ? [] : [[normalizeName(name), cutoff] as const];
      }),
    ),
  };
}

function cutoffOf(instant: string | undefined, span: string | undefined): LockedCutoff | undefined {
  if (span !== undefined) return { kind: 'span', text: span };
  return instant === undefined ? undefined : { kind: 'instant', text: instant };
}

function readCutoff(cutoffs: TomlTable, name: string): LockedCutoff | false | undefined {
  const value = cutoffs.raw[name];
  if (value === false) return false;
  if (!isTable(value)) return cutoffOf(cutoffs.text(name), undefined);
  const table = cutoffs.element(name, value);
  return cutoffOf(table.text('timestamp'), table.text('span'));
}

function readManifest(manifest: TomlTable): LockedManifest {
  const requirements = (key: string): LockedManifest['requirements'] => manifest.tables(key).map(readLockedRequirement);
  const groups = manifest.table('dependency-groups');
  return {
    members: readNames(manifest, 'members'),
    ...optional('defaultGroups', readDefaultGroups(manifest)),
    requirements: requirements('requirements'),
    constraints: requirements('constraints'),
    overrides: manifest.tables('overrides').map(readOverride),
    excludes: manifest.list('excludes').map((entry) => readExclude(manifest, entry)),
    buildConstraints: requirements('build-constraints'),
    dependencyGroups: new Map(
      groups?.keys().map((group) => [normalizeName(group), groups.tables(group).map(readLockedRequirement)] as const),
    ),
    groupRequiresPython: readTexts(manifest.table('group-requires-python')),
    dependencyMetadata: manifest.tables('dependency-metadata').map(readStaticMetadata),
  };
}

function readOverride(entry: TomlTable): LockedManifest['overrides'][number] {
  const scope = entry.table('package');
  if (scope === undefined) return readLockedRequirement(entry);
  const found: ScopedOverride = {
    package: { name: readName(scope, 'name'), ...optional('version', scope.text('version')) },
    dependencies: entry.tables('dependencies').map(readLockedRequirement),
  };
  return found;
}

function readExclude(manifest: TomlTable, entry: unknown): NormalizedName | ScopedExclusion {
  if (typeof entry === 'string') return manifest.reading('excludes', isNameError, () => normalizeName(entry));
  const table = manifest.element('excludes', entry);
  const scope = table.required('package', table.table('package'));
  return {
    package: { name: readName(scope, 'name'), ...optional('version', scope.text('version')) },
    dependencies: readNames(table, 'dependencies'),
  };
}

const isNameError = (error: unknown): error is PackagingError => error instanceof PackagingError;

function readStaticMetadata(table: TomlTable): LockedStaticMetadata {
  return {
    name: readName(table, 'name'),
    ...optional('version', table.text('version')),
    requiresDist: table.texts('requires-dist'),
    ...optional('requiresPython', table.text('requires-python')),
    providesExtras: readNames(table, 'provides-extras'),
  };
}
