/**
 * LockFileEx over one byte far beyond the end of the file, which is never read or written: these locks are mandatory,
 * and readers of the holder's name must not meet them. Programs that lock the whole file exclude us and we them.
 *
 * The file is opened without FILE_SHARE_DELETE, so that nobody can remove it while it is open: the path keeps naming
 * the locked file, and lock files stay.
 */
import { statSync, writeFileSync } from 'node:fs';

import { hasErrorCode } from '../errors.ts';
import type { LockHolder } from '../lock-holder.ts';
import { once } from '../once.ts';
import { classifyWindowsError } from './classify-lock-failure.ts';
import { openSystemLibrary } from './foreign.ts';
import type { ForeignLibrary } from './foreign-library.ts';
import type { LockDescriptor, LockMode } from './lock-descriptor.ts';
import { SystemCallError } from './system-error.ts';

const GENERIC_READ_WRITE = 0xc0000000;
const FILE_SHARE_READ_WRITE = 3;
const OPEN_ALWAYS = 4;
const FILE_ATTRIBUTE_NORMAL = 0x80;
const INVALID_HANDLE = -1;
const LOCKFILE_FAIL_IMMEDIATELY = 1;
const LOCKFILE_EXCLUSIVE_LOCK = 2;
const OVERLAPPED_BYTES = 32;

const NAMED_ERRORS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  3: 'ENOENT',
  5: 'EACCES',
  19: 'EROFS',
  32: 'EBUSY',
};

/** Each answers 0, or the error number. */
export interface WindowsCalls {
  open(path: string): { readonly handle: number } | { readonly error: number };
  lock(handle: number, exclusive: boolean): number;
  close(handle: number): void;
}

const windowsCalls: () => WindowsCalls = once(() => bindWindowsCalls(openSystemLibrary()));

export function openWindowsLock(path: string, calls: WindowsCalls = windowsCalls()): LockDescriptor {
  const opened = calls.open(path);
  if ('error' in opened) throw windowsError('CreateFileW', path, opened.error);
  return {
    tryLock: (mode) => tryLockFile(calls, { handle: opened.handle, path, mode }),
    isStillNamed: () => true,
    // Processes cannot be replaced there.
    inherit: () => undefined,
    leaveName: (holder) => writeName(path, holder),
    hasName: () => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0,
    remove: () => undefined,
    close: () => calls.close(opened.handle),
  };
}

function tryLockFile(
  calls: WindowsCalls,
  request: { readonly handle: number; readonly path: string; readonly mode: LockMode },
): 'locked' | 'busy' | 'unsupported' {
  const error = calls.lock(request.handle, request.mode === 'exclusive');
  if (error === 0) return 'locked';
  const failure = classifyWindowsError(error);
  if (failure === 'broken') throw windowsError('LockFileEx', request.path, error);
  return failure;
}

function writeName(path: string, holder: LockHolder | undefined): void {
  try {
    writeFileSync(path, holder === undefined ? '' : `${JSON.stringify(holder)}\n`);
  } catch (error) {
    if (!hasErrorCode(error, 'EBUSY', 'EACCES', 'EPERM', 'ENOSPC', 'ENOENT')) throw error;
  }
}

function windowsError(call: string, path: string, errno: number): SystemCallError {
  return new SystemCallError(call, path, { code: NAMED_ERRORS[errno] ?? `WINDOWS_${errno}`, errno });
}

export function bindWindowsCalls(library: ForeignLibrary): WindowsCalls {
  const create = library.bind('CreateFileW', {
    parameters: ['bytes', 'u32', 'u32', 'bytes', 'u32', 'u32', 'handle'],
    result: 'handle',
  });
  const lockFile = library.bind('LockFileEx', {
    parameters: ['handle', 'u32', 'u32', 'u32', 'u32', 'bytes'],
    result: 'i32',
  });
  const closeHandle = library.bind('CloseHandle', { parameters: ['handle'], result: 'i32' });
  return {
    open: (path): { handle: number } | { error: number } => {
      const wide = Buffer.from(`${path}\0`, 'utf16le');
      const handle = create(
        wide,
        GENERIC_READ_WRITE,
        FILE_SHARE_READ_WRITE,
        null,
        OPEN_ALWAYS,
        FILE_ATTRIBUTE_NORMAL,
        0,
      );
      return handle === INVALID_HANDLE ? { error: library.lastError() } : { handle };
    },
    lock: (handle, exclusive): number => {
      const flags = LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0);
      return lockFile(handle, flags, 0, 1, 0, farByte()) === 0 ? library.lastError() : 0;
    },
    close: (handle): void => {
      closeHandle(handle);
    },
  };
}

/** An OVERLAPPED whose offset is byte 2^63 - 2. */
function farByte(): Uint8Array {
  const overlapped = Buffer.alloc(OVERLAPPED_BYTES);
  overlapped.writeUInt32LE(0xfffffffe, 16);
  overlapped.writeUInt32LE(0x7fffffff, 20);
  return overlapped;
}
