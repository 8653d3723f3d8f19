/** The options of locking and installing, for commands that do both after something else. */
import type { OptionGroup } from '../option-spec.ts';
import { buildIsolationOptions } from './build-options.ts';
import { pythonOptions } from './environment-options.ts';
import { cacheOptions } from './global-options.ts';
import { indexOptions, refreshOptions } from './index-options.ts';
import { installerOptions } from './installer-options.ts';
import { lockBuildOptions, upgradeGroupOption } from './lock-options.ts';
import { forkOptions, resolverOptions } from './resolver-options.ts';

export const lockAndSyncOptions: readonly OptionGroup[] = [
  indexOptions,
  {
    ...resolverOptions,
    options: [
      ...resolverOptions.options.filter(({ long }) => long !== '--upgrade-group'),
      upgradeGroupOption,
      ...forkOptions,
    ],
  },
  { title: 'Build options', options: [...buildIsolationOptions, ...lockBuildOptions] },
  installerOptions,
  { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
  pythonOptions,
];
