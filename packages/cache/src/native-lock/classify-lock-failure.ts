/**
 * Why a lock was refused, told by the code alone. "Busy" is waited for; "unsupported" means that this file system has
 * no locks; everything else is broken and waiting does not cure it.
 */
import { constants } from 'node:os';

export type LockFailure = 'busy' | 'unsupported' | 'broken';

const { errno } = constants;

/** EACCES: flock emulated by byte-range locks (NFS). EINTR: a signal came first; asking again is right. */
const POSIX_BUSY: ReadonlySet<number> = new Set([errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EINTR]);

/** Linux's ENOTSUPP, which has no name in user space and still gets there from some file systems. */
const LINUX_ENOTSUPP = 524;
const POSIX_UNSUPPORTED: ReadonlySet<number> = new Set([
  errno.ENOSYS,
  errno.ENOTSUP,
  errno.EOPNOTSUPP,
  errno.ENOLCK,
  LINUX_ENOTSUPP,
]);

export function classifyErrno(code: number): LockFailure {
  if (POSIX_BUSY.has(code)) return 'busy';
  return POSIX_UNSUPPORTED.has(code) ? 'unsupported' : 'broken';
}

/** ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION, ERROR_ACCESS_DENIED, ERROR_IO_PENDING. */
const WINDOWS_BUSY: ReadonlySet<number> = new Set([33, 32, 5, 997]);
/** ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_CALL_NOT_IMPLEMENTED. */
const WINDOWS_UNSUPPORTED: ReadonlySet<number> = new Set([1, 50, 120]);

export function classifyWindowsError(code: number): LockFailure {
  if (WINDOWS_BUSY.has(code)) return 'busy';
  return WINDOWS_UNSUPPORTED.has(code) ? 'unsupported' : 'broken';
}
