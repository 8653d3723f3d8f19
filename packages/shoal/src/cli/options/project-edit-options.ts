/** What commands that edit a project do besides the edit, and in which list of it. */
import type { OptionSpec } from '../option-spec.ts';

/** Whether the lockfile and the environment follow. */
export const followUpOptions: readonly OptionSpec[] = [
  { key: 'noSync', long: '--no-sync', variable: 'NO_SYNC', description: 'Avoid syncing the virtual environment' },
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
    variable: 'FROZEN',
    description: 'Change `pyproject.toml` alone, without locking and syncing',
    conflicts: ['--locked', '--upgrade', '--no-sync'],
  },
  {
    key: 'active',
    long: '--active',
    negations: ['--no-active'],
    description: "Prefer the active virtual environment over the project's virtual environment",
  },
];

export const memberOption: OptionSpec = {
  key: 'package',
  long: '--package',
  value: 'PACKAGE',
  description: 'The member of the workspace that is changed',
};

/** Which list of requirements is edited. */
export const placeOptions: readonly OptionSpec[] = [
  {
    key: 'dev',
    long: '--dev',
    variable: 'DEV',
    description: 'The requirements are of the development dependency group',
    conflicts: ['--optional', '--group', '--script'],
  },
  {
    key: 'optional',
    long: '--optional',
    value: 'OPTIONAL',
    description: 'The requirements are of the specified extra',
    conflicts: ['--dev', '--group'],
  },
  {
    key: 'group',
    long: '--group',
    value: 'GROUP',
    description: 'The requirements are of the specified dependency group',
    conflicts: ['--dev', '--optional', '--script'],
  },
];

export const scriptOption: OptionSpec = {
  key: 'script',
  long: '--script',
  value: 'SCRIPT',
  description: 'Change the specified Python script, rather than a project',
};
