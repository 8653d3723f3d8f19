/** How source distributions, folders and repositories are built. */
import type { OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

export const buildConstraintOption: OptionSpec = {
  key: 'buildConstraints',
  short: '-b',
  long: '--build-constraints',
  alias: '--build-constraint',
  value: 'BUILD_CONSTRAINTS',
  repeat: true,
  separator: ' ',
  variable: 'BUILD_CONSTRAINT',
  description: 'Constrain build dependencies using the given requirements files when building source distributions',
};

export const buildIsolationOptions: readonly OptionSpec[] = [
  {
    key: 'configSetting',
    short: '-C',
    long: '--config-setting',
    alias: '--config-settings',
    value: 'CONFIG_SETTING',
    repeat: true,
    description: 'Settings to pass to the PEP 517 build backend, specified as `KEY=VALUE` pairs',
  },
  {
    key: 'configSettingsPackage',
    long: '--config-settings-package',
    alias: '--config-setting-package',
    value: 'CONFIG_SETTINGS_PACKAGE',
    repeat: true,
    description: 'Settings to pass to the build backend of one package, specified as `PACKAGE:KEY=VALUE`',
  },
  {
    key: 'noBuildIsolation',
    long: '--no-build-isolation',
    negations: ['--build-isolation'],
    variable: 'NO_BUILD_ISOLATION',
    description: 'Disable isolation when building source distributions: what the build needs must be installed',
  },
  {
    key: 'noBuildIsolationPackage',
    long: '--no-build-isolation-package',
    value: 'NO_BUILD_ISOLATION_PACKAGE',
    repeat: true,
    description: 'Disable isolation when building source distributions of a specific package',
  },
];

/** For commands that install and resolve. */
export const sourceOptions: readonly OptionSpec[] = [
  buildConstraintOption,
  ...buildIsolationOptions,
  refusedOption({ long: '--require-build-hashes' }, 'Pin build requirements with `--build-constraints`'),
  refusedOption({ long: '--no-require-build-hashes' }, 'Leave it out: it is what happens'),
];
