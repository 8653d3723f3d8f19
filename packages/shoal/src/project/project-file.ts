/** A `pyproject.toml`, parsed once: what it declares and how uv is to treat it. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import { readDependencyGroups } from './dependency-groups.ts';
import type { DependencyGroup } from './dependency-groups.ts';
import { readKeys, readName, readRequirements, readSpecifiers } from './read-names.ts';
import { TomlTable } from './toml-table.ts';
import { readToolUv } from './tool-uv.ts';
import type { ToolUv } from './tool-uv.ts';
import { ProjectFileError } from './workspace-errors.ts';

export interface ProjectFile {
  /** Absolute. */
  readonly folder: string;
  readonly path: string;
  readonly text: string;
  readonly document: TomlTable;
  /** `undefined` when there is no `[project]`. */
  readonly name: NormalizedName | undefined;
  /** As written; `undefined` when it is dynamic, or there is no `[project]`. */
  readonly version: string | undefined;
  /** `project.dynamic`. */
  readonly dynamic: readonly string[];
  readonly requiresPython: SpecifierSet | undefined;
  /** In written order; empty when they are dynamic. */
  readonly dependencies: readonly Requirement[];
  /** In written order. */
  readonly optionalDependencies: ReadonlyMap<NormalizedName, readonly Requirement[]>;
  /** Includes resolved, sorted by name. */
  readonly dependencyGroups: ReadonlyMap<NormalizedName, DependencyGroup>;
  readonly toolUv: ToolUv;
  readonly hasBuildSystem: boolean;
}

/** The file at `path`; `undefined` when there is none. @throws {ProjectFileError} */
export function readProjectFile(path: string): ProjectFile | undefined {
  const text = readIfPresent(path);
  return text === undefined ? undefined : parseProjectFile(text, path);
}

/** @param path Absolute. @throws {ProjectFileError} for what is no TOML, or not what the standards and uv ask for. */
export function parseProjectFile(text: string, path: string): ProjectFile {
  const document = TomlTable.parse(text, path, (message, cause) => new ProjectFileError(path, message, cause));
  const project = document.table('project');
  const toolUv = readToolUv(document.table('tool')?.table('uv') ?? emptyToolUv(document));
  return {
    folder: dirname(path),
    path,
    text,
    document,
    name: project && readName(project, 'name'),
    version: project?.text('version'),
    dynamic: project?.texts('dynamic') ?? [],
    requiresPython: project && readSpecifiers(project, 'requires-python'),
    dependencies: project === undefined ? [] : readRequirements(project, 'dependencies'),
    optionalDependencies: readOptionalDependencies(project?.table('optional-dependencies')),
    dependencyGroups: readDependencyGroups(document.table('dependency-groups'), toolUv),
    toolUv,
    hasBuildSystem: document.has('build-system'),
  };
}

function emptyToolUv(document: TomlTable): TomlTable {
  return document.element('tool.uv', {});
}

function readOptionalDependencies(table: TomlTable | undefined): ProjectFile['optionalDependencies'] {
  if (table === undefined) return new Map();
  const found = new Map<NormalizedName, readonly Requirement[]>();
  for (const [extra, key] of readKeys(table)) {
    if (found.has(extra)) throw table.fault(`duplicate optional dependency \`${extra}\``);
    found.set(extra, readRequirements(table, key));
  }
  return found;
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}
