/**
 * Editing a project so that its files, its lockfile and its environment follow: nothing is written before the lockfile for the
 * edited files is known, then all files at once; where the environment cannot follow, all of them are put back.
 */
import { hasErrorCode } from '@shoal/cache';
import { commitFiles } from '../project/commit-files.ts';
import type { FileChange } from '../project/commit-files.ts';
import type { Lockfile } from '../lock/lockfile.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { changeProjectFiles } from './project-transaction.ts';
import type { FoundProject, ProjectPlace } from './project-transaction.ts';

/** Texts of files by their absolute paths. */
export type EditedTexts = ReadonlyMap<string, string>;

export interface ProjectEdit {
  /** What the files are to hold. */
  readonly texts: EditedTexts;
  /** The same once the versions are known; `undefined` when nothing more is to be said. */
  readonly refine?: (lockfile: Lockfile) => EditedTexts | undefined;
}

/** A lockfile that was made for files as they are to be. */
export interface FollowingLockfile {
  readonly path: string;
  readonly lockfile: Lockfile;
  readonly text: string;
  /** What the file holds on disk; `undefined` when it is not there. */
  readonly previousText: string | undefined;
}

/** What follows an edit. */
export interface FollowUp {
  /** @param draft The lockfile that was made for an earlier state of the same edit. */
  lock(workspace: Workspace, draft: FollowingLockfile | undefined): Promise<FollowingLockfile>;
  /** Absent: the environment stays as it is. */
  readonly sync?: (workspace: Workspace, lockfile: Lockfile) => Promise<void>;
}

export interface EditInput {
  readonly place: ProjectPlace;
  /** Absent (`--frozen`): the files are edited, and that is all. */
  readonly followUp: FollowUp | undefined;
  /** The edit, of the files as they are under the lock. */
  readonly edit: (found: FoundProject) => Promise<ProjectEdit> | ProjectEdit;
}

/** @throws whatever the edit, locking and syncing throw; every file is then as it was. */
export async function editProject(input: EditInput, context: Context, options: WorkflowOptions): Promise<void> {
  await changeProjectFiles(input.place, context, options, async (found) => {
    const edit = await input.edit(found);
    // What cannot be read again is not written, whether or not anything follows.
    const edited = editedWorkspace(found, edit.texts);
    const state = input.followUp === undefined ? undefined : await lockEdited(input.followUp, edit, { found, edited });
    const changes = changesOf(state?.texts ?? edit.texts, state?.locked, found.workspace);
    options.signal?.throwIfAborted();
    commitFiles(found.workspace.root.folder, changes, options);
    if (state === undefined || input.followUp?.sync === undefined) return;
    try {
      await input.followUp.sync(state.workspace, state.locked.lockfile);
    } catch (error) {
      putBack(changes, found.workspace, options);
      throw error;
    }
  });
}

interface LockedState {
  readonly texts: EditedTexts;
  readonly workspace: Workspace;
  readonly locked: FollowingLockfile;
}

async function lockEdited(
  followUp: FollowUp,
  edit: ProjectEdit,
  { found, edited }: { readonly found: FoundProject; readonly edited: Workspace },
): Promise<LockedState> {
  const draft = await followUp.lock(edited, undefined);
  const refined = edit.refine?.(draft.lockfile);
  if (refined === undefined) return { texts: edit.texts, workspace: edited, locked: draft };
  const workspace = editedWorkspace(found, refined);
  return { texts: refined, workspace, locked: await followUp.lock(workspace, draft) };
}

/** The workspace as it will be. */
function editedWorkspace({ current, workspace }: FoundProject, texts: EditedTexts): Workspace {
  return discoverWorkspace(current.folder, { texts }) ?? workspace;
}

function changesOf(
  texts: EditedTexts,
  locked: FollowingLockfile | undefined,
  workspace: Workspace,
): readonly FileChange[] {
  const files = [workspace.root, ...workspace.members.values()];
  const changes = [...texts].map(([path, content]): FileChange => {
    return { path, content, expected: files.find((file) => file.path === path)?.text };
  });
  if (locked === undefined || locked.text === locked.previousText) return changes;
  return [...changes, { path: locked.path, content: locked.text, expected: locked.previousText }];
}

/** What somebody has written since stays. */
function putBack(changes: readonly FileChange[], { root }: Workspace, options: WorkflowOptions): void {
  const reversed = changes.map(({ path, content, expected }) => ({ path, content: expected, expected: content }));
  try {
    commitFiles(root.folder, reversed, options);
  } catch (error) {
    if (!hasErrorCode(error, 'PROJECT_CHANGED')) throw error;
  }
}
