import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { TomlTable } from '../project/toml-table.ts';
import type {
  DefaultGroups,
  LockedDependency,
  LockedMetadata,
  LockedPackage,
  LockedSdist,
  LockedSource,
  LockedWheel,
} from './lockfile.ts';
import { readName, readNames } from '../project/read-names.ts';
import { optional } from './optional.ts';
import { readLockedRequirement } from './read-locked-requirement.ts';

/** One `[[package]]`. @throws {LockfileError} */
export function readLockedPackage(table: TomlTable): LockedPackage {
  const sdist = table.table('sdist');
  return {
    name: readName(table, 'name'),
    ...optional('version', table.text('version')),
    source: readLockedSource(table.required('source', table.table('source'))),
    ...optional('defaultGroups', readDefaultGroups(table)),
    resolutionMarkers: table.texts('resolution-markers'),
    dependencies: table.tables('dependencies').map(readDependency),
    optionalDependencies: readDependencies(table.table('optional-dependencies')),
    devDependencies: readDependencies(table.table('dev-dependencies') ?? table.table('dependency-groups')),
    groupRequiresPython: readTexts(table.table('group-requires-python')),
    ...optional('sdist', sdist && readSdist(sdist)),
    wheels: table.tables('wheels').map(readWheel),
    metadata: readMetadata(table.table('metadata')),
  };
}

/** `undefined` when the key is absent. */
export function readDefaultGroups(table: TomlTable): DefaultGroups | undefined {
  if (table.raw['default-groups'] === 'all') return 'all';
  return table.has('default-groups') ? readNames(table, 'default-groups') : undefined;
}

/** Name -> text. */
export function readTexts(table: TomlTable | undefined): ReadonlyMap<NormalizedName, string> {
  return new Map(table?.keys().map((key) => [normalizeName(key), table.text(key) ?? ''] as const));
}

function readDependencies(table: TomlTable | undefined): ReadonlyMap<NormalizedName, readonly LockedDependency[]> {
  return new Map(table?.keys().map((key) => [normalizeName(key), table.tables(key).map(readDependency)] as const));
}

function readDependency(table: TomlTable): LockedDependency {
  const source = table.table('source');
  return {
    name: readName(table, 'name'),
    ...optional('version', table.text('version')),
    ...optional('source', source && readLockedSource(source)),
    extras: readNames(table, 'extra'),
    ...optional('marker', table.text('marker')),
  };
}

function readLockedSource(table: TomlTable): LockedSource {
  const location = table.text('registry');
  if (location !== undefined) return { kind: 'registry', location };
  const git = table.text('git');
  if (git !== undefined) return { kind: 'git', url: git };
  const url = table.text('url');
  if (url !== undefined) return { kind: 'url', url, ...optional('subdirectory', table.text('subdirectory')) };
  for (const kind of ['path', 'directory', 'editable', 'virtual'] as const) {
    const path = table.text(kind);
    if (path !== undefined) return { kind, path };
  }
  throw table.fault('a `source` is of none of the known kinds');
}

function readSdist(table: TomlTable): LockedSdist {
  return { ...optional('url', table.text('url')), ...optional('path', table.text('path')), ...readFacts(table) };
}

function readWheel(table: TomlTable): LockedWheel {
  const zstd = table.table('zstd');
  return {
    ...optional('url', table.text('url')),
    ...optional('path', table.text('path')),
    ...optional('filename', table.text('filename')),
    ...readFacts(table),
    ...optional('zstd', zstd && { ...optional('hash', zstd.text('hash')), ...optional('size', zstd.integer('size')) }),
  };
}

function readFacts(table: TomlTable): Pick<LockedWheel, 'hash' | 'size' | 'uploadTime'> {
  return {
    ...optional('hash', table.text('hash')),
    ...optional('size', table.integer('size')),
    ...optional('uploadTime', table.text('upload-time')),
  };
}

function readMetadata(table: TomlTable | undefined): LockedMetadata {
  const groups = table?.table('requires-dev') ?? table?.table('dependency-groups');
  return {
    requiresDist: (table?.tables('requires-dist') ?? []).map(readLockedRequirement),
    providesExtras: table === undefined ? [] : readNames(table, 'provides-extras'),
    requiresDev: new Map(
      groups?.keys().map((group) => [normalizeName(group), groups.tables(group).map(readLockedRequirement)] as const),
    ),
  };
}
