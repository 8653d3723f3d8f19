import type { TomlTable } from '../project/toml-table.ts';
import type { ConflictItem, LockedRequirement, RequirementSource } from './lockfile.ts';
import { readName, readNames, readOptionalName } from '../project/read-names.ts';
import { optional } from './optional.ts';

/** A declared requirement. @throws {LockfileError} */
export function readLockedRequirement(table: TomlTable): LockedRequirement {
  const groups = readNames(table, 'groups');
  return {
    name: readName(table, 'name'),
    extras: readNames(table, 'extras'),
    ...optional('groups', groups.length === 0 ? undefined : groups),
    ...optional('marker', table.text('marker')),
    source: readSource(table),
  };
}

export function readConflictItem(table: TomlTable): ConflictItem {
  return {
    package: readName(table, 'package'),
    ...optional('extra', readOptionalName(table, 'extra')),
    ...optional('group', readOptionalName(table, 'group')),
  };
}

function readSource(table: TomlTable): RequirementSource {
  const git = table.text('git');
  if (git !== undefined) return { kind: 'git', url: git };
  const url = table.text('url');
  if (url !== undefined) return { kind: 'url', url, ...optional('subdirectory', table.text('subdirectory')) };
  for (const kind of ['path', 'directory', 'editable', 'virtual'] as const) {
    const path = table.text(kind);
    if (path !== undefined) return { kind, path };
  }
  const conflict = table.table('conflict');
  return {
    kind: 'registry',
    ...optional('specifier', table.text('specifier')),
    ...optional('index', table.text('index')),
    ...optional('conflict', conflict && readConflictItem(conflict)),
  };
}
