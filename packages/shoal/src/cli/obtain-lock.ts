/** The lockfile that a command reads: taken as it is with `--frozen`, checked with `--locked`, else brought up to date first. */
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { lockProject } from '../commands/lock-project.ts';
import type { LockInput, LockResult } from '../commands/lock-project.ts';
import { commitFiles, needsRecovery, recoverFiles } from '../project/commit-files.ts';
import type { LockTarget } from '../project/lock-target.ts';
import { lockProjectFolder } from '../project/project-lock.ts';
import { existsSync } from 'node:fs';
import { demandOf } from './demand-of.ts';
import { lockInterpreter } from './lock-interpreter.ts';
import { lockPolicy } from './lock-policy.ts';
import { lockTargetOf } from './open-for-lock.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

export interface ObtainedLock {
  readonly target: LockTarget;
  readonly result: LockResult;
  /** `undefined` with `--frozen`. */
  readonly interpreter: InterpreterFacts | undefined;
}

/** Under the project's lock, from reading its files to the write; a script that has no lockfile gets none. */
export async function obtainLock(
  session: Session,
  values: OptionValues,
  { target: first, opened }: { readonly target: LockTarget; readonly opened: OpenedContext },
): Promise<ObtainedLock> {
  const options = { signal: session.signal, onEvent: opened.onEvent };
  const frozen = demandOf(values, 'frozen');
  if (frozen !== undefined) {
    const policy = lockPolicy(values, { session, target: first, opened });
    const input: LockInput = { target: first, mode: 'frozen', demand: frozen, policy, interpreter: undefined };
    return { target: first, result: await lockProject(input, opened.context, options), interpreter: undefined };
  }
  const { context } = opened;
  const { root } = first.workspace;
  using _lock = await lockProjectFolder(first.isScript ? root.path : root.folder, context.projectLockOptions);
  if (needsRecovery(root.folder)) recoverFiles(root.folder);
  const target = lockTargetOf(session, values);
  const locked = demandOf(values, 'locked');
  const interpreter = await lockInterpreter(session, { values, target, context });
  const input: LockInput = {
    target,
    mode: locked === undefined ? 'update' : 'locked',
    demand: locked ?? '',
    policy: lockPolicy(values, { session, target, opened }),
    interpreter,
  };
  const result = await lockProject(input, context, options);
  if (result.isChanged && (!target.isScript || existsSync(target.lockPath)))
    commitFiles(root.folder, [{ path: target.lockPath, content: result.text, expected: result.previousText }]);
  return { target, result, interpreter };
}
