/** Which interpreter and which environment a command works on. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';
import { refusedOption } from './refused-option.ts';

/** Whether Pythons that are managed are taken. Nothing is ever downloaded in this release. */
const managedPythonOptions: readonly OptionSpec[] = [
  {
    key: 'managedPython',
    long: '--managed-python',
    variable: 'MANAGED_PYTHON',
    description: 'Require use of managed Python versions',
    conflicts: ['--no-managed-python'],
  },
  {
    key: 'noManagedPython',
    long: '--no-managed-python',
    variable: 'NO_MANAGED_PYTHON',
    description: 'Disable use of managed Python versions',
    conflicts: ['--managed-python'],
  },
  {
    key: 'noPythonDownloads',
    long: '--no-python-downloads',
    description: 'Disable automatic downloads of Python, of which this release makes none',
  },
  {
    key: 'pythonPreference',
    long: '--python-preference',
    value: 'PYTHON_PREFERENCE',
    choices: ['only-managed', 'managed', 'system', 'only-system'],
    variable: 'PYTHON_PREFERENCE',
    hidden: true,
    description: 'Whether managed or other Python versions are preferred',
    conflicts: ['--managed-python', '--no-managed-python'],
  },
  refusedOption({ long: '--allow-python-downloads' }, 'Install the Python version first'),
  refusedOption({ long: '--python-fetch', value: 'PYTHON_FETCH' }, 'Install the Python version first'),
];

export const pythonOptions: OptionGroup = {
  title: 'Python options',
  options: [
    {
      key: 'python',
      short: '-p',
      long: '--python',
      value: 'PYTHON',
      variable: 'PYTHON',
      description: 'The Python interpreter to use: a version, a range, a name or a path',
    },
    ...managedPythonOptions,
  ],
};

/** Which environment a `pip` command works on. */
export const environmentOptions: readonly OptionSpec[] = [
  {
    key: 'system',
    long: '--system',
    variable: 'SYSTEM_PYTHON',
    negations: ['--no-system'],
    description: 'Use the system Python environment',
  },
  {
    key: 'target',
    short: '-t',
    long: '--target',
    value: 'TARGET',
    description: 'Work on the specified directory, rather than on the virtual or system Python environment',
    conflicts: ['--prefix'],
  },
  {
    key: 'prefix',
    long: '--prefix',
    value: 'PREFIX',
    description:
      'Work on `lib`, `bin`, and other top-level folders under the specified directory, as if a virtual environment were present at that location',
  },
];

/** Trust for the servers that a `pip` command asks. */
export const certificateOption: OptionSpec = {
  key: 'cert',
  long: '--cert',
  value: 'FILE',
  description: 'Path to a PEM-encoded CA certificate bundle',
};

export const breakSystemOptions: readonly OptionSpec[] = [
  {
    key: 'breakSystemPackages',
    long: '--break-system-packages',
    negations: ['--no-break-system-packages'],
    variable: 'BREAK_SYSTEM_PACKAGES',
    description: 'Allow changes to an `EXTERNALLY-MANAGED` Python installation',
  },
];
