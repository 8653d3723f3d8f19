import { showInstalled } from '../../commands/pip-show.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { packageNames } from '../package-names.ts';
import { renderShown } from '../render/shown-distributions.ts';
import { strictOption } from './inspection-options.ts';
import { reportIncompatibilities } from './report-changes.ts';

/** `pip show`: fails when nothing that was named is installed. */
export const pipShow: CommandDefinition = {
  arguments: [{ name: 'PACKAGE', description: 'The package(s) to display', required: false, many: true }],
  groups: [
    {
      title: 'Options',
      options: [
        strictOption,
        {
          key: 'files',
          short: '-f',
          long: '--files',
          description: 'Show the full list of installed files for each package',
        },
        ...environmentOptions,
      ],
    },
    pythonOptions,
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    const { reporter } = session;
    const names = [...packageNames(words, '[PACKAGE]...')];
    if (names.length === 0) {
      reporter.warning('Please provide a package name or names.');
      return 1;
    }
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const { context, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: false, installs: false });
    const result = await showInstalled(
      { environment, names, withFiles: values.flag('files'), strict: values.flag('strict') },
      { context, options: { signal: session.signal, onEvent } },
    );
    if (result.missing.length > 0)
      reporter.warning(`Package(s) not found for: ${reporter.style.bold(result.missing.join(', '))}`);
    if (reporter.quiet === 0) reporter.data(renderShown(result.distributions));
    reportIncompatibilities(result.incompatibilities, reporter);
    return result.distributions.length === 0 ? 1 : 0;
  },
};
