/** The projects that are locked together: one alone, or the members that a root names with `[tool.uv.workspace]`. */
import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import { globPaths, matchesGlob } from './glob-folders.ts';
import { parseProjectFile, readProjectFile } from './project-file.ts';
import type { ProjectFile } from './project-file.ts';
import { MissingProjectTableError, UnmanagedProjectError, WorkspaceError } from './workspace-errors.ts';

export interface Workspace {
  readonly root: ProjectFile;
  /** Sorted by name; the root too, when it is a project. */
  readonly members: ReadonlyMap<NormalizedName, ProjectFile>;
  /** The member that the folder belongs to; the root when that is no project. */
  readonly current: ProjectFile;
  /** Members that a `workspace = true` source names, and whether it says `editable`. */
  readonly requiredMembers: ReadonlyMap<NormalizedName, boolean | undefined>;
}

export interface DiscoveryOptions {
  /** Files, by their paths, as they are to be: what is on disk under these paths is not read. */
  readonly texts?: ReadonlyMap<string, string>;
  /** A folder that is no member yet, whatever is in it. */
  readonly ignoredFolder?: string;
}

/**
 * The workspace of the nearest `pyproject.toml` in `folder` or above it; `undefined` when there is none.
 *
 * @param folder Absolute.
 * @throws {ProjectFileError} {UnmanagedProjectError} {MissingProjectTableError} {WorkspaceError}
 */
export function discoverWorkspace(folder: string, options: DiscoveryOptions = {}): Workspace | undefined {
  const current = nearestProjectFile(folder, options);
  if (current === undefined) return undefined;
  if (!current.toolUv.managed) throw new UnmanagedProjectError(current.folder);
  if (current.toolUv.workspace !== undefined) return workspaceOf(current, current, options);
  if (current.name === undefined) throw new MissingProjectTableError(current.path);
  return workspaceOf(rootAbove(current, options) ?? current, current, options);
}

/** Is it built and installed, rather than only its dependencies? */
export function isPackaged(workspace: Workspace, member: ProjectFile): boolean {
  const isRequired = member.name !== undefined && workspace.requiredMembers.has(member.name);
  return member.toolUv.package ?? (member.hasBuildSystem || isRequired);
}

/** A root without `[project]`. */
export function isVirtualRoot({ root, members }: Workspace): boolean {
  return ![...members.values()].some(({ folder }) => folder === root.folder);
}

/** The folder of a member relative to the root, with `/`; `.` for the root. */
export function memberPath(workspace: Workspace, member: ProjectFile): string {
  return relative(workspace.root.folder, member.folder).replaceAll('\\', '/') || '.';
}

function nearestProjectFile(folder: string, options: DiscoveryOptions): ProjectFile | undefined {
  const found = projectFileIn(folder, options);
  if (found !== undefined) return found;
  return dirname(folder) === folder ? undefined : nearestProjectFile(dirname(folder), options);
}

function projectFileIn(folder: string, { texts }: DiscoveryOptions): ProjectFile | undefined {
  const path = join(folder, 'pyproject.toml');
  const text = texts?.get(path);
  return text === undefined ? readProjectFile(path) : parseProjectFile(text, path);
}

/** The next project above, if it is a workspace that has this one as a member. */
function rootAbove({ folder }: ProjectFile, options: DiscoveryOptions): ProjectFile | undefined {
  if (dirname(folder) === folder) return undefined;
  const root = nearestProjectFile(dirname(folder), options);
  const workspace = root?.toolUv.workspace;
  if (root === undefined || workspace === undefined) return undefined;
  const path = relative(root.folder, folder).replaceAll('\\', '/');
  const fits = (pattern: string): boolean => matchesGlob(path, pattern);
  return workspace.members.some(fits) && !workspace.exclude.some(fits) ? root : undefined;
}

function workspaceOf(root: ProjectFile, current: ProjectFile, options: DiscoveryOptions): Workspace {
  const members = new Map<NormalizedName, ProjectFile>();
  if (root.name !== undefined) members.set(root.name, root);
  for (const member of memberFiles(root, options)) {
    const { name } = member;
    if (name === undefined) throw new MissingProjectTableError(member.path);
    const other = members.get(name);
    if (other !== undefined) throw WorkspaceError.sameName(name, other.folder, member.folder);
    if (member.toolUv.workspace !== undefined) throw WorkspaceError.nested(member.folder);
    members.set(name, member);
  }
  const sorted = new Map([...members].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const own = [...sorted.values()].find(({ folder }) => folder === current.folder);
  return { root, members: sorted, current: own ?? current, requiredMembers: requiredMembersOf(root, sorted) };
}

function memberFiles(root: ProjectFile, options: DiscoveryOptions): readonly ProjectFile[] {
  const { members, exclude } = root.toolUv.workspace ?? { members: [], exclude: [] };
  const seen = new Set([root.folder]);
  return members.flatMap((pattern) =>
    globPaths(root.folder, pattern).flatMap((folder) => {
      const path = relative(root.folder, folder).replaceAll('\\', '/');
      if (
        seen.has(folder) ||
        folder === options.ignoredFolder ||
        exclude.some((excluded) => matchesGlob(path, excluded))
      )
        return [];
      seen.add(folder);
      const file = projectFileIn(folder, options);
      if (file === undefined && isMember(folder)) throw WorkspaceError.missingFile(folder, pattern);
      return file === undefined || !file.toolUv.managed ? [] : [file];
    }),
  );
}

/** Files, hidden folders, and folders that hold nothing but caches, match patterns and are no members. */
function isMember(folder: string): boolean {
  if (basename(folder).startsWith('.') || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return false;
  return holdsFiles(folder);
}

function holdsFiles(folder: string): boolean {
  return entriesOf(folder).some((entry) =>
    entry.isDirectory() ? entry.name !== '__pycache__' && holdsFiles(join(folder, entry.name)) : true,
  );
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return [];
    throw error;
  }
}

function requiredMembersOf(root: ProjectFile, members: Workspace['members']): Workspace['requiredMembers'] {
  const required = new Map<NormalizedName, boolean | undefined>();
  for (const { name: own, toolUv } of [root, ...members.values()]) {
    for (const [name, sources] of toolUv.sources) {
      if (name === own) continue;
      for (const source of sources) {
        if (source.kind !== 'workspace') continue;
        const before = required.get(name);
        if (before !== undefined && source.editable !== undefined && before !== source.editable)
          throw WorkspaceError.editableConflict(name);
        required.set(name, source.editable);
      }
    }
  }
  return required;
}
