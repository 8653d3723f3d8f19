import { changeEnvironment } from '../../commands/change-environment.ts';
import { changePolicy, requirementSet, resolutionPolicy } from '../change-options.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import { breakSystemOptions, environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { buildOptions, hashOptions, installerOptions, torchOption } from '../options/installer-options.ts';
import { requirementOptions } from '../options/requirement-options.ts';
import { resolverOptions, targetOptions } from '../options/resolver-options.ts';
import { refuseTorchBackend } from '../refuse-torch-backend.ts';
import { UsageError } from '../usage-error.ts';
import { reportResult } from './report-changes.ts';

/** `pip install`. */
export const pipInstall: CommandDefinition = {
  arguments: [{ name: 'PACKAGE', description: 'Install all listed packages', required: false, many: true }],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'requirements',
          short: '-r',
          long: '--requirements',
          alias: '--requirement',
          value: 'REQUIREMENTS',
          repeat: true,
          description: 'Install the packages listed in the given files',
        },
        {
          key: 'editable',
          short: '-e',
          long: '--editable',
          value: 'EDITABLE',
          repeat: true,
          description:
            'Install the editable package based on the provided local file path (not available in this release)',
        },
        ...requirementOptions,
        {
          key: 'noDeps',
          long: '--no-deps',
          alias: '--no-dependencies',
          description: 'Ignore package dependencies, instead only installing those packages explicitly listed',
        },
        ...hashOptions,
        ...environmentOptions,
        ...breakSystemOptions,
        ...buildOptions,
        ...targetOptions,
        { key: 'exact', long: '--exact', description: 'Perform an exact sync, removing extraneous packages' },
        {
          key: 'strict',
          long: '--strict',
          description: 'Validate the Python environment after completing the installation',
        },
        {
          key: 'dryRun',
          long: '--dry-run',
          description:
            "Perform a dry run, i.e., don't actually install anything but resolve the dependencies and print the resulting plan",
        },
        torchOption,
      ],
    },
    indexOptions,
    resolverOptions,
    installerOptions,
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, words }, session) => {
    refuseTorchBackend(values);
    const named = [...words, ...['requirements', 'editable', 'group'].flatMap((key) => values.list(key))];
    if (named.length === 0)
      throw new UsageError(
        'the following required arguments were not provided:\n  <PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>',
      );
    await using opened = await openForRequirements(session, values, { words, files: values.list('requirements') });
    const { context, sources, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: true });
    const result = await changeEnvironment(
      {
        environment,
        requirements: requirementSet(values, sources),
        resolution: resolutionPolicy(values, { sources, environment }),
        change: changePolicy(session, values, { isSync: false }),
        folder: session.workingFolder,
      },
      context,
      { signal: session.signal, onEvent },
    );
    reportResult(result, session.reporter);
    return 0;
  },
};
