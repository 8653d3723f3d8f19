/** The options of locking and installing, for commands that do either or both. */
import type { OptionGroup } from '../option-spec.ts';
import { buildIsolationOptions } from './build-options.ts';
import { pythonOptions } from './environment-options.ts';
import { cacheOptions } from './global-options.ts';
import { indexOptions, refreshOptions } from './index-options.ts';
import { installerOptions } from './installer-options.ts';
import { lockBuildOptions } from './lock-options.ts';
import { projectResolverOptions } from './project-options.ts';

const buildOptions: OptionGroup = { title: 'Build options', options: [...buildIsolationOptions, ...lockBuildOptions] };
const linkOption: OptionGroup = {
  title: 'Installer options',
  options: installerOptions.options.filter(({ key }) => key === 'linkMode'),
};
const ending: readonly OptionGroup[] = [
  { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
  pythonOptions,
];

/** For commands that lock and show. */
export const lockGroups: readonly OptionGroup[] = [
  indexOptions,
  projectResolverOptions,
  buildOptions,
  linkOption,
  ...ending,
];

/** For commands whose first group has the options of building. */
export const syncGroups: readonly OptionGroup[] = [indexOptions, projectResolverOptions, installerOptions, ...ending];

/** For commands that do both after something else. */
export const lockAndSyncOptions: readonly OptionGroup[] = [
  indexOptions,
  projectResolverOptions,
  buildOptions,
  installerOptions,
  ...ending,
];
