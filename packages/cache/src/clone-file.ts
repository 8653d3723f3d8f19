import { constants, copyFileSync } from 'node:fs';

/**
 * Create `target` as a copy of `source` that shares its blocks until one is written to (FICLONE, clonefile, ReFS).
 * The permission bits are those of `source`. `target` must not exist.
 *
 * @returns `cloned`, or the system's code: ENOTSUP, EOPNOTSUPP, EINVAL, ENOTTY, ENOSYS where the file system cannot,
 *   EXDEV between file systems, EEXIST, ENOENT …; `target` does not exist then, unless it is EEXIST.
 */
export function cloneFile(source: string, target: string): string {
  try {
    copyFileSync(source, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return 'cloned';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
