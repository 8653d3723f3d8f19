/** One open lock file, which may be locked. Closing it unlocks; so does the end of the process, however it comes. */
import type { LockHolder } from '../lock-holder.ts';
import { openPosixLock } from './posix-lock.ts';
import { openWindowsLock } from './windows-lock.ts';

export type LockMode = 'shared' | 'exclusive';

export interface LockDescriptor {
  /** @throws {SystemCallError} when locking is broken here, which is neither of the three answers. */
  tryLock(mode: LockMode): 'locked' | 'busy' | 'unsupported';
  /** Does the path still name this file? A lock on a file that was removed excludes nobody. */
  isStillNamed(): boolean;
  leaveName(holder: LockHolder | undefined): void;
  /** Does the file hold a name, of whoever wrote it last? */
  hasName(): boolean;
  /** Let a program that replaces this process go on holding the lock, to its end. */
  inherit(): void;
  /** Remove the file's name; only for a holder of the exclusive lock. */
  remove(): void;
  close(): void;
}

/**
 * Open the lock file at `path`, creating it readable and writable for everybody whatever the umask is: other users of
 * a shared folder must be able to lock it.
 *
 * @throws the system's error, ENOENT when the folder is missing.
 */
export function openLockFile(path: string): LockDescriptor {
  return process.platform === 'win32' ? openWindowsLock(path) : openPosixLock(path);
}
