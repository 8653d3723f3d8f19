/** How `lock` treats its file, and how projects spell what may be built. */
import type { OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

export const lockFileOptions: readonly OptionSpec[] = [
  {
    key: 'check',
    long: '--check',
    description: 'Check if the lockfile is up-to-date',
    conflicts: ['--check-exists', '--frozen', '--upgrade'],
  },
  {
    key: 'locked',
    long: '--locked',
    variable: 'LOCKED',
    hidden: true,
    description: 'Same as `--check`',
    conflicts: ['--check-exists', '--frozen', '--upgrade'],
  },
  {
    key: 'checkExists',
    long: '--check-exists',
    description: 'Assert that a `uv.lock` exists without checking if it is up-to-date',
    conflicts: ['--check', '--locked', '--upgrade'],
  },
  {
    key: 'frozen',
    long: '--frozen',
    negations: ['--no-frozen'],
    variable: 'FROZEN',
    hidden: true,
    description: 'Same as `--check-exists`',
    conflicts: ['--check', '--locked', '--upgrade'],
  },
  {
    key: 'dryRun',
    long: '--dry-run',
    description: 'Perform a dry run, without writing the lockfile',
    conflicts: ['--check-exists', '--frozen', '--check', '--locked'],
  },
  {
    key: 'script',
    long: '--script',
    value: 'SCRIPT',
    description: 'Lock the specified Python script, rather than the current project',
  },
];

export const upgradeGroupOption: OptionSpec = {
  key: 'upgradeGroup',
  long: '--upgrade-group',
  value: 'UPGRADE_GROUP',
  repeat: true,
  description:
    'Allow upgrades for all packages in a dependency group, ignoring pinned versions in any existing output file',
};

/** Whole switches, and one package at a time. */
export const lockBuildOptions: readonly OptionSpec[] = [
  {
    key: 'noBuild',
    long: '--no-build',
    negations: ['--build'],
    variable: 'NO_BUILD',
    description: "Don't build source distributions",
  },
  {
    key: 'noBuildPackage',
    long: '--no-build-package',
    value: 'NO_BUILD_PACKAGE',
    repeat: true,
    separator: ' ',
    variable: 'NO_BUILD_PACKAGE',
    description: "Don't build source distributions for a specific package",
  },
  {
    key: 'noBinary',
    long: '--no-binary',
    negations: ['--binary'],
    variable: 'NO_BINARY',
    description: "Don't install pre-built wheels",
  },
  {
    key: 'noBinaryPackage',
    long: '--no-binary-package',
    value: 'NO_BINARY_PACKAGE',
    repeat: true,
    separator: ' ',
    variable: 'NO_BINARY_PACKAGE',
    description: "Don't install pre-built wheels for a specific package",
  },
  refusedOption(
    { long: '--require-build-hashes' },
    'Pin build requirements with `tool.uv.build-constraint-dependencies`',
  ),
  refusedOption({ long: '--no-require-build-hashes' }, 'Leave it out: it is what happens'),
];
