import { changeEnvironment } from '../../commands/change-environment.ts';
import { changePolicy, requirementSet, resolutionPolicy } from '../change-options.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import { sourceOptions } from '../options/build-options.ts';
import {
  breakSystemOptions,
  certificateOption,
  environmentOptions,
  pythonOptions,
} from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import {
  buildOptions,
  hashOptions,
  installerOptions,
  outcomeOptions,
  torchOption,
} from '../options/installer-options.ts';
import { refusedPipOptions } from '../options/refused-pip-options.ts';
import { refusedOption } from '../options/refused-option.ts';
import { requirementOptions } from '../options/requirement-options.ts';
import { forkOptions, resolverOptions, targetOptions } from '../options/resolver-options.ts';
import { refuseTorchBackend } from '../refuse-torch-backend.ts';
import { UsageError } from '../usage-error.ts';
import { reportResult, statusOfResult } from './report-changes.ts';

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
          description: 'Install the editable package based on the provided local file path',
        },
        refusedOption({ long: '--no-editable' }, 'There are no editable installs in this release'),
        refusedOption(
          { long: '--no-editable-package', value: 'NO_EDITABLE_PACKAGE' },
          'There are no editable installs in this release',
        ),
        ...requirementOptions,
        {
          key: 'noDeps',
          long: '--no-deps',
          alias: '--no-dependencies',
          negations: ['--deps'],
          description: 'Ignore package dependencies, instead only installing those packages explicitly listed',
        },
        ...hashOptions,
        ...environmentOptions,
        ...breakSystemOptions,
        ...buildOptions,
        ...targetOptions,
        {
          key: 'exact',
          long: '--exact',
          negations: ['--inexact'],
          description: 'Perform an exact sync, removing extraneous packages',
        },
        ...outcomeOptions,
        torchOption,
        certificateOption,
        ...refusedPipOptions,
        ...sourceOptions,
      ],
    },
    indexOptions,
    { ...resolverOptions, options: [...resolverOptions.options, ...forkOptions] },
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
        resolution: resolutionPolicy(values, { sources, session, environment }),
        change: changePolicy(session, values, { isSync: false }),
        folder: session.workingFolder,
      },
      context,
      { signal: session.signal, onEvent },
    );
    reportResult(result, values, session.reporter);
    return statusOfResult(result, values);
  },
};
