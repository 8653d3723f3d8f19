import { renameSync } from 'node:fs';

import { hasErrorCode } from './errors.ts';

/** Virus scanners and indexers hold a new file open for some milliseconds on Windows. */
const WINDOWS_ATTEMPTS = 9;

/**
 * rename(2). On Windows a refusal is tried again for about half a second, because a file that any other program has
 * open cannot be renamed there.
 */
export function renamePath(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const isTransient = process.platform === 'win32' && hasErrorCode(error, 'EPERM', 'EACCES', 'EBUSY');
      if (!isTransient || attempt === WINDOWS_ATTEMPTS) throw error;
      pauseThread(2 ** attempt);
    }
  }
}

function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
