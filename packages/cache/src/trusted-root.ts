/**
 * Whom the files of a cache may come from. Trees are used without hashing them again, so whoever can write to the folders of
 * a cache decides what others install from it.
 *
 * - The owner of the root, and the superuser, are trusted by whoever names that root.
 * - A root that its owner made writable for a group is shared by that group: its members trust each other.
 * - A root that everybody may write to is shared by nobody: each user has a private folder in it.
 * - A root that somebody else has put where everybody may put things (`/tmp`) is refused.
 *
 * On Windows the access lists of the folder decide, and nothing is asked here.
 */
import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';

import { CacheUntrustedError, hasErrorCode } from './errors.ts';

const OTHERS_WRITE = 0o002;
const SHARED_WRITE = 0o022;
const SUPERUSER = 0;

/**
 * The folder below which this user's cache is: `root` itself, or its private part. Absolute path in, absolute path out.
 *
 * @throws {CacheUntrustedError} when another user may have prepared it.
 */
export function trustedRoot(root: string): string {
  const user = process.getuid?.();
  const found = statQuietly(root);
  if (user === undefined || found === undefined) return root;
  for (const path of new Set([root, realPathOf(root)])) requireOwnPlace(path, user);
  return (found.mode & OTHERS_WRITE) === 0 ? root : privatePart(root, user);
}

/** A root that is removed in this moment is made anew, where it is named. */
function realPathOf(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    return root;
  }
}

/** In a folder that everybody may write to, only what is ours or the superuser's was put there for us. */
function requireOwnPlace(path: string, user: number): void {
  const folder = statQuietly(dirname(path));
  if (folder === undefined || (folder.mode & OTHERS_WRITE) === 0) return;
  const uid = lstatSync(path, { throwIfNoEntry: false })?.uid ?? user;
  if (uid !== user && uid !== SUPERUSER) throw new CacheUntrustedError(path, `it belongs to the user ${uid}`);
}

function privatePart(root: string, user: number): string {
  const path = join(root, `private-${user}`);
  makeQuietly(path);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return path;
  if (!found.isDirectory()) throw new CacheUntrustedError(path, 'it is not a folder');
  if (found.uid !== user) throw new CacheUntrustedError(path, `it belongs to the user ${found.uid}`);
  if ((found.mode & SHARED_WRITE) !== 0) throw new CacheUntrustedError(path, 'others may write to it');
  return path;
}

/** Made at once, because later it would be made with whatever the umask allows. */
function makeQuietly(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT')) throw error;
  }
}

function statQuietly(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  }
}
