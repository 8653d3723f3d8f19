/** Options of pip, pip-sync and pip-compile that uv names in order to refuse or ignore them. */
import type { OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

export const versionCheckOption: OptionSpec = {
  key: 'disablePipVersionCheck',
  long: '--disable-pip-version-check',
  hidden: true,
  description: 'Accepted for compatibility with pip',
  warning: "pip's `--disable-pip-version-check` has no effect",
};

export const yesOption: OptionSpec = {
  key: 'yes',
  short: '-y',
  long: '--yes',
  hidden: true,
  description: 'Accepted for compatibility with pip',
  warning: '`--yes` has no effect (shoal never asks for confirmation)',
};

export const refusedPipOptions: readonly OptionSpec[] = [
  versionCheckOption,
  refuse({ long: '--user' }, "pip's `--user` is unsupported (use a virtual environment instead)"),
];

export const refusedSyncOptions: readonly OptionSpec[] = [
  refuse({ long: '--user' }, "pip-sync's `--user` is unsupported (use a virtual environment instead)"),
  refuse({ long: '--ask', short: '-a' }, "pip-sync's `--ask` is unsupported (shoal never asks for confirmation)"),
  refuse(
    { long: '--python-executable', value: 'PYTHON_EXECUTABLE' },
    "pip-sync's `--python-executable` is unsupported (to install into a separate Python environment, try setting `VIRTUAL_ENV` instead)",
  ),
  refuse(
    { long: '--client-cert', value: 'CLIENT_CERT' },
    "pip-sync's `--client-cert` is unsupported (shoal doesn't support dedicated client certificates)",
  ),
  refuse(
    { long: '--pip-args', value: 'PIP_ARGS' },
    "pip-sync's `--pip-args` is unsupported (try passing arguments to shoal directly)",
  ),
];

/** What pip-compile has beyond `pip compile`. */
export const refusedCompileOptions: readonly OptionSpec[] = [
  accept('--allow-unsafe', 'shoal can safely pin `pip` and other packages'),
  accept('--no-allow-unsafe', 'shoal can safely pin `pip` and other packages'),
  accept('--no-reuse-hashes', "shoal doesn't reuse hashes"),
  accept('--no-emit-trusted-host', 'shoal never emits trusted hosts'),
  accept('--no-emit-options', 'shoal never emits options'),
  refuse({ long: '--reuse-hashes' }, "pip-compile's `--reuse-hashes` is unsupported (shoal doesn't reuse hashes)"),
  refuse(
    { long: '--resolver', value: 'RESOLVER' },
    "pip-compile's `--resolver` is unsupported (shoal always backtracks, so the option can be left out)",
  ),
  refuse(
    { long: '--max-rounds', value: 'MAX_ROUNDS' },
    "pip-compile's `--max-rounds` is unsupported (shoal always resolves until convergence)",
  ),
  refuse(
    { long: '--client-cert', value: 'CLIENT_CERT' },
    "pip-compile's `--client-cert` is unsupported (shoal doesn't support dedicated client certificates)",
  ),
  refuse({ long: '--emit-trusted-host' }, "pip-compile's `--emit-trusted-host` is unsupported"),
  refuse(
    { long: '--config', value: 'CONFIG' },
    "pip-compile's `--config` is unsupported (shoal does not use a configuration file)",
  ),
  refuse(
    { long: '--emit-options' },
    "pip-compile's `--emit-options` is unsupported (try `--emit-build-options` instead)",
  ),
  refuse(
    { long: '--pip-args', value: 'PIP_ARGS' },
    "pip-compile's `--pip-args` is unsupported (try passing arguments to shoal directly)",
  ),
  refuse({ long: '--emit-marker-expression' }, '`--emit-marker-expression` is not available in this release'),
  refuse(
    { long: '--link-mode', value: 'LINK_MODE' },
    '`--link-mode` has nothing to do in `pip compile`, which installs nothing in this release',
  ),
];

function accept(long: string, reason: string): OptionSpec {
  return {
    key: `accepted${long}`,
    long,
    hidden: true,
    description: 'Accepted for compatibility with pip-compile',
    warning: `pip-compile's \`${long}\` has no effect (${reason})`,
  };
}

function refuse(spec: Pick<OptionSpec, 'long' | 'short' | 'value'>, message: string): OptionSpec {
  return { ...refusedOption(spec), refusal: { message } };
}
