import { OperationalError } from '@shoal/cache';
import { listInstalled } from '../../commands/pip-list.ts';
import type { ListedDistribution } from '../../commands/pip-list.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { excludeNewerOf } from '../exclude-newer.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import type { OptionValues } from '../option-values.ts';
import { packageNames } from '../package-names.ts';
import { renderColumns, renderListJson, renderPins } from '../render/installed-table.ts';
import type { Session } from '../session.ts';
import { excludeOption, latestOptions, strictOption } from './inspection-options.ts';
import { reportIncompatibilities } from './report-changes.ts';

/** Lines of `name==version` have no place for what is newer. */
class OutdatedFormatError extends OperationalError {
  override readonly code = 'OUTDATED_FORMAT';

  constructor() {
    super('`--outdated` cannot be used with `--format freeze`');
  }
}

/** `pip list`. */
export const pipList: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'editable',
          short: '-e',
          long: '--editable',
          description: 'Only include editable projects',
          conflicts: ['--exclude-editable'],
        },
        {
          key: 'excludeEditable',
          long: '--exclude-editable',
          description: 'Exclude any editable packages from output',
        },
        excludeOption,
        {
          key: 'format',
          long: '--format',
          value: 'FORMAT',
          choices: ['columns', 'freeze', 'json'],
          description: 'Select the output format',
        },
        { key: 'outdated', long: '--outdated', description: 'List outdated packages' },
        strictOption,
        ...environmentOptions,
      ],
    },
    ...latestOptions,
    cacheOptions,
    pythonOptions,
  ],
  run: async ({ values }, session) => {
    const exclude = packageNames(values.list('exclude'), '--exclude <EXCLUDE>');
    const outdated = values.flag('outdated') ? { excludeNewer: excludeNewerOf(values, new Date()) } : undefined;
    if (outdated !== undefined && values.text('format') === 'freeze') throw new OutdatedFormatError();
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const { context, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: false, installs: false });
    const editable = values.toggle('editable', 'excludeEditable');
    const result = await listInstalled(
      { environment, editable, exclude, outdated, strict: values.flag('strict') },
      { context, options: { signal: session.signal, onEvent } },
    );
    session.reporter.data(render(result.distributions, values, session));
    reportIncompatibilities(result.incompatibilities, session.reporter);
    return 0;
  },
};

function render(distributions: readonly ListedDistribution[], values: OptionValues, { reporter }: Session): string {
  switch (values.choice('format', ['columns', 'freeze', 'json'])) {
    case 'json':
      return renderListJson(distributions);
    case 'freeze':
      return renderPins(distributions, reporter.outStyle);
    default:
      return renderColumns(distributions, { outdated: values.flag('outdated') });
  }
}
