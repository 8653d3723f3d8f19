/** What a person can most likely do when a build failed, told from what the backend printed. */
import type { HookFailure } from './build-errors.ts';

interface KnownCause {
  readonly pattern: RegExp;
  readonly hint: (match: RegExpExecArray) => string;
}

const KNOWN_CAUSES: readonly KnownCause[] = [
  {
    pattern: /fatal error: ([\w./+-]+\.h(?:pp|h)?): No such file or directory/,
    hint: ([, header = '']) =>
      header === 'Python.h'
        ? 'The header `Python.h` is missing: install the development files of this Python (on Debian `python3-dev`)'
        : `The header \`${header}\` is missing: install the development files of the library that it belongs to`,
  },
  {
    pattern: /(?:error: command '([^']+)' failed: No such file or directory|unable to execute '([^']+)': No such file)/,
    hint: ([, first, second]) =>
      `The compiler \`${first ?? second ?? 'cc'}\` is missing: install one (on Debian \`build-essential\`)`,
  },
  {
    pattern: /(?:mysql_config|pg_config|pkg-config|cmake|ninja|cargo|rustc)(?:: | )?(?:not found|command not found)/,
    hint: ([text]) => `A program that the build needs is missing: \`${text.split(/[: ]/)[0] ?? ''}\``,
  },
  {
    pattern: /Can not find valid pkg-config name|Specify MYSQLCLIENT_CFLAGS/,
    hint: () => 'A C library that the build needs was not found: install its development files and `pkg-config`',
  },
  {
    pattern: /ModuleNotFoundError: No module named '(?:distutils|imp|pkg_resources)'/,
    hint: () => 'The project uses a module that this Python no longer has: use an older Python or a newer release',
  },
  {
    pattern: /ModuleNotFoundError: No module named '([\w.]+)'/,
    hint: ([, module = '']) =>
      `The build needs the module \`${module.split('.')[0] ?? ''}\`, which \`build-system.requires\` does not name: ` +
      'install it and build with `--no-build-isolation-package`, or report it to the project',
  },
];

/** The hint for the first cause that is recognised; `undefined` when none is. */
export function failureHint({ logTail, signal }: Pick<HookFailure, 'logTail' | 'signal'>): string | undefined {
  for (const { pattern, hint } of KNOWN_CAUSES) {
    const match = pattern.exec(logTail);
    if (match !== null) return hint(match);
  }
  return signal === 'SIGKILL' ? 'The build was killed; memory may have run out' : undefined;
}
