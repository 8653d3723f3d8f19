/** Which interpreter and which environment a command works on. */
import type { OptionGroup, OptionSpec } from '../option-spec.ts';

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
  ],
};

/** Which environment a `pip` command works on. */
export const environmentOptions: readonly OptionSpec[] = [
  {
    key: 'system',
    long: '--system',
    variable: 'SYSTEM_PYTHON',
    description: 'Use the system Python environment',
    conflicts: ['--python'],
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

export const breakSystemOptions: readonly OptionSpec[] = [
  {
    key: 'breakSystemPackages',
    long: '--break-system-packages',
    variable: 'BREAK_SYSTEM_PACKAGES',
    description: 'Allow changes to an `EXTERNALLY-MANAGED` Python installation',
  },
];
