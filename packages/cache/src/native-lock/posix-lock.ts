/** flock(2). Descriptors are close-on-exec in both runtimes, so no child holds a lock by accident. */
import { closeSync, fchmodSync, fstatSync, linkSync, openSync, statSync } from 'node:fs';

import { hasErrorCode } from '../errors.ts';
import { writeHolder } from '../lock-holder.ts';
import { randomName } from '../random-name.ts';
import { removeIfPresent } from '../write-file-atomic.ts';
import { classifyErrno } from './classify-lock-failure.ts';
import type { LockDescriptor, LockMode } from './lock-descriptor.ts';
import { systemCalls } from './system-calls.ts';
import { codeOfErrno, SystemCallError } from './system-error.ts';

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const EVERYBODY = 0o666;

export function openPosixLock(path: string): LockDescriptor {
  const descriptor = openOrCreate(path);
  return {
    tryLock: (mode) => tryFlock(descriptor, path, mode),
    isStillNamed: () => isSameFile(descriptor, path),
    leaveName: (holder) => writeHolder(descriptor, holder),
    inherit: () => inherit(descriptor, path),
    hasName: () => fstatSync(descriptor).size > 0,
    remove: (): void => {
      if (isSameFile(descriptor, path)) removeIfPresent(path);
    },
    close: () => closeSync(descriptor),
  };
}

function tryFlock(descriptor: number, path: string, mode: LockMode): 'locked' | 'busy' | 'unsupported' {
  const errno = systemCalls().flock(descriptor, (mode === 'shared' ? LOCK_SH : LOCK_EX) | LOCK_NB);
  if (errno === 0) return 'locked';
  const failure = classifyErrno(errno);
  if (failure === 'broken') throw new SystemCallError('flock', path, { code: codeOfErrno(errno), errno });
  return failure;
}

/** A lock belongs to the open file: it lasts until the last descriptor of it is closed. */
function inherit(descriptor: number, path: string): void {
  const errno = systemCalls().inherit(descriptor);
  if (errno !== 0) throw new SystemCallError('dup', path, { code: codeOfErrno(errno), errno });
}

function isSameFile(descriptor: number, path: string): boolean {
  try {
    const named = statSync(path, { throwIfNoEntry: false });
    if (named === undefined) return false;
    const open = fstatSync(descriptor);
    return named.ino === open.ino && named.dev === open.dev;
  } catch (error) {
    // Another host has removed the file from a network mount.
    if (hasErrorCode(error, 'ESTALE')) return false;
    throw error;
  }
}

/** Opened without O_CREAT first: sticky folders refuse O_CREAT on another user's file (fs.protected_regular). */
function openOrCreate(path: string): number {
  for (;;) {
    try {
      return openSync(path, 'r+');
    } catch (error) {
      // flock asks for no permission: a file that is only readable here still shows others that it is in use.
      if (hasErrorCode(error, 'EACCES', 'EROFS')) return openSync(path, 'r');
      if (!hasErrorCode(error, 'ENOENT')) throw error;
    }
    const created = createForEverybody(path);
    if (created !== undefined) return created;
  }
}

/**
 * The file gets its mode under a private name and its name afterwards, so that no other user meets it unreadable.
 *
 * @returns `undefined` when somebody else was first.
 */
function createForEverybody(path: string): number | undefined {
  const temporary = `${path}.${randomName()}`;
  const descriptor = openSync(temporary, 'wx+', EVERYBODY);
  try {
    fchmodSync(descriptor, EVERYBODY);
    linkSync(temporary, path);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    // ENOENT, ESTALE: somebody has deleted the private name; if the folder is gone, opening the next one says so.
    if (hasErrorCode(error, 'EEXIST', 'ENOENT', 'ESTALE')) return undefined;
    if (hasErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) return createInPlace(path);
    throw error;
  } finally {
    removePrivateName(temporary);
  }
}

/** EBUSY: an NFS client is renaming the file, which is open, by itself. A name that stays is swept by the collector. */
function removePrivateName(path: string): void {
  try {
    removeIfPresent(path);
  } catch (error) {
    if (!hasErrorCode(error, 'EBUSY')) throw error;
  }
}

/** Where there are no hard links. Another user who opens the file before its mode is set has to try again. */
function createInPlace(path: string): number | undefined {
  try {
    const descriptor = openSync(path, 'wx+', EVERYBODY);
    fchmodSync(descriptor, EVERYBODY);
    return descriptor;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}
