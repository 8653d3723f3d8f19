/** The options that every command takes, with uv's names and words. */
import type { OptionGroup } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

export const globalOptions: OptionGroup = {
  title: 'Global options',
  options: [
    {
      key: 'quiet',
      short: '-q',
      long: '--quiet',
      repeat: true,
      description: 'Use quiet output; given twice, print errors alone',
      conflicts: ['--verbose'],
    },
    { key: 'verbose', short: '-v', long: '--verbose', repeat: true, description: 'Use verbose output' },
    {
      key: 'color',
      long: '--color',
      value: 'COLOR_CHOICE',
      choices: ['auto', 'always', 'never'],
      description: 'Control the use of color in output',
    },
    {
      key: 'systemCerts',
      long: '--system-certs',
      negations: ['--no-system-certs'],
      variable: 'SYSTEM_CERTS',
      description: "Load TLS certificates from the platform's native certificate store",
    },
    {
      key: 'nativeTls',
      long: '--native-tls',
      negations: ['--no-native-tls'],
      hidden: true,
      description: 'Same as `--system-certs`',
      warning: 'The `--native-tls` flag is deprecated. Use `--system-certs` instead.',
    },
    {
      key: 'offline',
      long: '--offline',
      negations: ['--no-offline'],
      variable: 'OFFLINE',
      description: 'Disable network access',
    },
    {
      key: 'allowInsecureHost',
      long: '--allow-insecure-host',
      alias: '--trusted-host',
      value: 'HOST',
      repeat: true,
      separator: ' ',
      variable: 'INSECURE_HOST',
      description: 'Allow insecure connections to a host',
    },
    { key: 'noProgress', long: '--no-progress', variable: 'NO_PROGRESS', description: 'Hide all progress outputs' },
    {
      key: 'lockTimeout',
      long: '--lock-timeout',
      value: 'SECONDS',
      variable: 'LOCK_TIMEOUT',
      description:
        'Give up when a lock cannot be had within this time; without it, wait for as long as the holder lives',
    },
    {
      key: 'directory',
      long: '--directory',
      value: 'DIRECTORY',
      variable: 'WORKING_DIR',
      description: 'Change to the given directory prior to running the command',
    },
    {
      key: 'project',
      long: '--project',
      value: 'PROJECT',
      variable: 'PROJECT',
      description:
        'Discover a project in the given directory: its version files, what it requires and where its environment is; the `pip` commands work on no project',
    },
    {
      key: 'noConfig',
      long: '--no-config',
      variable: 'NO_CONFIG',
      description: 'Avoid discovering configuration files (`pyproject.toml`, `uv.toml`) and version files',
    },
    {
      key: 'configFile',
      long: '--config-file',
      value: 'CONFIG_FILE',
      variable: 'CONFIG_FILE',
      description: 'The path to a `uv.toml` file to use for configuration, instead of those that are discovered',
    },
    {
      key: 'isolated',
      long: '--isolated',
      hidden: true,
      description: 'Same as `--no-config`',
      warning: 'The `--isolated` flag is deprecated. Use `--no-config` instead.',
    },
    {
      key: 'noColor',
      long: '--no-color',
      hidden: true,
      description: 'Same as `--color never`',
      conflicts: ['--color'],
    },
    {
      key: 'preview',
      long: '--preview',
      negations: ['--no-preview'],
      hidden: true,
      description: 'Turn preview features on',
      warning: '`--preview` has no effect: this release has no preview features',
    },
    {
      key: 'previewFeatures',
      long: '--preview-features',
      alias: '--preview-feature',
      value: 'PREVIEW_FEATURES',
      repeat: true,
      hidden: true,
      description: 'Turn single preview features on',
      warning: '`--preview-features` has no effect: this release has no preview features',
    },
    refusedOption({ long: '--show-settings' }, 'With `-v`, commands say what they work on'),
  ],
};

export const cacheOptions: OptionGroup = {
  title: 'Cache options',
  options: [
    {
      key: 'noCache',
      short: '-n',
      long: '--no-cache',
      alias: '--no-cache-dir',
      variable: 'NO_CACHE',
      description:
        'Avoid reading from or writing to the cache, instead using a temporary directory for the duration of the operation',
    },
    {
      key: 'cacheDir',
      long: '--cache-dir',
      value: 'CACHE_DIR',
      variable: 'CACHE_DIR',
      description: 'Path to the cache directory',
    },
  ],
};
