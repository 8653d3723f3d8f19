/** What follows the edit of a project: its lockfile, and its environment. */
import type { LockScript, ScriptPlace } from '../commands/change-script.ts';
import type { FollowingLockfile, FollowUp } from '../commands/edit-project.ts';
import { lockProject } from '../commands/lock-project.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { scriptTarget, workspaceTarget } from '../project/lock-target.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { SourcedRequirement } from '../resolve/resolve-input.ts';
import { lockInterpreter } from './lock-interpreter.ts';
import { lockPolicy } from './lock-policy.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

export interface FollowUpInput {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  readonly interpreterFor: (target: LockTarget) => Promise<InterpreterFacts>;
  /** Limits for this one resolution. */
  readonly constraints?: readonly SourcedRequirement[];
  readonly sync?: FollowUp['sync'];
}

/** The interpreter of the project, looked for when it is first needed, and named once. */
export function interpreterOnce(
  session: Session,
  values: OptionValues,
  opened: OpenedContext,
): FollowUpInput['interpreterFor'] {
  let found: Promise<InterpreterFacts> | undefined;
  return (target) => (found ??= lockInterpreter(session, { values, target, context: opened.context }));
}

/** `undefined` with `--frozen`. */
export function followUpOf(input: FollowUpInput): FollowUp | undefined {
  if (input.values.flag('frozen')) return undefined;
  return {
    lock: (workspace, draft) => lockTarget(workspaceTarget(workspace), draft, input),
    ...(input.sync === undefined || input.values.flag('noSync') ? {} : { sync: input.sync }),
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
