/** The lockfile that an environment is brought to: read as it is, or made up to date first, under the project's lock. */
import type { WorkflowEvent } from '../commands/install-phases.ts';
import { lockProject } from '../commands/lock-project.ts';
import type { LockResult } from '../commands/lock-project.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { Lockfile } from '../lock/lockfile.ts';
import { commitFiles, needsRecovery, recoverFiles } from '../project/commit-files.ts';
import { workspaceTarget } from '../project/lock-target.ts';
import type { LockTarget } from '../project/lock-target.ts';
import { lockProjectFolder } from '../project/project-lock.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import { demandOf } from './demand-of.ts';
import { lockPolicy } from './lock-policy.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

export interface ObtainedLockfile {
  readonly lockfile: Lockfile;
  /** How many packages were resolved; absent when the file was taken as it is. */
  readonly resolved: number | undefined;
  /** As it was read under the lock. */
  readonly workspace: Workspace;
}

export interface LockfilePlace {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  readonly workspace: Workspace;
  readonly interpreter: InterpreterFacts;
  /** Tell what would be written, and write nothing. */
  readonly isDryRun: boolean;
  readonly onEvent: (event: WorkflowEvent) => void;
}

/** @throws {LockMissingError} {LockMismatchError} {LockfileError} and what resolving throws. */
export async function obtainLockfile(place: LockfilePlace): Promise<ObtainedLockfile> {
  const frozen = demandOf(place.values, 'frozen');
  if (frozen !== undefined) {
    const { lockfile } = await lock(place, workspaceTarget(place.workspace), { mode: 'frozen', demand: frozen });
    return { lockfile, resolved: undefined, workspace: place.workspace };
  }
  const { folder } = place.workspace.root;
  const { context } = place.opened;
  using _lock = await lockProjectFolder(folder, context.projectLockOptions);
  if (needsRecovery(folder)) recoverFiles(folder);
  const workspace = discoverWorkspace(place.workspace.current.folder) ?? place.workspace;
  const target = workspaceTarget(workspace);
  const locked = demandOf(place.values, 'locked');
  const result = await lock(place, target, { mode: locked === undefined ? 'update' : 'locked', demand: locked ?? '' });
  if (place.isDryRun) announce(result, target, place.session);
  else if (result.isChanged)
    commitFiles(folder, [{ path: target.lockPath, content: result.text, expected: result.previousText }]);
  return { lockfile: result.lockfile, resolved: result.lockfile.packages.length, workspace };
}

async function lock(
  { session, values, opened, interpreter, onEvent }: LockfilePlace,
  target: LockTarget,
  how: { readonly mode: 'update' | 'locked' | 'frozen'; readonly demand: string },
): Promise<LockResult> {
  const policy = lockPolicy(values, { session, target, opened });
  return await lockProject({ target, ...how, policy, interpreter }, opened.context, {
    signal: session.signal,
    onEvent,
  });
}

function announce({ isChanged, hadLockfile }: LockResult, { shown }: LockTarget, { reporter }: Session): void {
  const words = isChanged ? `Would ${hadLockfile ? 'update' : 'create'}` : 'Found up-to-date';
  reporter.line(`${words} lockfile at: ${reporter.style.bold(shown)}`);
}
