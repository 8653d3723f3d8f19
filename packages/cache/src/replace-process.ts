import { codeOfErrno, SystemCallError } from './native-lock/system-error.ts';
import { systemCalls } from './native-lock/system-calls.ts';

export interface ProgramStart {
  /** Path of the program's file: no search path is gone through. */
  readonly program: string;
  /** All words that it sees, its own name first. */
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Make this process another program: execve(2). Locks go with this one unless they were told to be inherited.
 *
 * @returns only where processes are not replaced: on anything but Linux.
 * @throws the system's error, ENOENT, EACCES, ENOEXEC …: nothing has happened then.
 */
export function replaceProcess({ program, words, variables }: ProgramStart): void {
  if (process.platform !== 'linux') return;
  const pairs = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const errno = systemCalls().execute(program, words, pairs);
  throw new SystemCallError('execve', program, { code: codeOfErrno(errno), errno });
}
