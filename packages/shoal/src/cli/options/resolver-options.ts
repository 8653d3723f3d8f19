/** Which versions are chosen, and for which Python and platform. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

const PYTHON_PLATFORM_HELP: string =
  'The platform for which requirements should be resolved, such as `linux`, `macos`, `windows`, `x86_64-manylinux_2_28` or `aarch64-apple-darwin`';

/** How old candidates must be. */
export const ageOptions: readonly OptionSpec[] = [
  {
    key: 'excludeNewer',
    long: '--exclude-newer',
    value: 'EXCLUDE_NEWER',
    variable: 'EXCLUDE_NEWER',
    description: 'Limit candidate packages to those that were uploaded prior to the given date',
  },
  {
    key: 'excludeNewerPackage',
    long: '--exclude-newer-package',
    value: 'PACKAGE=DATE',
    repeat: true,
    description: 'Limit candidate packages for specific packages to those that were uploaded prior to the given date',
  },
];

/** Whether `tool.uv.sources` of a `pyproject.toml` counts. */
export const sourcesOptions: readonly OptionSpec[] = [
  {
    key: 'noSources',
    long: '--no-sources',
    negations: ['--sources'],
    variable: 'NO_SOURCES',
    description: 'Ignore the `tool.uv.sources` table when resolving dependencies',
  },
  {
    key: 'noSourcesPackage',
    long: '--no-sources-package',
    value: 'NO_SOURCES_PACKAGE',
    repeat: true,
    separator: ' ',
    variable: 'NO_SOURCES_PACKAGE',
    description: "Don't use sources from the `tool.uv.sources` table for the specified packages",
  },
];

export const resolverOptions: OptionGroup = {
  title: 'Resolver options',
  options: [
    {
      key: 'upgrade',
      short: '-U',
      long: '--upgrade',
      negations: ['--no-upgrade'],
      description: 'Allow package upgrades. Implies `--refresh`',
    },
    {
      key: 'upgradePackage',
      short: '-P',
      long: '--upgrade-package',
      value: 'UPGRADE_PACKAGE',
      repeat: true,
      description: 'Allow upgrades for a specific package. Implies `--refresh-package`',
    },
    {
      key: 'resolution',
      long: '--resolution',
      value: 'RESOLUTION',
      variable: 'RESOLUTION',
      choices: ['highest', 'lowest', 'lowest-direct'],
      description: 'The strategy to use when selecting between the different compatible versions',
    },
    {
      key: 'prerelease',
      long: '--prerelease',
      value: 'PRERELEASE',
      variable: 'PRERELEASE',
      choices: ['disallow', 'allow', 'if-necessary', 'explicit', 'if-necessary-or-explicit'],
      description: 'The strategy to use when considering pre-release versions',
    },
    { key: 'pre', long: '--pre', hidden: true, description: 'Same as `--prerelease=allow`' },
    ...ageOptions,
    ...sourcesOptions,
    {
      key: 'prereleasePackage',
      long: '--prerelease-package',
      value: 'PRERELEASE_PACKAGE',
      repeat: true,
      description:
        'The strategy to use when considering pre-release versions for a specific package, as `PACKAGE=MODE`',
    },
    {
      ...refusedOption({ long: '--upgrade-group', value: 'UPGRADE_GROUP' }),
      refusal: { message: '`--upgrade-group` is not supported in `shoal pip` commands' },
    },
  ],
};

export const forkOptions: readonly OptionSpec[] = [
  {
    key: 'forkStrategy',
    long: '--fork-strategy',
    value: 'FORK_STRATEGY',
    variable: 'FORK_STRATEGY',
    choices: ['fewest', 'requires-python'],
    description:
      'The strategy to use when selecting multiple versions of a given package across Python versions and platforms',
  },
];

export const targetOptions: readonly OptionSpec[] = [
  {
    key: 'pythonVersion',
    long: '--python-version',
    value: 'PYTHON_VERSION',
    description: 'The Python version that the requirements are resolved for, such as `3.12` or `3.12.1`',
  },
  { key: 'pythonPlatform', long: '--python-platform', value: 'PYTHON_PLATFORM', description: PYTHON_PLATFORM_HELP },
];
