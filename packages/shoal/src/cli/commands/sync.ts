import { questionOf } from '../../commands/sync-stamp.ts';
import { answerForProject } from '../answer-for-project.ts';
import type { CommandDefinition } from '../command-table.ts';
import { valuesWithSettings } from '../load-settings.ts';
import { buildIsolationOptions } from '../options/build-options.ts';
import { lockBuildOptions } from '../options/lock-options.ts';
import {
  activeOption,
  groupOptions,
  lockOptions,
  memberOptions,
  noEditableOption,
  omissionOptions,
} from '../options/project-options.ts';
import type { OptionValues } from '../option-values.ts';
import { projectFolder } from '../session.ts';
import { SHOAL_VERSION } from '../version.ts';
import { reportChecked } from './report-checked.ts';
import { syncGroups } from '../options/lock-and-sync-options.ts';

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
        ...lockBuildOptions,
        ...buildIsolationOptions,
      ],
    },
    ...syncGroups,
  ],
  settings: 'late',
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
    // Loaded when it is needed: most of the program is in there.
    const { syncOnce } = await import('../sync-once.ts');
    return await syncOnce({ session, values: await valuesWithSettings(session, values, false), question });
  },
};

/** Some questions are not asked in order to hear that nothing is to be done. */
function isRememberable(values: OptionValues): boolean {
  if (values.flag('dryRun') || values.flag('check') || values.flag('noCache')) return false;
  if (values.text('configFile') !== undefined) return false;
  if (values.text('outputFormat') === 'json' || values.flag('compileBytecode')) return false;
  return !['reinstall', 'reinstallPackage', 'upgrade', 'upgradePackage', 'refresh', 'refreshPackage'].some((key) =>
    values.isGiven(key),
  );
}
