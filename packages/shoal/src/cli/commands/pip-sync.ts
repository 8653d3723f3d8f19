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
import { refusedSyncOptions } from '../options/refused-pip-options.ts';
import { requirementOptions } from '../options/requirement-options.ts';
import { ageOptions, sourcesOptions, targetOptions } from '../options/resolver-options.ts';
import { refuseTorchBackend } from '../refuse-torch-backend.ts';
import { reportResult, statusOfResult } from './report-changes.ts';

/** What `pip sync` shares with `pip install`, without what only a resolution needs. */
const syncRequirementOptions = requirementOptions.filter(({ key }) => key !== 'overrides' && key !== 'excludes');

/** `pip sync`: the environment holds what the files list, and nothing else. */
export const pipSync: CommandDefinition = {
  arguments: [
    {
      name: 'SRC_FILE',
      description: 'The `requirements.txt` files to sync with; `-` reads standard input',
      required: true,
      many: true,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        ...syncRequirementOptions,
        ...hashOptions,
        ...environmentOptions,
        ...breakSystemOptions,
        ...buildOptions,
        {
          key: 'allowEmptyRequirements',
          long: '--allow-empty-requirements',
          negations: ['--no-allow-empty-requirements'],
          description: 'Allow sync of empty requirements, which will clear the environment of all packages',
        },
        ...targetOptions,
        ...outcomeOptions,
        torchOption,
        certificateOption,
        ...refusedSyncOptions,
        ...sourceOptions,
      ],
    },
    indexOptions,
    { title: 'Resolver options', options: [...ageOptions, ...sourcesOptions] },
    installerOptions,
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, words }, session) => {
    refuseTorchBackend(values);
    await using opened = await openForRequirements(session, values, { words: [], files: words });
    const { context, sources, onEvent } = opened;
    if (sources.requirements.length === 0 && !values.flag('allowEmptyRequirements')) {
      session.reporter.line('No requirements found (hint: use `--allow-empty-requirements` to clear the environment)');
      return 0;
    }
    const environment = await chooseEnvironment(session, values, { context, changes: true });
    const result = await changeEnvironment(
      {
        environment,
        requirements: requirementSet(values, sources),
        resolution: resolutionPolicy(values, { sources, session, environment }),
        change: changePolicy(session, values, { isSync: true }),
        folder: session.workingFolder,
      },
      context,
      { signal: session.signal, onEvent },
    );
    reportResult(result, values, session.reporter);
    return statusOfResult(result, values);
  },
};
