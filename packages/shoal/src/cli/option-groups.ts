/** The groups of options that several commands share, with uv's names and words. */
import type { OptionGroup, OptionSpec } from './option-spec.ts';

export const PYTHON_PLATFORM_HELP: string =
  'The platform for which requirements should be resolved, such as `linux`, `macos`, `windows`, `x86_64-manylinux_2_28` or `aarch64-apple-darwin`';

export const globalOptions: OptionGroup = {
  title: 'Global options',
  options: [
    { key: 'quiet', short: '-q', long: '--quiet', repeat: true, description: 'Use quiet output; given twice, print errors alone', conflicts: ['--verbose'] },
    { key: 'verbose', short: '-v', long: '--verbose', repeat: true, description: 'Use verbose output' },
    { key: 'color', long: '--color', value: 'COLOR_CHOICE', choices: ['auto', 'always', 'never'], description: 'Control the use of color in output' },
    { key: 'systemCerts', long: '--system-certs', alias: '--native-tls', variable: 'SYSTEM_CERTS', description: "Load TLS certificates from the platform's native certificate store" },
    { key: 'offline', long: '--offline', variable: 'OFFLINE', description: 'Disable network access' },
    { key: 'allowInsecureHost', long: '--allow-insecure-host', alias: '--trusted-host', value: 'HOST', repeat: true, separator: ' ', variable: 'INSECURE_HOST', description: 'Allow insecure connections to a host' },
    { key: 'noProgress', long: '--no-progress', variable: 'NO_PROGRESS', description: 'Hide all progress outputs' },
    { key: 'lockTimeout', long: '--lock-timeout', value: 'SECONDS', variable: 'LOCK_TIMEOUT', description: 'Give up when a lock cannot be had within this time; without it, wait for as long as the holder lives' },
    { key: 'directory', long: '--directory', value: 'DIRECTORY', variable: 'WORKING_DIR', description: 'Change to the given directory prior to running the command' },
    { key: 'project', long: '--project', value: 'PROJECT', variable: 'PROJECT', description: 'Discover a project in the given directory' },
    { key: 'configFile', long: '--config-file', value: 'CONFIG_FILE', variable: 'CONFIG_FILE', description: 'The path to a `uv.toml` file to use for configuration' },
    { key: 'noConfig', long: '--no-config', variable: 'NO_CONFIG', description: 'Avoid discovering configuration files (`pyproject.toml`, `uv.toml`)' },
  ],
};

export const cacheOptions: OptionGroup = {
  title: 'Cache options',
  options: [
    { key: 'noCache', short: '-n', long: '--no-cache', alias: '--no-cache-dir', variable: 'NO_CACHE', description: 'Avoid reading from or writing to the cache, instead using a temporary directory for the duration of the operation' },
    { key: 'cacheDir', long: '--cache-dir', value: 'CACHE_DIR', variable: 'CACHE_DIR', description: 'Path to the cache directory' },
  ],
};

export const refreshOptions: readonly OptionSpec[] = [
  { key: 'refresh', long: '--refresh', description: 'Refresh all cached data', conflicts: ['--offline'] },
  { key: 'noRefresh', long: '--no-refresh', description: 'Do not refresh cached data', conflicts: ['--refresh', '--refresh-package'], hidden: true },
  { key: 'refreshPackage', long: '--refresh-package', value: 'PACKAGE', repeat: true, description: 'Refresh cached data for a specific package' },
];

export const pythonOptions: OptionGroup = {
  title: 'Python options',
  options: [
    { key: 'python', short: '-p', long: '--python', value: 'PYTHON', variable: 'PYTHON', description: 'The Python interpreter to use: a version, a range, a name or a path' },
  ],
};

export const indexOptions: OptionGroup = {
  title: 'Index options',
  options: [
    { key: 'index', long: '--index', value: 'INDEX', repeat: true, separator: ' ', variable: 'INDEX', description: 'The indexes to use when resolving dependencies, in addition to the default index' },
    { key: 'defaultIndex', long: '--default-index', value: 'DEFAULT_INDEX', variable: 'DEFAULT_INDEX', description: 'The default package index' },
    { key: 'indexUrl', short: '-i', long: '--index-url', value: 'INDEX_URL', variable: 'INDEX_URL', description: '(Deprecated: use `--default-index` instead) The URL of the Python package index' },
    { key: 'extraIndexUrl', long: '--extra-index-url', value: 'EXTRA_INDEX_URL', repeat: true, separator: ' ', variable: 'EXTRA_INDEX_URL', description: '(Deprecated: use `--index` instead) Extra URLs of package indexes to use' },
    { key: 'findLinks', short: '-f', long: '--find-links', value: 'FIND_LINKS', repeat: true, separator: ',', variable: 'FIND_LINKS', description: 'Locations to search for candidate distributions, in addition to those found in the registry indexes' },
    { key: 'noIndex', long: '--no-index', variable: 'NO_INDEX', description: 'Ignore the registry index, instead relying on direct URL dependencies and those provided via `--find-links`', conflicts: ['--index', '--default-index', '--index-url', '--extra-index-url'] },
    { key: 'indexStrategy', long: '--index-strategy', value: 'INDEX_STRATEGY', variable: 'INDEX_STRATEGY', choices: ['first-index', 'unsafe-first-match', 'unsafe-best-match'], choiceAliases: { 'unsafe-any-match': 'unsafe-best-match' }, description: 'The strategy to use when resolving against multiple index URLs' },
  ],
};

export const resolverOptions: OptionGroup = {
  title: 'Resolver options',
  options: [
    { key: 'upgrade', short: '-U', long: '--upgrade', description: 'Allow package upgrades. Implies `--refresh`', conflicts: ['--offline'] },
    { key: 'upgradePackage', short: '-P', long: '--upgrade-package', value: 'UPGRADE_PACKAGE', repeat: true, description: 'Allow upgrades for a specific package. Implies `--refresh-package`' },
    { key: 'resolution', long: '--resolution', value: 'RESOLUTION', variable: 'RESOLUTION', choices: ['highest', 'lowest', 'lowest-direct'], description: 'The strategy to use when selecting between the different compatible versions' },
    { key: 'prerelease', long: '--prerelease', value: 'PRERELEASE', variable: 'PRERELEASE', choices: ['disallow', 'allow', 'if-necessary', 'explicit', 'if-necessary-or-explicit'], description: 'The strategy to use when considering pre-release versions' },
    { key: 'pre', long: '--pre', hidden: true, description: 'Same as `--prerelease=allow`', conflicts: ['--prerelease'] },
    { key: 'excludeNewer', long: '--exclude-newer', value: 'EXCLUDE_NEWER', variable: 'EXCLUDE_NEWER', description: 'Limit candidate packages to those that were uploaded prior to the given date' },
    { key: 'excludeNewerPackage', long: '--exclude-newer-package', value: 'PACKAGE=DATE', repeat: true, description: 'Limit candidate packages for specific packages to those that were uploaded prior to the given date' },
  ],
};

export const forkOptions: readonly OptionSpec[] = [
  { key: 'forkStrategy', long: '--fork-strategy', value: 'FORK_STRATEGY', variable: 'FORK_STRATEGY', choices: ['fewest', 'requires-python'], description: 'The strategy to use when selecting multiple versions of a given package across Python versions and platforms' },
];

export const installerOptions: OptionGroup = {
  title: 'Installer options',
  options: [
    { key: 'reinstall', long: '--reinstall', alias: '--force-reinstall', description: "Reinstall all packages, regardless of whether they're already installed. Implies `--refresh`" },
    { key: 'reinstallPackage', long: '--reinstall-package', value: 'REINSTALL_PACKAGE', repeat: true, description: "Reinstall a specific package, regardless of whether it's already installed. Implies `--refresh-package`" },
    { key: 'linkMode', long: '--link-mode', value: 'LINK_MODE', variable: 'LINK_MODE', choices: ['clone', 'copy', 'hardlink', 'symlink'], choiceAliases: { reflink: 'clone' }, description: 'The method to use when installing packages from the global cache' },
    { key: 'compileBytecode', long: '--compile-bytecode', alias: '--compile', variable: 'COMPILE_BYTECODE', description: 'Compile Python files to bytecode after installation' },
  ],
};

export const buildOptions: readonly OptionSpec[] = [
  { key: 'noBuild', long: '--no-build', variable: 'NO_BUILD', description: "Don't build source distributions" },
  { key: 'noBinary', long: '--no-binary', value: 'NO_BINARY', repeat: true, description: "Don't install pre-built wheels" },
  { key: 'onlyBinary', long: '--only-binary', value: 'ONLY_BINARY', repeat: true, description: "Only use pre-built wheels; don't build source distributions" },
];

export const targetOptions: readonly OptionSpec[] = [
  { key: 'pythonVersion', long: '--python-version', value: 'PYTHON_VERSION', description: 'The Python version that the requirements are resolved for, such as `3.12` or `3.12.1`' },
  { key: 'pythonPlatform', long: '--python-platform', value: 'PYTHON_PLATFORM', description: PYTHON_PLATFORM_HELP },
];

/** Which environment a `pip` command works on. */
export const environmentOptions: readonly OptionSpec[] = [
  { key: 'system', long: '--system', variable: 'SYSTEM_PYTHON', description: 'Use the system Python environment', conflicts: ['--python'] },
  { key: 'target', short: '-t', long: '--target', value: 'TARGET', description: 'Work on the specified directory, rather than on the virtual or system Python environment', conflicts: ['--prefix'] },
  { key: 'prefix', long: '--prefix', value: 'PREFIX', description: 'Work on `lib`, `bin`, and other top-level folders under the specified directory, as if a virtual environment were present at that location' },
];

export const breakSystemOptions: readonly OptionSpec[] = [
  { key: 'breakSystemPackages', long: '--break-system-packages', variable: 'BREAK_SYSTEM_PACKAGES', description: 'Allow changes to an `EXTERNALLY-MANAGED` Python installation' },
];

export const requirementOptions: readonly OptionSpec[] = [
  { key: 'constraints', short: '-c', long: '--constraints', alias: '--constraint', value: 'CONSTRAINTS', repeat: true, separator: ' ', variable: 'CONSTRAINT', description: 'Constrain versions using the given requirements files' },
  { key: 'overrides', long: '--overrides', alias: '--override', value: 'OVERRIDES', repeat: true, separator: ' ', variable: 'OVERRIDE', description: 'Override versions using the given requirements files' },
  { key: 'excludes', long: '--excludes', alias: '--exclude', value: 'EXCLUDES', repeat: true, separator: ' ', variable: 'EXCLUDE', description: 'Exclude packages from resolution using the given requirements files' },
  { key: 'extra', long: '--extra', value: 'EXTRA', repeat: true, description: 'Include optional dependencies from the specified extra name; may be provided more than once', conflicts: ['--all-extras'] },
  { key: 'allExtras', long: '--all-extras', description: 'Include all optional dependencies' },
  { key: 'group', long: '--group', value: 'GROUP', repeat: true, description: 'Include the specified dependency group from a `pyproject.toml`' },
];

export const hashOptions: readonly OptionSpec[] = [
  { key: 'requireHashes', long: '--require-hashes', variable: 'REQUIRE_HASHES', description: 'Require a matching hash for each requirement' },
  { key: 'noVerifyHashes', long: '--no-verify-hashes', variable: 'NO_VERIFY_HASHES', description: 'Disable validation of hashes in the requirements file' },
];

export const torchOption: OptionSpec = { key: 'torchBackend', long: '--torch-backend', value: 'TORCH_BACKEND', variable: 'TORCH_BACKEND', description: 'The backend to use when fetching packages in the PyTorch ecosystem (not available in this release)' };
