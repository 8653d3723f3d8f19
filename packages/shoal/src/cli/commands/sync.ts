import type { Digest } from '@shoal/cache';
import { questionOf } from '../../commands/sync-stamp.ts';
import type { SyncResult } from '../../commands/sync-project.ts';
import type { Environment } from '../../environment/environment.ts';
import { discoverWorkspace } from '../../project/workspace.ts';
import type { Workspace } from '../../project/workspace.ts';
import { answerForProject } from '../answer-for-project.ts';
import type { CommandDefinition } from '../command-table.ts';
import { EnvironmentOutdatedError, MissingProjectError } from '../project-command-errors.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import type { OpenedContext } from '../open-context.ts';
import { buildIsolationOptions } from '../options/build-options.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { installerOptions } from '../options/installer-options.ts';
import {
  activeOption,
  groupOptions,
  lockOptions,
  memberOptions,
  noEditableOption,
  omissionOptions,
  projectBuildOptions,
} from '../options/project-options.ts';
import { resolverOptions } from '../options/resolver-options.ts';
import type { OptionValues } from '../option-values.ts';
import {
  ensureProjectEnvironment,
  planProjectEnvironment,
  projectEnvironmentRoot,
  projectPython,
} from '../project-environment.ts';
import { projectFolder } from '../session.ts';
import type { Session } from '../session.ts';
import { syncWorkspace } from '../sync-workspace.ts';
import { SHOAL_VERSION } from '../version.ts';
import { reportChecked, reportPlan } from './report-changes.ts';
import { renderChanges } from '../render/changes.ts';
import { renderSyncJson } from '../render/sync-report.ts';

/** `sync`: the project's environment holds what its lockfile says, and nothing else. */
export const sync: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        ...groupOptions,
        noEditableOption,
        {
          key: 'inexact',
          long: '--inexact',
          negations: ['--exact'],
          description: 'Do not remove extraneous packages present in the environment',
        },
        activeOption,
        ...omissionOptions,
        ...lockOptions,
        {
          key: 'dryRun',
          long: '--dry-run',
          description: 'Perform a dry run, without writing the lockfile or modifying the project environment',
        },
        ...memberOptions,
        {
          key: 'check',
          long: '--check',
          negations: ['--no-check'],
          description: 'Check if the Python environment is synchronized with the project',
        },
        {
          key: 'outputFormat',
          long: '--output-format',
          value: 'OUTPUT_FORMAT',
          choices: ['text', 'json'],
          description: 'Select the output format',
        },
        {
          key: 'pythonPlatform',
          long: '--python-platform',
          value: 'PYTHON_PLATFORM',
          description: 'The platform for which requirements should be installed',
        },
        ...projectBuildOptions,
        ...buildIsolationOptions,
      ],
    },
    indexOptions,
    resolverOptions,
    installerOptions,
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, rest }, session) => {
    const question = isRememberable(values)
      ? questionOf({
          version: SHOAL_VERSION,
          folder: projectFolder(session, values),
          words: rest,
          variables: session.variables,
        })
      : undefined;
    const known = question === undefined ? undefined : answerForProject(question, { session, values });
    if (known !== undefined) {
      reportChecked(known, session.reporter);
      return 0;
    }
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const workspace = discoverWorkspace(projectFolder(session, values));
    if (workspace === undefined) throw new MissingProjectError();
    return await syncOnce({ session, values, opened, workspace, question });
  },
};

interface Run {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  readonly workspace: Workspace;
  readonly question: Digest | undefined;
}

/** Some questions are not asked in order to hear that nothing is to be done. */
function isRememberable(values: OptionValues): boolean {
  if (values.flag('dryRun') || values.flag('check') || values.flag('noCache')) return false;
  if (values.text('outputFormat') === 'json' || values.flag('compileBytecode')) return false;
  return !['reinstall', 'reinstallPackage', 'upgrade', 'upgradePackage', 'refresh', 'refreshPackage'].some((key) =>
    values.isGiven(key),
  );
}

async function syncOnce(run: Run): Promise<number> {
  const { session, values, opened, workspace } = run;
  const { context, onEvent } = opened;
  const isDryRun = values.flag('dryRun') || values.flag('check');
  const place = { session, values, workspace, context };
  const root = projectEnvironmentRoot(place);
  const python = projectPython(place);
  using planned = isDryRun
    ? await planProjectEnvironment(root, python, place)
    : { environment: await ensureProjectEnvironment(root, python, place), [Symbol.dispose]: () => undefined };
  const result = await syncWorkspace(planned.environment, {
    ...run,
    exact: !values.flag('inexact'),
    dryRun: isDryRun,
    onEvent,
  });
  report(result, { ...run, environment: planned.environment, root, isDryRun });
  if (values.flag('check') && result.changes.length > 0) throw new EnvironmentOutdatedError();
  return 0;
}

interface Outcome extends Run {
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
