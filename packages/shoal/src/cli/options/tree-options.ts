/** What trees show. */
import type { OptionSpec } from '../option-spec.ts';

/** Which part of a tree is shown, and from where; the same for lockfiles and environments. */
export const treeDisplayOptions: readonly OptionSpec[] = [
  {
    key: 'depth',
    short: '-d',
    long: '--depth',
    value: 'DEPTH',
    description: 'Maximum display depth of the dependency tree [default: 255]',
  },
  {
    key: 'prune',
    long: '--prune',
    value: 'PRUNE',
    repeat: true,
    description: 'Prune the given package from the display of the dependency tree',
  },
  {
    key: 'package',
    long: '--package',
    value: 'PACKAGE',
    repeat: true,
    description: 'Display only the specified packages',
  },
  {
    key: 'noDedupe',
    long: '--no-dedupe',
    description:
      'Do not de-duplicate repeated dependencies: show what is below a package every time it occurs, rather than once and then `(*)`',
  },
  {
    key: 'invert',
    long: '--invert',
    alias: '--reverse',
    description:
      'Show the reverse dependencies for the given package: the tree displays the packages that depend on it',
  },
  {
    key: 'outdated',
    long: '--outdated',
    description: 'Show the latest available version of each package in the tree',
  },
];

/** Of the tree of a lockfile. */
export const treeOptions: readonly OptionSpec[] = [
  { key: 'universal', long: '--universal', description: 'Show a platform-independent dependency tree' },
  {
    key: 'format',
    long: '--format',
    value: 'FORMAT',
    choices: ['text', 'json'],
    description: 'The format in which to display the dependency graph (`json` is not available in this release)',
  },
  ...treeDisplayOptions,
  {
    key: 'showSizes',
    long: '--show-sizes',
    description: 'Show compressed wheel sizes for packages in the tree',
  },
];
