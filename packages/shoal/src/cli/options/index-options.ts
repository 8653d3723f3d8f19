/** Where distributions come from, and how fresh what is known of them must be. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';

/** Credentials that another program keeps. Only `disabled`, the default, can be had in this release. */
export const keyringOption: OptionSpec = {
  key: 'keyringProvider',
  long: '--keyring-provider',
  value: 'KEYRING_PROVIDER',
  variable: 'KEYRING_PROVIDER',
  choices: ['disabled', 'subprocess'],
  description:
    'Attempt to use `keyring` for authentication for index URLs (`subprocess` is not available in this release)',
};

export const indexOptions: OptionGroup = {
  title: 'Index options',
  options: [
    {
      key: 'index',
      long: '--index',
      value: 'INDEX',
      repeat: true,
      separator: ' ',
      variable: 'INDEX',
      description: 'The indexes to use when resolving dependencies, in addition to the default index',
    },
    {
      key: 'defaultIndex',
      long: '--default-index',
      value: 'DEFAULT_INDEX',
      variable: 'DEFAULT_INDEX',
      description: 'The default package index',
    },
    {
      key: 'indexUrl',
      short: '-i',
      long: '--index-url',
      value: 'INDEX_URL',
      variable: 'INDEX_URL',
      description: '(Deprecated: use `--default-index` instead) The URL of the Python package index',
    },
    {
      key: 'extraIndexUrl',
      long: '--extra-index-url',
      value: 'EXTRA_INDEX_URL',
      repeat: true,
      separator: ' ',
      variable: 'EXTRA_INDEX_URL',
      description: '(Deprecated: use `--index` instead) Extra URLs of package indexes to use',
    },
    {
      key: 'findLinks',
      short: '-f',
      long: '--find-links',
      value: 'FIND_LINKS',
      repeat: true,
      separator: ',',
      variable: 'FIND_LINKS',
      description:
        'Locations to search for candidate distributions, in addition to those found in the registry indexes',
    },
    {
      key: 'noIndex',
      long: '--no-index',
      variable: 'NO_INDEX',
      description:
        'Ignore the registry index, instead relying on direct URL dependencies and those provided via `--find-links`',
    },
    {
      key: 'indexStrategy',
      long: '--index-strategy',
      value: 'INDEX_STRATEGY',
      variable: 'INDEX_STRATEGY',
      choices: ['first-index', 'unsafe-first-match', 'unsafe-best-match'],
      choiceAliases: { 'unsafe-any-match': 'unsafe-best-match' },
      description: 'The strategy to use when resolving against multiple index URLs',
    },
    keyringOption,
  ],
};

export const refreshOptions: readonly OptionSpec[] = [
  {
    key: 'refresh',
    long: '--refresh',
    negations: ['--no-refresh'],
    description: 'Refresh all cached data',
    conflicts: ['--offline'],
  },
  {
    key: 'refreshPackage',
    long: '--refresh-package',
    value: 'PACKAGE',
    repeat: true,
    description: 'Refresh cached data for a specific package',
  },
];
