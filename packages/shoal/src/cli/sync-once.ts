/** One `sync` that looks at everything: the lockfile, what is installed, and what has to change. */
import type { Digest } from '@shoal/cache';
import type { SyncResult } from '../commands/sync-project.ts';
import type { Environment } from '../environment/environment.ts';
import { workspaceTarget } from '../project/lock-target.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import { reportPlan } from './commands/report-changes.ts';
import { openForLock } from './open-for-lock.ts';
import type { OptionValues } from './option-values.ts';
import { EnvironmentOutdatedError, MissingProjectError } from './project-command-errors.ts';
import {
  ensureProjectEnvironment,
  planProjectEnvironment,
  projectEnvironmentRoot,
  projectPython,
} from './project-environment.ts';
import { renderChanges } from './render/changes.ts';
import { renderSyncJson } from './render/sync-report.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';
import { syncWorkspace } from './sync-workspace.ts';

interface SyncRun {
  readonly session: Session;
  readonly values: OptionValues;
  /** What is remembered of the environment afterwards. */
  readonly question: Digest | undefined;
}

/** @returns the exit status. @throws {MissingProjectError} {EnvironmentOutdatedError} and what locking and installing throw. */
export async function syncOnce(run: SyncRun): Promise<number> {
  const { session, values } = run;
  const workspace = discoverWorkspace(projectFolder(session, values));
  if (workspace === undefined) throw new MissingProjectError();
  await using opened = openForLock(session, values, workspaceTarget(workspace));
  const isDryRun = values.flag('dryRun') || values.flag('check');
  const place = { session, values, workspace, context: opened.context };
  const root = projectEnvironmentRoot(place);
  const python = projectPython(place);
  using planned = isDryRun
    ? await planProjectEnvironment(root, python, place)
    : { environment: await ensureProjectEnvironment(root, python, place), [Symbol.dispose]: () => undefined };
  const { environment } = planned;
  const result = await syncWorkspace(environment, {
    ...run,
    opened,
    workspace,
    exact: !values.flag('inexact'),
    dryRun: isDryRun,
    onEvent: opened.onEvent,
  });
  report(result, { ...run, workspace, environment, root, isDryRun });
  if (values.flag('check') && result.changes.length > 0) throw new EnvironmentOutdatedError();
  return 0;
}

interface Outcome extends SyncRun {
  readonly workspace: Workspace;
  readonly environment: Environment;
  readonly root: string;
  readonly isDryRun: boolean;
}

function report(result: SyncResult, outcome: Outcome): void {
  const { session, values, isDryRun } = outcome;
  const { reporter } = session;
  if (isDryRun) reportPlan(result.toFetch, result.changes, reporter);
  else for (const line of renderChanges(result.changes, reporter.style)) reporter.line(line);
  if (values.text('outputFormat') === 'json') reporter.data(renderSyncJson(result.changes, outcome));
}
