/**
 * One lock on one file, shared or exclusive, between processes and between tasks of one process.
 *
 * ## Guarantees
 * - Released by the kernel when its process ends, however it ends.
 * - Two open files exclude each other even in one process, so tasks need no second lock.
 * - A lock that was taken is on the file that the path names; a lock on a removed file is given back and tried again.
 *
 * ## Limits
 * - Nothing here waits; `acquire-file-lock.ts` does.
 */
import { hasErrorCode } from './errors.ts';
import { nameLater } from './late-name.ts';
import { describeThisProcess } from './lock-holder.ts';
import { openLockFile } from './native-lock/lock-descriptor.ts';
import type { LockDescriptor, LockMode } from './native-lock/lock-descriptor.ts';

export type { LockMode } from './native-lock/lock-descriptor.ts';

export interface LockHandle extends Disposable {
  readonly path: string;
  readonly mode: LockMode;
  /** Unlock. Further calls do nothing. */
  release(): void;
  /** Unlock and remove the file, so that folders can be tidied. Only for an exclusive lock. */
  releaseAndRemove(): void;
  /**
   * Unlock and remove the file although others may hold it too: what it guarded is gone, and whoever makes it anew need
   * not wait for those who still hold the old file. On Windows the file stays until they have let go.
   */
  abandon(): void;
  /** Let the program that is about to replace this process hold the lock as long as it runs. On Linux only. */
  inherit(): void;
  /** Does the path still name the locked file? Not after somebody has deleted the whole folder. */
  isStillNamed(): boolean;
}

/** How often a removed lock file is opened again before the folder counts as too unquiet. */
const REOPEN_LIMIT = 100;

/** The name that a holder leaves for those who wait. */
export interface HolderName {
  readonly command: string;
  readonly resource?: string | undefined;
}

/**
 * Try to lock the file at `path`, which is created when missing; its folder is not.
 *
 * @param name Without: none is left.
 * @throws the system's error when the file cannot be opened (ENOENT: no folder; EACCES, EROFS: not writable), or when
 *   locking is broken there (EIO …).
 */
export function tryFileLock(path: string, mode: LockMode, name?: HolderName): LockHandle | 'busy' | 'unsupported' {
  for (let attempt = 1; ; attempt += 1) {
    const descriptor = openLockFile(path);
    const answer = tryOnce(descriptor, mode);
    if (answer === 'locked') return createHandle({ descriptor, path, mode, name });
    descriptor.close();
    if (answer !== 'removed') return answer;
    if (attempt === REOPEN_LIMIT) return 'busy';
  }
}

function tryOnce(descriptor: LockDescriptor, mode: LockMode): 'locked' | 'busy' | 'unsupported' | 'removed' {
  try {
    const answer = descriptor.tryLock(mode);
    return answer === 'locked' && !descriptor.isStillNamed() ? 'removed' : answer;
  } catch (error) {
    // Another host has removed the file from a network mount.
    if (hasErrorCode(error, 'ESTALE')) return 'removed';
    descriptor.close();
    throw error;
  }
}

interface HandleParts {
  readonly descriptor: LockDescriptor;
  readonly path: string;
  readonly mode: LockMode;
  readonly name: HolderName | undefined;
}

function createHandle({ descriptor, path, mode, name }: HandleParts): LockHandle {
  let isOpen = true;
  let forgetName: () => void = () => undefined;
  const leaveName = (): void => {
    if (name !== undefined) descriptor.leaveName(describeThisProcess(name.command, name.resource));
  };
  if (mode === 'exclusive') leaveName();
  else if (name !== undefined) forgetName = nameLater(leaveName);
  const end = (removes: boolean): void => {
    if (!isOpen) return;
    isOpen = false;
    forgetName();
    if (removes) descriptor.remove();
    else if (mode === 'exclusive' && name !== undefined) descriptor.leaveName(undefined);
    descriptor.close();
  };
  return {
    path,
    mode,
    release: () => end(false),
    releaseAndRemove: () => end(mode === 'exclusive'),
    abandon: () => end(true),
    inherit: () => {
      if (!isOpen) return;
      // Whoever waits for it waits for that program, which has our process id.
      forgetName();
      leaveName();
      descriptor.inherit();
    },
    isStillNamed: () => isOpen && descriptor.isStillNamed(),
    [Symbol.dispose]: () => end(false),
  };
}
