/** Options of pip and pip-sync that uv names in order to refuse or ignore them. */
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

function refuse(spec: Pick<OptionSpec, 'long' | 'short' | 'value'>, message: string): OptionSpec {
  return { ...refusedOption(spec), refusal: { message } };
}
