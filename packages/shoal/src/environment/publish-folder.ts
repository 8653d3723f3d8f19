/** Giving a finished folder its name. Both paths are on one file system. */
import { existsSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exchangePaths, hasErrorCode, randomName, tryFileLock } from '@shoal/cache';

/** A name that nobody uses, in the folder that holds `root`. */
export function privateFolderBeside(root: string): string {
  return join(dirname(root), `.shoal-${randomName()}`);
}

/** Delete private folders in `parent` whose makers are dead: their lock is there, and free. */
export function removeLeftovers(parent: string): void {
  const names = readdirSync(parent).filter((name) => /^\.shoal-[0-9a-f]{32}$/.test(name));
  for (const folder of names.map((name) => join(parent, name))) removeIfDead(folder);
}

function removeIfDead(folder: string): void {
  try {
    if (!existsSync(join(folder, '.lock'))) return;
    const lock = tryFileLock(join(folder, '.lock'), 'exclusive');
    if (typeof lock === 'string') return;
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    // Another process is deleting it too, or it is not ours to delete.
    if (!hasErrorCode(error, 'ENOENT', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}

/**
 * Rename `temporary` to `root` unless something is there. An empty folder is nothing.
 *
 * @returns Whether `root` is ours now; if not, `temporary` is as it was.
 */
export function publishFolder(temporary: string, root: string): boolean {
  try {
    if (process.platform === 'win32') removeEmptyFolder(root);
    renameSync(temporary, root);
    return true;
  } catch (error) {
    // Windows says EPERM or EACCES for a folder that exists.
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false;
    if (process.platform === 'win32' && hasErrorCode(error, 'EPERM', 'EACCES')) return false;
    throw error;
  }
}

/** Put `temporary` in the place of `root`, which then lies at `temporary`. The caller holds the lock of `root`. */
export function replaceFolder(temporary: string, root: string): void {
  if (exchangePaths(temporary, root)) return;
  const aside = privateFolderBeside(root);
  renameSync(root, aside);
  renameSync(temporary, root);
  renameSync(aside, temporary);
}

function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EACCES')) throw error;
  }
}
