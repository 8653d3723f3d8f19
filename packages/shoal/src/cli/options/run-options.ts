/** What `run` takes beside the options of projects. */
import type { OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

export const runOptions: readonly OptionSpec[] = [
  {
    key: 'module',
    short: '-m',
    long: '--module',
    description: 'Run a Python module, as `python -m <module>` does',
    conflicts: ['--script'],
  },
  {
    key: 'script',
    short: '-s',
    long: '--script',
    description: 'Run the given path as a Python script, whatever its name is',
    conflicts: ['--module'],
  },
  refusedOption({ long: '--gui-script' }, 'It is for Windows alone; use `--script`'),
  {
    key: 'with',
    short: '-w',
    long: '--with',
    value: 'WITH',
    repeat: true,
    description: 'Run with the given packages installed, in an environment above that of the project',
  },
  {
    key: 'withEditable',
    long: '--with-editable',
    value: 'WITH_EDITABLE',
    repeat: true,
    description: 'Run with the given packages installed in editable mode',
  },
  {
    key: 'withRequirements',
    long: '--with-requirements',
    value: 'WITH_REQUIREMENTS',
    repeat: true,
    description: 'Run with the packages listed in the given files',
  },
  {
    key: 'isolated',
    long: '--isolated',
    variable: 'ISOLATED',
    description: 'Run the command in an isolated virtual environment, which is removed afterwards',
  },
  {
    key: 'exact',
    long: '--exact',
    negations: ['--inexact'],
    description: 'Perform an exact sync, removing extraneous packages',
  },
  {
    key: 'noSync',
    long: '--no-sync',
    negations: ['--sync'],
    variable: 'NO_SYNC',
    description: 'Avoid syncing the virtual environment',
  },
  {
    key: 'noProject',
    long: '--no-project',
    description: 'Avoid discovering the project or workspace',
    conflicts: ['--package'],
  },
  {
    key: 'envFile',
    long: '--env-file',
    value: 'ENV_FILE',
    repeat: true,
    separator: ' ',
    variable: 'ENV_FILE',
    description: 'Load environment variables from a `.env` file',
  },
  {
    key: 'noEnvFile',
    long: '--no-env-file',
    variable: 'NO_ENV_FILE',
    description: 'Avoid reading environment variables from a `.env` file',
  },
];
