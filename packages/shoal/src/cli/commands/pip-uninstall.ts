import { PackagingError, parseRequirement } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { uninstall } from '../../commands/pip-uninstall.ts';
import { CommandLineRequirementError } from '../../project/requirement-errors.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import {
  breakSystemOptions,
  certificateOption,
  environmentOptions,
  pythonOptions,
} from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { keyringOption } from '../options/index-options.ts';
import { versionCheckOption, yesOption } from '../options/refused-pip-options.ts';
import { countOf } from '../render/quantities.ts';
import { renderRemovals } from '../render/removals.ts';
import { UsageError } from '../usage-error.ts';
import { locationsAmong } from './uninstall-locations.ts';

/** `pip uninstall`. Versions, extras and URLs of named requirements say nothing about what is removed. */
export const pipUninstall: CommandDefinition = {
  arguments: [{ name: 'PACKAGE', description: 'Uninstall all listed packages', required: false, many: true }],
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
          description: 'Uninstall the packages listed in the given files',
        },
        ...environmentOptions,
        ...breakSystemOptions,
        {
          key: 'dryRun',
          long: '--dry-run',
          description: "Perform a dry run, i.e., don't actually uninstall anything but print the resulting plan",
        },
        keyringOption,
        certificateOption,
        versionCheckOption,
        yesOption,
      ],
    },
    pythonOptions,
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    const { reporter } = session;
    if (words.length === 0 && values.list('requirements').length === 0)
      throw new UsageError(
        'the following required arguments were not provided:\n  <PACKAGE|--requirements <REQUIREMENTS>>',
      );
    const locations = locationsAmong(words, session);
    const named = words.filter((word) => !locations.has(word)).map(nameOf);
    await using opened = await openForRequirements(session, values, { words: [], files: values.list('requirements') });
    const { context, onEvent, sources } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: true, installs: false });
    const names = [...named, ...sources.requirements.map(({ requirement }) => requirement.name)];
    const dryRun = values.flag('dryRun');
    const { removed } = await uninstall({ environment, names, urls: [...locations.values()], dryRun }, context, {
      signal: session.signal,
      onEvent,
    });
    if (removed.length === 0 && dryRun) reporter.line('Would make no changes');
    else if (removed.length === 0) reporter.warning('No packages to uninstall');
    else if (dryRun)
      reporter.line(reporter.style.dim(`Would uninstall ${reporter.style.bold(countOf(removed.length, 'package'))}`));
    for (const line of renderRemovals(removed, reporter.style)) reporter.line(line);
    return 0;
  },
};

function nameOf(word: string): NormalizedName {
  try {
    return parseRequirement(word).name;
  } catch (error) {
    if (error instanceof PackagingError) throw new CommandLineRequirementError(word, error, undefined);
    throw error;
  }
}
