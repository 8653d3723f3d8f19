import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';

/** Remove a file or a folder with all that is in it, if it is there. Links are removed, not followed. */
export function removeFolder(path: string): void {
  // On a read-only file system even the removal of nothing is refused.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!hasErrorCode(error, 'EACCES', 'EPERM')) throw error;
    // A distribution may have installed folders that nobody may write to.
    chmodSync(path, 0o700);
    rmSync(path, { recursive: true, force: true });
  }
}
