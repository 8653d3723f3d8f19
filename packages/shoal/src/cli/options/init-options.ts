/** What `init` makes. */
import { BUILD_BACKENDS } from '../../project/starter/build-backends.ts';
import type { OptionSpec } from '../option-spec.ts';

export const initOptions: readonly OptionSpec[] = [
  { key: 'name', long: '--name', value: 'NAME', description: 'The name of the project', conflicts: ['--script'] },
  {
    key: 'bare',
    long: '--bare',
    variable: 'INIT_BARE',
    description: 'Only create a `pyproject.toml`',
  },
  {
    key: 'virtual',
    long: '--virtual',
    hidden: true,
    description: 'Create a project that is not a package',
    conflicts: ['--package'],
  },
  {
    key: 'package',
    long: '--package',
    description: 'Set up the project to be built as a Python package',
  },
  {
    key: 'noPackage',
    long: '--no-package',
    description: 'Do not set up the project to be built as a Python package',
    conflicts: ['--lib', '--build-backend'],
  },
  {
    key: 'app',
    long: '--app',
    alias: '--application',
    description: 'Create a project for an application',
    conflicts: ['--lib', '--script'],
  },
  {
    key: 'lib',
    long: '--lib',
    alias: '--library',
    description: 'Create a project for a library',
    conflicts: ['--app', '--script', '--no-package'],
  },
  {
    key: 'script',
    long: '--script',
    description: 'Create a script',
    conflicts: ['--app', '--lib', '--package', '--build-backend', '--description', '--name', '--vcs'],
  },
  {
    key: 'description',
    long: '--description',
    value: 'DESCRIPTION',
    description: 'Set the project description',
  },
  { key: 'noDescription', long: '--no-description', description: 'Disable the description for the project' },
  {
    key: 'vcs',
    long: '--vcs',
    value: 'VCS',
    choices: ['git', 'none'],
    description: 'Initialize a version control system for the project',
  },
  {
    key: 'buildBackend',
    long: '--build-backend',
    value: 'BUILD_BACKEND',
    choices: BUILD_BACKENDS,
    variable: 'INIT_BUILD_BACKEND',
    description: 'Initialize a build-backend of choice for the project',
    conflicts: ['--script', '--no-package'],
  },
  { key: 'noReadme', long: '--no-readme', description: 'Do not create a `README.md` file' },
  {
    key: 'authorFrom',
    long: '--author-from',
    value: 'AUTHOR_FROM',
    choices: ['auto', 'git', 'none'],
    description: 'Fill in the `authors` field in the `pyproject.toml`',
  },
  {
    key: 'noPinPython',
    long: '--no-pin-python',
    description: 'Do not create a `.python-version` file for the project',
  },
  {
    key: 'pinPython',
    long: '--pin-python',
    hidden: true,
    description: 'Create a `.python-version` file for the project',
  },
  {
    key: 'noWorkspace',
    long: '--no-workspace',
    alias: '--no-project',
    description: 'Avoid discovering a workspace and create a standalone project',
  },
];
