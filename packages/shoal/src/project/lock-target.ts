/** What is locked into one file: a workspace, or a script with inline metadata. */
import { join } from 'node:path';
import type { NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import type { DependencyGroup } from './dependency-groups.ts';
import { parseProjectFile } from './project-file.ts';
import { readRequirements, readSpecifiers } from './read-names.ts';
import { isVirtualRoot } from './workspace.ts';
import type { Workspace } from './workspace.ts';
import { formatPythonRange, workspacePython } from './workspace-python.ts';
import type { WorkspacePython } from './workspace-python.ts';
import { releaseRangeOfSpecifierSet } from '@shoal/packaging';

export interface LockTarget {
  /** Of a script: without members. */
  readonly workspace: Workspace;
  /** Absolute: of the lockfile. */
  readonly lockPath: string;
  /** As messages name the lockfile. */
  readonly shown: string;
  /** Beside those of the members. */
  readonly requirements: readonly Requirement[];
  /** Of a root that is no project. */
  readonly groups: ReadonlyMap<NormalizedName, DependencyGroup>;
  /** `undefined` when nothing says which Pythons it is for. */
  readonly python: WorkspacePython | undefined;
  readonly isScript: boolean;
}

/** @throws {DisjointPythonsError} */
export function workspaceTarget(workspace: Workspace): LockTarget {
  const { root } = workspace;
  return {
    workspace,
    lockPath: join(root.folder, 'uv.lock'),
    shown: 'uv.lock',
    requirements: [],
    groups: isVirtualRoot(workspace) ? root.dependencyGroups : new Map(),
    python: workspacePython(workspace),
    isScript: false,
  };
}

/**
 * @param metadata The TOML of the script's block.
 * @param path Absolute: of the script.
 * @throws {ProjectFileError}
 */
export function scriptTarget(metadata: string, path: string, shown: string): LockTarget {
  const root = parseProjectFile(metadata, path);
  const requiresPython = readSpecifiers(root.document, 'requires-python');
  return {
    workspace: { root, members: new Map(), current: root, requiredMembers: new Map() },
    lockPath: `${path}.lock`,
    shown: `${shown}.lock`,
    requirements: readRequirements(root.document, 'dependencies'),
    groups: new Map(),
    python: requiresPython && pythonOf(requiresPython),
    isScript: true,
  };
}

function pythonOf(requiresPython: SpecifierSet): WorkspacePython {
  const range = releaseRangeOfSpecifierSet(requiresPython);
  return { range, text: formatPythonRange(range) };
}
