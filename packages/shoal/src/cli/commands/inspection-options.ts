/** Options that the commands which look at an environment share. */
import { indexOptions } from '../options/index-options.ts';
import { resolverOptions } from '../options/resolver-options.ts';
import type { OptionGroup, OptionSpec } from '../option-spec.ts';

export const strictOption: OptionSpec = {
  key: 'strict',
  long: '--strict',
  description: 'Validate the Python environment, to detect packages with missing dependencies and other issues',
};

export const excludeOption: OptionSpec = {
  key: 'exclude',
  long: '--exclude',
  value: 'EXCLUDE',
  repeat: true,
  description: 'Exclude the specified package(s) from the output',
};

/** Where `--outdated` looks, and up to which instant. */
export const latestOptions: readonly OptionGroup[] = [
  indexOptions,
  {
    title: 'Resolver options',
    options: resolverOptions.options.filter(({ key }) => key === 'excludeNewer' || key === 'excludeNewerPackage'),
  },
];
