import { SystemCallError, codeOfErrno } from './native-lock/system-error.ts';
import { systemCalls } from './native-lock/system-calls.ts';

/** The file system or the kernel cannot do it. EINVAL: the file system does not know the flag. */
const UNAVAILABLE: readonly string[] = ['ENOSYS', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Exchange what two paths name, in one step: whoever opens either finds the one or the other, never nothing.
 * Both must exist, on one file system; files and folders may be mixed.
 *
 * @returns false when this system or file system cannot do it; nothing has changed then.
 * @throws the system's error otherwise: ENOENT, EXDEV, EACCES …
 */
export function exchangePaths(first: string, second: string): boolean {
  if (process.platform === 'win32') return false;
  const errno = systemCalls().exchange(first, second);
  if (errno === 0) return true;
  const code = errno === undefined ? 'ENOSYS' : codeOfErrno(errno);
  if (UNAVAILABLE.includes(code)) return false;
  throw new SystemCallError('exchange', `${first}' -> '${second}`, { code, errno: errno ?? 0 });
}
