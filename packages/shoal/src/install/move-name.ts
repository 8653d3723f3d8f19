import { renameSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';

const WINDOWS_ATTEMPTS = 9;

/** rename(2); on Windows tried again for about half a second, because scanners hold new files open for moments. */
export function moveName(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (
        process.platform !== 'win32' ||
        attempt === WINDOWS_ATTEMPTS ||
        !hasErrorCode(error, 'EPERM', 'EACCES', 'EBUSY')
      )
        throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 ** attempt);
    }
  }
}
