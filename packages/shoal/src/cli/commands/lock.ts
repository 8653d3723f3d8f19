import { lockProject } from '../../commands/lock-project.ts';
import type { LockInput, LockResult } from '../../commands/lock-project.ts';
import type { LockChange } from '../../lock/lock-changes.ts';
import type { LockTarget } from '../../project/lock-target.ts';
import { commitFiles, needsRecovery, recoverFiles } from '../../project/commit-files.ts';
import { lockProjectFolder } from '../../project/project-lock.ts';
import type { CommandDefinition } from '../command-table.ts';
import { demandOf } from '../demand-of.ts';
import { lockInterpreter } from '../lock-interpreter.ts';
import { lockPolicy } from '../lock-policy.ts';
import { lockTargetOf, openForLock } from '../open-for-lock.ts';
import type { OpenedContext } from '../open-context.ts';
import type { OptionValues } from '../option-values.ts';
import { lockFileOptions } from '../options/lock-options.ts';
import type { Session } from '../session.ts';
import type { Style } from '../style.ts';
import { lockGroups } from '../options/lock-and-sync-options.ts';

/** `lock`. */
export const lock: CommandDefinition = {
  arguments: [],
  groups: [{ title: 'Options', options: lockFileOptions }, ...lockGroups],
  run: async ({ values }, session) => {
    const first = lockTargetOf(session, values);
    await using opened = openForLock(session, values, first);
    const exists = values.flag('checkExists') ? '--check-exists' : demandOf(values, 'frozen');
    if (exists !== undefined) return await checkExists(session, values, { target: first, opened, demand: exists });
    const { context } = opened;
    const root = first.isScript ? first.workspace.root.path : first.workspace.root.folder;
    using _lock = await lockProjectFolder(root, context.projectLockOptions);
    if (needsRecovery(first.workspace.root.folder)) recoverFiles(first.workspace.root.folder);
    const target = lockTargetOf(session, values);
    const check = values.flag('check') ? '--check' : demandOf(values, 'locked');
    const input: LockInput = {
      target,
      mode: check === undefined ? 'update' : 'locked',
      demand: check ?? '',
      policy: lockPolicy(values, { session, target, opened }),
      interpreter: await lockInterpreter(session, { values, target, context }),
    };
    const result = await lockProject(input, context, { signal: session.signal, onEvent: opened.onEvent });
    const isDryRun = values.flag('dryRun');
    if (result.isChanged && !isDryRun) commitLockfile(target, result);
    report(result, isDryRun, session);
    return 0;
  },
};

function commitLockfile({ lockPath, workspace }: LockTarget, { text, previousText }: LockResult): void {
  commitFiles(workspace.root.folder, [{ path: lockPath, content: text, expected: previousText }]);
}

async function checkExists(
  session: Session,
  values: OptionValues,
  { target, opened, demand }: { readonly target: LockTarget; readonly opened: OpenedContext; readonly demand: string },
): Promise<number> {
  const policy = lockPolicy(values, { session, target, opened });
  await lockProject({ target, mode: 'frozen', demand, policy, interpreter: undefined }, opened.context, {
    signal: session.signal,
    onEvent: opened.onEvent,
  });
  session.reporter.warning(
    `The lockfile at \`${target.shown}\` was only checked for validity, not whether it is up-to-date, because \`${demand}\` was provided; use \`--check\` instead`,
  );
  return 0;
}

function report({ isChanged, changes, hadLockfile }: LockResult, isDryRun: boolean, { reporter }: Session): void {
  const { style } = reporter;
  if (isDryRun && !isChanged) reporter.line(style.bold('No lockfile changes detected'));
  if (!isChanged || (!hadLockfile && !isDryRun)) return;
  for (const change of changes) reporter.line(describeChange(change, isDryRun, style));
  if (isDryRun && changes.length === 0) reporter.line(style.bold('Lockfile changes detected'));
}

const VERBS = { added: 'Add', removed: 'Remove', updated: 'Update' } as const;

/** `Updated app v1 -> v2`; in a dry run `Update …`. */
function describeChange({ kind, name, before, after }: LockChange, isDryRun: boolean, style: Style): string {
  const verb = isDryRun ? VERBS[kind] : kind.replace(/^./, (letter) => letter.toUpperCase());
  const shown = kind === 'removed' ? style.removed(verb) : style.added(verb);
  const versions = [before, after].filter((list) => list.length > 0).map((list) => list.join(', '));
  return `${shown} ${name} ${versions.join(' -> ')}`;
}
