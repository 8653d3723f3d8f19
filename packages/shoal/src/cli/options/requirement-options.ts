/** Where requirements, and limits to them, are read from. */
import type { OptionSpec } from '../option-spec.ts';

export const requirementOptions: readonly OptionSpec[] = [
  {
    key: 'constraints',
    short: '-c',
    long: '--constraints',
    alias: '--constraint',
    value: 'CONSTRAINTS',
    repeat: true,
    separator: ' ',
    variable: 'CONSTRAINT',
    description: 'Constrain versions using the given requirements files',
  },
  {
    key: 'overrides',
    long: '--overrides',
    alias: '--override',
    value: 'OVERRIDES',
    repeat: true,
    separator: ' ',
    variable: 'OVERRIDE',
    description: 'Override versions using the given requirements files',
  },
  {
    key: 'excludes',
    long: '--excludes',
    alias: '--exclude',
    value: 'EXCLUDES',
    repeat: true,
    separator: ' ',
    variable: 'EXCLUDE',
    description: 'Exclude packages from resolution using the given requirements files',
  },
  {
    key: 'extra',
    long: '--extra',
    value: 'EXTRA',
    repeat: true,
    description: 'Include optional dependencies from the specified extra name; may be provided more than once',
    conflicts: ['--all-extras'],
  },
  {
    key: 'allExtras',
    long: '--all-extras',
    negations: ['--no-all-extras'],
    description: 'Include all optional dependencies',
  },
  {
    key: 'group',
    long: '--group',
    value: 'GROUP',
    repeat: true,
    description: 'Include the specified dependency group from a `pyproject.toml`',
  },
];
