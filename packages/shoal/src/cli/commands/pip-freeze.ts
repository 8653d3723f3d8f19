import { freezeInstalled } from '../../commands/pip-freeze.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { packageNames } from '../package-names.ts';
import { renderFrozen } from '../render/frozen-requirements.ts';
import { absolutePath } from '../session.ts';
import { excludeOption, strictOption } from './inspection-options.ts';
import { reportIncompatibilities } from './report-changes.ts';

/** `pip freeze`. */
export const pipFreeze: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'excludeEditable',
          long: '--exclude-editable',
          description: 'Exclude any editable packages from output',
        },
        excludeOption,
        strictOption,
        {
          key: 'path',
          long: '--path',
          value: 'PATHS',
          repeat: true,
          description: 'Restrict to the specified installation path for listing packages (can be used multiple times)',
        },
        ...environmentOptions,
      ],
    },
    pythonOptions,
    cacheOptions,
  ],
  run: async ({ values }, session) => {
    const exclude = packageNames(values.list('exclude'), '--exclude <EXCLUDE>');
    const paths = values.isGiven('path') ? values.list('path').map((path) => absolutePath(session, path)) : undefined;
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const { context, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: false, installs: false });
    const result = await freezeInstalled(
      { environment, paths, exclude, excludeEditable: values.flag('excludeEditable'), strict: values.flag('strict') },
      { context, options: { signal: session.signal, onEvent } },
    );
    session.reporter.data(renderFrozen(result.requirements, session.reporter.outStyle));
    reportIncompatibilities(result.incompatibilities, session.reporter);
    return 0;
  },
};
