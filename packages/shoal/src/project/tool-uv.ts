/** `[tool.uv]` as locking and syncing a project need it. */
import type { Marker, NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import { isTable } from './toml-table.ts';
import type { TomlTable } from './toml-table.ts';
import { readProjectSources } from './project-source.ts';
import type { ProjectSource } from './project-source.ts';
import {
  readKeys,
  readMarkers,
  readName,
  readNames,
  readOptionalName,
  readRequirements,
  readSpecifiers,
} from './read-names.ts';

/** `[[tool.uv.index]]`. */
export interface ProjectIndex {
  readonly name: string | undefined;
  /** As written: a URL, or a path relative to the folder of the file. */
  readonly url: string;
  readonly explicit: boolean;
  readonly default: boolean;
  readonly format: 'simple' | 'flat';
  readonly ignoreErrorCodes: readonly number[];
  readonly raw: TomlTable;
}

/** One side of a conflict; without an extra or group the project itself. */
export interface ProjectConflict {
  /** Absent: the project of the file. */
  readonly package: NormalizedName | undefined;
  readonly extra: NormalizedName | undefined;
  readonly group: NormalizedName | undefined;
}

/** A value for the dependencies of one package alone. */
export interface Scoped<Value> {
  readonly package: { readonly name: NormalizedName; readonly version: string | undefined };
  readonly dependencies: readonly Value[];
}

/** `[[tool.uv.dependency-metadata]]`. */
export interface StaticMetadata {
  readonly name: NormalizedName;
  readonly version: string | undefined;
  /** As written. */
  readonly requiresDist: readonly Requirement[];
  readonly requiresPython: SpecifierSet | undefined;
  readonly providesExtras: readonly NormalizedName[];
}

export interface ToolUv {
  readonly managed: boolean;
  /** Absent: packaged if there is a `[build-system]`. */
  readonly package: boolean | undefined;
  readonly workspace: { readonly members: readonly string[]; readonly exclude: readonly string[] } | undefined;
  readonly sources: ReadonlyMap<NormalizedName, readonly ProjectSource[]>;
  readonly indexes: readonly ProjectIndex[];
  /** Absent: `dev`, where there is such a group. */
  readonly defaultGroups: 'all' | readonly NormalizedName[] | undefined;
  readonly environments: readonly Marker[];
  readonly requiredEnvironments: readonly Marker[];
  readonly conflicts: readonly (readonly ProjectConflict[])[];
  readonly overrideDependencies: readonly (Requirement | Scoped<Requirement>)[];
  readonly constraintDependencies: readonly Requirement[];
  readonly excludeDependencies: readonly (NormalizedName | Scoped<NormalizedName>)[];
  readonly buildConstraintDependencies: readonly Requirement[];
  readonly dependencyMetadata: readonly StaticMetadata[];
  /** `undefined` when the key is absent: an empty list makes the group `dev`, too. */
  readonly devDependencies: readonly Requirement[] | undefined;
  /** `[tool.uv.dependency-groups]`: which Pythons a group is for. */
  readonly groupPythons: ReadonlyMap<NormalizedName, SpecifierSet>;
  /** The table itself, for settings. */
  readonly raw: TomlTable;
}

/** @param table `[tool.uv]`, or an empty table. @throws the fault of the table for what cannot be understood. */
export function readToolUv(table: TomlTable): ToolUv {
  const workspace = table.table('workspace');
  return {
    managed: table.boolean('managed') ?? true,
    package: table.boolean('package'),
    workspace: workspace && { members: workspace.texts('members'), exclude: workspace.texts('exclude') },
    sources: readSources(table.table('sources')),
    indexes: table.tables('index').map(readIndex),
    defaultGroups: table.raw['default-groups'] === 'all' ? 'all' : readDefaultGroups(table),
    environments: readMarkers(table, 'environments'),
    requiredEnvironments: readMarkers(table, 'required-environments'),
    conflicts: readConflicts(table),
    overrideDependencies: readOverrides(table),
    constraintDependencies: readRequirements(table, 'constraint-dependencies'),
    excludeDependencies: readExcludes(table),
    buildConstraintDependencies: readRequirements(table, 'build-constraint-dependencies'),
    dependencyMetadata: table.tables('dependency-metadata').map(readStaticMetadata),
    devDependencies: table.has('dev-dependencies') ? readRequirements(table, 'dev-dependencies') : undefined,
    groupPythons: readGroupPythons(table.table('dependency-groups')),
    raw: table,
  };
}

function readSources(table: TomlTable | undefined): ToolUv['sources'] {
  if (table === undefined) return new Map();
  const found = new Map<NormalizedName, readonly ProjectSource[]>();
  for (const [name, key] of readKeys(table)) {
    if (found.has(name)) throw table.fault(`duplicate sources for package \`${name}\``);
    found.set(name, readProjectSources(table, key));
  }
  return found;
}

function readIndex(table: TomlTable): ProjectIndex {
  const format = table.text('format') ?? 'simple';
  if (format !== 'simple' && format !== 'flat')
    throw table.fault(`\`${table.nameOf('format')}\` must be \`simple\` or \`flat\``);
  return {
    name: table.text('name'),
    url: table.required('url', table.text('url')),
    explicit: table.boolean('explicit') ?? false,
    default: table.boolean('default') ?? false,
    format,
    ignoreErrorCodes: table.list('ignore-error-codes').filter((code): code is number => typeof code === 'number'),
    raw: table,
  };
}

function readDefaultGroups(table: TomlTable): readonly NormalizedName[] | undefined {
  return table.has('default-groups') ? readNames(table, 'default-groups') : undefined;
}

function readConflicts(table: TomlTable): ToolUv['conflicts'] {
  return table.list('conflicts').map((set) => {
    if (!Array.isArray(set)) throw table.fault(`\`${table.nameOf('conflicts')}\` holds something that is no array`);
    if (set.length < 2) throw table.fault('Each set of conflicts must have at least two entries');
    return set.map((item) => readConflict(table.element('conflicts', item)));
  });
}

function readConflict(table: TomlTable): ProjectConflict {
  const item = {
    package: readOptionalName(table, 'package'),
    extra: readOptionalName(table, 'extra'),
    group: readOptionalName(table, 'group'),
  };
  if (item.package === undefined && item.extra === undefined && item.group === undefined)
    throw table.fault('Expected `package`, `extra` or `group` field in conflicting entry');
  if (item.extra !== undefined && item.group !== undefined)
    throw table.fault('Expected one of `extra` or `group` in conflicting entry, but found both');
  return item;
}

function readOverrides(table: TomlTable): ToolUv['overrideDependencies'] {
  const key = 'override-dependencies';
  return table.list(key).flatMap((entry): readonly (Requirement | Scoped<Requirement>)[] => {
    if (!isTable(entry)) return readRequirements(only(table, key, entry), key);
    const scope = table.element(key, entry);
    return [{ package: readScope(scope), dependencies: readRequirements(scope, 'dependencies') }];
  });
}

function readExcludes(table: TomlTable): ToolUv['excludeDependencies'] {
  const key = 'exclude-dependencies';
  return table.list(key).flatMap((entry): readonly (NormalizedName | Scoped<NormalizedName>)[] => {
    if (!isTable(entry)) return readNames(only(table, key, entry), key);
    const scope = table.element(key, entry);
    return [{ package: readScope(scope), dependencies: readNames(scope, 'dependencies') }];
  });
}

/** The table with one element of a list alone. */
function only(table: TomlTable, key: string, entry: unknown): TomlTable {
  return table.with({ [key]: [entry] });
}

function readScope(entry: TomlTable): Scoped<never>['package'] {
  const scope = entry.required('package', entry.table('package'));
  return { name: readName(scope, 'name'), version: scope.text('version') };
}

function readStaticMetadata(table: TomlTable): StaticMetadata {
  return {
    name: readName(table, 'name'),
    version: table.text('version'),
    requiresDist: readRequirements(table, 'requires-dist'),
    requiresPython: readSpecifiers(table, 'requires-python'),
    providesExtras: readNames(table, table.has('provides-extras') ? 'provides-extras' : 'provides-extra'),
  };
}

function readGroupPythons(groups: TomlTable | undefined): ToolUv['groupPythons'] {
  const found = new Map<NormalizedName, SpecifierSet>();
  for (const [name, key] of groups === undefined ? [] : readKeys(groups)) {
    const python = groups?.table(key);
    const specifiers = python && readSpecifiers(python, 'requires-python');
    if (specifiers !== undefined) found.set(name, specifiers);
  }
  return found;
}
