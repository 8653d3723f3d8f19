/** Which parts of a project an environment holds, and how its lockfile is treated. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';
import { upgradeGroupOption } from './lock-options.ts';
import { forkOptions, resolverOptions } from './resolver-options.ts';

export const groupOptions: readonly OptionSpec[] = [
  {
    key: 'extra',
    long: '--extra',
    value: 'EXTRA',
    repeat: true,
    description: 'Include optional dependencies from the specified extra name',
    conflicts: ['--all-extras', '--only-group', '--only-dev'],
  },
  {
    key: 'allExtras',
    long: '--all-extras',
    negations: ['--no-all-extras'],
    description: 'Include all optional dependencies',
    conflicts: ['--only-group', '--only-dev'],
  },
  {
    key: 'noExtra',
    long: '--no-extra',
    value: 'NO_EXTRA',
    repeat: true,
    description: 'Exclude the specified optional dependencies, if `--all-extras` is supplied',
  },
  {
    key: 'dev',
    long: '--dev',
    description: 'Include the development dependency group; it is by default',
    hidden: true,
    conflicts: ['--no-dev'],
  },
  { key: 'noDev', long: '--no-dev', variable: 'NO_DEV', description: 'Disable the development dependency group' },
  {
    key: 'onlyDev',
    long: '--only-dev',
    description: 'Only include the development dependency group',
    conflicts: ['--group', '--all-groups', '--no-dev'],
  },
  {
    key: 'group',
    long: '--group',
    value: 'GROUP',
    repeat: true,
    description: 'Include dependencies from the specified dependency group',
    conflicts: ['--only-group', '--only-dev'],
  },
  {
    key: 'noGroup',
    long: '--no-group',
    value: 'NO_GROUP',
    repeat: true,
    separator: ' ',
    variable: 'NO_GROUP',
    description: 'Disable the specified dependency group',
  },
  {
    key: 'noDefaultGroups',
    long: '--no-default-groups',
    variable: 'NO_DEFAULT_GROUPS',
    description: 'Ignore the default dependency groups',
  },
  {
    key: 'onlyGroup',
    long: '--only-group',
    value: 'ONLY_GROUP',
    repeat: true,
    description: 'Only include dependencies from the specified dependency group; the project itself is left out',
    conflicts: ['--group', '--dev', '--all-groups', '--extra', '--all-extras'],
  },
  {
    key: 'allGroups',
    long: '--all-groups',
    description: 'Include dependencies from all dependency groups',
    conflicts: ['--only-group', '--only-dev'],
  },
];

export const lockOptions: readonly OptionSpec[] = [
  {
    key: 'locked',
    long: '--locked',
    variable: 'LOCKED',
    description: 'Assert that the `uv.lock` will remain unchanged',
    conflicts: ['--frozen', '--upgrade'],
  },
  {
    key: 'frozen',
    long: '--frozen',
    negations: ['--no-frozen'],
    variable: 'FROZEN',
    description: 'Take the `uv.lock` as it is, without checking whether it is up to date',
    conflicts: ['--locked', '--upgrade'],
  },
];

export const activeOption: OptionSpec = {
  key: 'active',
  long: '--active',
  negations: ['--no-active'],
  description: "Prefer the active virtual environment over the project's virtual environment",
};

export const noEditableOption: OptionSpec = {
  key: 'noEditable',
  long: '--no-editable',
  negations: ['--editable'],
  variable: 'NO_EDITABLE',
  description: 'Install any editable dependencies, including the project and any workspace members, as non-editable',
};

/** What is left out of an environment though it is needed. */
export const omissionOptions: readonly OptionSpec[] = [
  {
    key: 'noInstallProject',
    long: '--no-install-project',
    variable: 'NO_INSTALL_PROJECT',
    description: 'Do not install the current project',
  },
  {
    key: 'noInstallWorkspace',
    long: '--no-install-workspace',
    variable: 'NO_INSTALL_WORKSPACE',
    description: 'Do not install any workspace members, including the root project',
  },
  {
    key: 'noInstallLocal',
    long: '--no-install-local',
    variable: 'NO_INSTALL_LOCAL',
    description: 'Do not install local path dependencies',
  },
  {
    key: 'noInstallPackage',
    long: '--no-install-package',
    value: 'NO_INSTALL_PACKAGE',
    repeat: true,
    description: 'Do not install the given packages',
  },
];

export const memberOptions: readonly OptionSpec[] = [
  {
    key: 'allPackages',
    long: '--all-packages',
    description: 'Take all packages in the workspace',
    conflicts: ['--package'],
  },
  {
    key: 'package',
    long: '--package',
    value: 'PACKAGE',
    repeat: true,
    description: 'Take a specific package in the workspace',
  },
];

/** What commands that lock and sync take of the resolver's options. */
export const projectResolverOptions: OptionGroup = {
  ...resolverOptions,
  options: [
    ...resolverOptions.options.filter(({ long }) => long !== '--upgrade-group'),
    upgradeGroupOption,
    ...forkOptions,
  ],
};
