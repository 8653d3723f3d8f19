/** `init`: a new project, alone or as a member of the workspace above it. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { hasErrorCode, OperationalError, writeFileAtomic } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import { commitFiles, recoverFiles } from '../project/commit-files.ts';
import type { FileChange } from '../project/commit-files.ts';
import { addWorkspaceMember } from '../project/edit-sources.ts';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import { matchesGlob } from '../project/glob-folders.ts';
import { lockProjectFolder } from '../project/project-lock.ts';
import { newProjectText } from '../project/starter/new-project.ts';
import type { NewProject } from '../project/starter/new-project.ts';
import { starterFiles } from '../project/starter/starter-files.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { authorOfGit, makeRepository, writeIfAbsent } from './new-repository.ts';

export interface InitInput {
  /** Absolute; made when it is missing. */
  readonly folder: string;
  readonly project: Omit<NewProject, 'author' | 'name'> & { readonly name: NormalizedName };
  /** `undefined`: where there is no repository yet and git is there. */
  readonly vcs: 'git' | 'none' | undefined;
  readonly authorFrom: 'auto' | 'git' | 'none';
  /** The folder of the workspace that the project joins; `undefined` when it stands alone. */
  readonly workspaceRoot: string | undefined;
  /** What `.python-version` is to say; `undefined`: none is written. */
  readonly pin: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** How the project stands to the workspace above it. */
export type Membership = 'none' | 'added' | 'already' | 'excluded';

/** There is a `pyproject.toml` already. */
export class ProjectExistsError extends OperationalError {
  override readonly code = 'PROJECT_EXISTS';

  constructor(folder: string) {
    super(`Cannot initialize a project in \`${folder}\` because \`pyproject.toml\` already exists`, {
      hint: 'Choose another folder, or change the project that is there with `shoal add` and `shoal remove`',
    });
  }
}

/** @throws {ProjectExistsError} before anything is made; {GitError} {ProjectWriteError} {WorkspaceError} */
export async function initProject(
  input: InitInput,
  context: Context,
  { onEvent }: WorkflowOptions,
): Promise<Membership> {
  const { folder, project, workspaceRoot } = input;
  refuseExisting(folder);
  mkdirSync(folder, { recursive: true });
  const root = workspaceRoot ?? folder;
  using _lock = await lockProjectFolder(root, context.projectLockOptions);
  recoverFiles(root, { onEvent });
  refuseExisting(folder);
  if (input.vcs !== 'none') makeRepository(folder, input.vcs, input.variables);
  const author = input.authorFrom === 'none' ? undefined : authorOfGit(folder, input.variables);
  const { membership, change } = joining(input);
  for (const { path, text } of starterFiles(project)) writeBelow(folder, path, text);
  const path = join(folder, 'pyproject.toml');
  const own = { path, content: newProjectText({ ...project, author }), expected: undefined };
  commitFiles(root, [own, ...(change === undefined ? [] : [change])], { onEvent });
  if (project.hasReadme) writeIfAbsent(join(folder, 'README.md'), '');
  if (input.pin !== undefined) writeFileAtomic(join(folder, '.python-version'), `${input.pin}\n`);
  return membership;
}

/** The workspace that a project in `folder` would be a member of; `undefined` when there is none above it. */
export function workspaceAbove(folder: string): Workspace | undefined {
  if (dirname(folder) === folder) return undefined;
  try {
    return discoverWorkspace(dirname(folder), { ignoredFolder: folder });
  } catch (error) {
    // Such a file says nothing about workspaces.
    if (hasErrorCode(error, 'MISSING_PROJECT_TABLE', 'UNMANAGED_PROJECT')) return undefined;
    throw error;
  }
}

function refuseExisting(folder: string): void {
  if (statSync(join(folder, 'pyproject.toml'), { throwIfNoEntry: false }) !== undefined)
    throw new ProjectExistsError(folder);
}

/** A file that is there already is not ours to change. */
function writeBelow(folder: string, path: string, text: string): void {
  const place = join(folder, ...path.split('/'));
  mkdirSync(dirname(place), { recursive: true });
  writeIfAbsent(place, text);
}

/** Read again under the lock: other projects may have joined meanwhile. */
function joining({ folder, workspaceRoot }: InitInput): {
  readonly membership: Membership;
  readonly change?: FileChange;
} {
  const workspace = workspaceRoot === undefined ? undefined : workspaceAbove(folder);
  if (workspace === undefined) return { membership: 'none' };
  const { root } = workspace;
  const path = relative(root.folder, folder).replaceAll('\\', '/');
  const { members, exclude } = root.toolUv.workspace ?? { members: [], exclude: [] };
  if (exclude.some((pattern) => matchesGlob(path, pattern))) return { membership: 'excluded' };
  if (members.some((pattern) => matchesGlob(path, pattern))) return { membership: 'already' };
  const document = new TomlDocument(root.text);
  addWorkspaceMember({ document, isScript: false }, path);
  return { membership: 'added', change: { path: root.path, content: document.text, expected: root.text } };
}
