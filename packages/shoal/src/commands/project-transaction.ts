/**
 * A change of a project: under its lock, from reading the files to the last write. What a killed command left is finished first.
 * A change that fails leaves every file as it was.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperationalError } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import { recoverFiles } from '../project/commit-files.ts';
import { lockProjectFolder } from '../project/project-lock.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';

/** There is no `pyproject.toml`. */
export class NoProjectError extends OperationalError {
  override readonly code = 'NO_PROJECT';

  constructor(hint: string) {
    super('No `pyproject.toml` found in current directory or any parent directory', { hint });
  }
}

/** `--package` names no member of the workspace. */
export class UnknownMemberError extends OperationalError {
  override readonly code = 'UNKNOWN_MEMBER';

  constructor(name: NormalizedName, workspace: Workspace) {
    super(`Package \`${name}\` not found in workspace`, {
      hint: `The workspace has: ${[...workspace.members.keys()].join(', ') || 'no members'}`,
    });
  }
}

export interface FoundProject {
  readonly workspace: Workspace;
  /** The member that is changed, or the root when that is no project. */
  readonly current: ProjectFile;
}

export interface ProjectPlace {
  /** Absolute: where the project is looked for. */
  readonly folder: string;
  /** `--package`. */
  readonly member?: NormalizedName | undefined;
  /** What may help where there is no project. */
  readonly hint?: string | undefined;
}

/** The project that a command is about. @throws {NoProjectError} {UnknownMemberError}, and as `discoverWorkspace`. */
export function findProjectToChange({ folder, member, hint }: ProjectPlace): FoundProject {
  const workspace = discoverWorkspace(folder);
  if (workspace === undefined) throw new NoProjectError(hint ?? 'Make one with `shoal init`');
  if (member === undefined) return { workspace, current: workspace.current };
  const current = workspace.members.get(member);
  if (current === undefined) throw new UnknownMemberError(member, workspace);
  return { workspace, current };
}

/** Do `work` under the lock of the workspace, with what its files say now. */
export async function changeProjectFiles<Result>(
  place: ProjectPlace,
  context: Context,
  options: WorkflowOptions,
  work: (found: FoundProject) => Promise<Result>,
): Promise<Result> {
  const root = rootFolder(place);
  using _lock = await lockProjectFolder(root, context.projectLockOptions);
  recoverFiles(root, options);
  return await work(findProjectToChange(place));
}

/** Files that a killed command left half written may not even parse together; then the nearest journal tells. */
function rootFolder(place: ProjectPlace): string {
  for (let folder = place.folder; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.shoal-commit'))) return folder;
    if (dirname(folder) === folder) return findProjectToChange(place).workspace.root.folder;
  }
}
