/** How distributions are put into an environment, and which kinds of files may be. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';

export const installerOptions: OptionGroup = {
  title: 'Installer options',
  options: [
    {
      key: 'reinstall',
      long: '--reinstall',
      alias: '--force-reinstall',
      negations: ['--no-reinstall'],
      description: "Reinstall all packages, regardless of whether they're already installed. Implies `--refresh`",
    },
    {
      key: 'reinstallPackage',
      long: '--reinstall-package',
      value: 'REINSTALL_PACKAGE',
      repeat: true,
      description:
        "Reinstall a specific package, regardless of whether it's already installed. Implies `--refresh-package`",
    },
    {
      key: 'linkMode',
      long: '--link-mode',
      value: 'LINK_MODE',
      variable: 'LINK_MODE',
      choices: ['clone', 'copy', 'hardlink', 'symlink'],
      choiceAliases: { reflink: 'clone' },
      description: 'The method to use when installing packages from the global cache',
    },
    {
      key: 'compileBytecode',
      long: '--compile-bytecode',
      alias: '--compile',
      negations: ['--no-compile-bytecode', '--no-compile'],
      variable: 'COMPILE_BYTECODE',
      description: 'Compile Python files to bytecode after installation',
    },
  ],
};

export const buildOptions: readonly OptionSpec[] = [
  {
    key: 'noBuild',
    long: '--no-build',
    negations: ['--build'],
    variable: 'NO_BUILD',
    description: "Don't build source distributions",
    conflicts: ['--no-binary', '--only-binary'],
  },
  {
    key: 'noBinary',
    long: '--no-binary',
    value: 'NO_BINARY',
    repeat: true,
    description: "Don't install pre-built wheels",
  },
  {
    key: 'onlyBinary',
    long: '--only-binary',
    value: 'ONLY_BINARY',
    repeat: true,
    description: "Only use pre-built wheels; don't build source distributions",
  },
];

export const hashOptions: readonly OptionSpec[] = [
  {
    key: 'requireHashes',
    long: '--require-hashes',
    negations: ['--no-require-hashes'],
    variable: 'REQUIRE_HASHES',
    description: 'Require a matching hash for each requirement',
  },
  {
    key: 'noVerifyHashes',
    long: '--no-verify-hashes',
    negations: ['--verify-hashes'],
    variable: 'NO_VERIFY_HASHES',
    description: 'Disable validation of hashes in the requirements file',
  },
];

/** What becomes of the plan, and how it is told. */
export const outcomeOptions: readonly OptionSpec[] = [
  {
    key: 'strict',
    long: '--strict',
    negations: ['--no-strict'],
    description: 'Validate the Python environment after completing the installation',
  },
  {
    key: 'dryRun',
    long: '--dry-run',
    description: "Perform a dry run, i.e., don't actually install anything but print the resulting plan",
    conflicts: ['--check'],
  },
  {
    key: 'check',
    long: '--check',
    description: 'Check whether the environment satisfies the requirements without modifying it',
  },
  {
    key: 'outputFormat',
    long: '--output-format',
    value: 'OUTPUT_FORMAT',
    choices: ['text', 'json'],
    description: 'Select the output format',
  },
];

export const torchOption: OptionSpec = {
  key: 'torchBackend',
  long: '--torch-backend',
  value: 'TORCH_BACKEND',
  variable: 'TORCH_BACKEND',
  description: 'The backend to use when fetching packages in the PyTorch ecosystem (not available in this release)',
};
