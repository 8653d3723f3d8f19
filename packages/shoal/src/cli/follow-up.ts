/** What follows the edit of a project: its lockfile, and its environment. */
import type { LockScript, ScriptPlace } from '../commands/change-script.ts';
import type { FollowingLockfile, FollowUp } from '../commands/edit-project.ts';
import type { DependencyPlace } from '../project/dependency-place.ts';
import { syncAfterEdit } from './sync-after-edit.ts';
import { lockProject } from '../commands/lock-project.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { scriptTarget, workspaceTarget } from '../project/lock-target.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { SourcedRequirement } from '../resolve/resolve-input.ts';
import { ensureProjectEnvironment, projectEnvironmentRoot, projectPython } from './project-environment.ts';
import type { Environment } from '../environment/environment.ts';
import type { Workspace } from '../project/workspace.ts';
import { lockInterpreter } from './lock-interpreter.ts';
import { lockPolicy } from './lock-policy.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

export interface FollowUpInput extends ProjectPythons {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  /** Limits for this one resolution. */
  readonly constraints?: readonly SourcedRequirement[];
  /** The list that was edited: what is in it is synced, too. Absent: what is synced by default. */
  readonly list?: DependencyPlace | undefined;
  /** Remove what the lockfile does not ask for. */
  readonly isExact: boolean;
}

/** The environment and the interpreter of a project, looked for when they are first needed, and named once. */
export interface ProjectPythons {
  readonly environmentFor: (workspace: Workspace) => Promise<Environment>;
  readonly interpreterFor: (target: LockTarget) => Promise<InterpreterFacts>;
}

/** Where an environment is to be synced, its interpreter serves for everything. */
export function projectPythons(session: Session, values: OptionValues, opened: OpenedContext): ProjectPythons {
  const { context } = opened;
  let environment: Promise<Environment> | undefined;
  let interpreter: Promise<InterpreterFacts> | undefined;
  const isSynced = !values.flag('frozen') && !values.flag('noSync');
  const environmentFor: ProjectPythons['environmentFor'] = (workspace) => {
    const place = { session, values, workspace, context };
    return (environment ??= ensureProjectEnvironment(projectEnvironmentRoot(place), projectPython(place), place));
  };
  return {
    environmentFor,
    interpreterFor: async (target) =>
      isSynced && !target.isScript
        ? (await environmentFor(target.workspace)).interpreter
        : await (interpreter ??= lockInterpreter(session, { values, target, context })),
  };
}

/** `undefined` with `--frozen`. */
export function followUpOf(input: FollowUpInput): FollowUp | undefined {
  if (input.values.flag('frozen')) return undefined;
  return {
    lock: (workspace, draft) => lockTarget(workspaceTarget(workspace), draft, input),
    ...(input.values.flag('noSync')
      ? {}
      : {
          sync: async (workspace, lockfile) => {
            const environment = await input.environmentFor(workspace);
            await syncAfterEdit({ ...input, environment, workspace, lockfile });
          },
        }),
  };
}

/** Scripts are always resolved, for the versions that bounds are made of. */
export function scriptLock(script: ScriptPlace, input: FollowUpInput): LockScript {
  return (metadata, draft) => lockTarget(scriptTarget(metadata, script.path, script.shown), draft, input);
}

async function lockTarget(
  target: LockTarget,
  draft: FollowingLockfile | undefined,
  { session, values, opened, interpreterFor, constraints = [] }: FollowUpInput,
): Promise<FollowingLockfile> {
  const isLocked = values.flag('locked') && !target.isScript;
  const policy = lockPolicy(values, { session, target, opened });
  const { lockfile, text, previousText } = await lockProject(
    {
      target,
      mode: isLocked ? 'locked' : 'update',
      demand: values.isGiven('locked') ? '--locked' : 'UV_LOCKED=1',
      // The limits have done their work when there is a draft.
      policy: draft === undefined ? { ...policy, upgradeLimits: [...policy.upgradeLimits, ...constraints] } : policy,
      interpreter: await interpreterFor(target),
      draft: draft?.text,
    },
    opened.context,
    {
      signal: session.signal,
      // The same packages are not counted twice.
      onEvent: (event) => (draft !== undefined && event.type === 'phase' ? undefined : opened.onEvent(event)),
    },
  );
  return { path: target.lockPath, lockfile, text, previousText };
}
