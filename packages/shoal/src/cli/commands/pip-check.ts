import { describeIncompatibility } from '../../commands/check-installed.ts';
import { checkEnvironment } from '../../commands/pip-check.ts';
import { targetPlatform } from '../change-options.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { targetOptions } from '../options/resolver-options.ts';
import { countOf } from '../render/quantities.ts';

/** `pip check`: fails when something does not fit. */
export const pipCheck: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [...environmentOptions.filter(({ key }) => key === 'system'), ...targetOptions],
    },
    pythonOptions,
    cacheOptions,
  ],
  run: async ({ values }, session) => {
    const { reporter } = session;
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const { context, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: false, installs: false });
    const found = await checkEnvironment(
      { environment, target: targetPlatform(values, environment) },
      { context, options: { signal: session.signal, onEvent } },
    );
    if (found.length === 0) {
      reporter.line(reporter.style.dim('All installed packages are compatible'));
      return 0;
    }
    const report = (line: string): void => {
      // What is wrong is shown even with `-q`, as in uv.
      if (reporter.quiet < 2) reporter.raw(`${line}\n`);
    };
    report(
      reporter.style.dim(`Found ${reporter.style.bold(countOf(found.length, 'incompatibility', 'incompatibilities'))}`),
    );
    for (const one of found) report(reporter.style.bold(describeIncompatibility(one)));
    return 1;
  },
};
