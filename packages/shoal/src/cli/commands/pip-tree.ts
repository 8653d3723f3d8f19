import { growTrees } from '../../commands/pip-tree.ts';
import { chooseEnvironment } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { excludeNewerOf } from '../exclude-newer.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { environmentOptions, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { treeDisplayOptions } from '../options/tree-options.ts';
import type { OptionValues } from '../option-values.ts';
import { packageNames } from '../package-names.ts';
import { renderTrees } from '../render/dependency-tree.ts';
import { UsageError } from '../usage-error.ts';
import { latestOptions, strictOption } from './inspection-options.ts';
import { reportIncompatibilities } from './report-changes.ts';

const DEEPEST = 255;

/** `pip tree`. */
export const pipTree: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'showVersionSpecifiers',
          long: '--show-version-specifiers',
          description: 'Show the version constraint(s) imposed on each package',
        },
        ...treeDisplayOptions,
        {
          key: 'showSizes',
          long: '--show-sizes',
          description:
            'Show compressed wheel sizes for packages in the tree. Environments do not record them, so there are none to show',
        },
        strictOption,
        ...environmentOptions.filter(({ key }) => key === 'system'),
      ],
    },
    ...latestOptions,
    cacheOptions,
    pythonOptions,
  ],
  run: async ({ values }, session) => {
    const { reporter } = session;
    const rendering = {
      showSpecifiers: values.flag('showVersionSpecifiers'),
      invert: values.flag('invert'),
      repeats: values.flag('noDedupe'),
      style: reporter.outStyle,
    };
    const shape = {
      prune: packageNames(values.list('prune'), '--prune <PRUNE>'),
      packages: packageNames(values.list('package'), '--package <PACKAGE>'),
      depth: depthOf(values),
      invert: rendering.invert,
      repeats: rendering.repeats,
      outdated: values.flag('outdated') ? { excludeNewer: excludeNewerOf(values, new Date()) } : undefined,
      strict: values.flag('strict'),
    };
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const { context, onEvent } = opened;
    const environment = await chooseEnvironment(session, values, { context, changes: false, installs: false });
    if (values.flag('showSizes'))
      reporter.warning(
        '`--show-sizes` has nothing to show: an environment does not record the sizes of the wheels it was installed from',
      );
    const result = await growTrees(
      { environment, ...shape },
      { context, options: { signal: session.signal, onEvent } },
    );
    if (reporter.quiet === 0) reporter.data(renderTrees(result.roots, rendering));
    reportIncompatibilities(result.incompatibilities, reporter);
    return 0;
  },
};

function depthOf(values: OptionValues): number {
  const depth = values.integer('depth') ?? DEEPEST;
  if (depth <= DEEPEST) return depth;
  throw new UsageError(
    `invalid value '${values.text('depth')}' for '--depth <DEPTH>': ${values.text('depth')} is not in 0..=${DEEPEST}`,
  );
}
