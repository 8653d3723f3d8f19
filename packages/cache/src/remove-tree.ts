/**
 * Deleting a folder that others may be deleting too, and counting what was deleted. What is already gone is nobody's
 * failure; folders without write permission are opened up first.
 */
import { chmodSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import { hasErrorCode } from './errors.ts';

export interface RemovalCount {
  files: number;
  directories: number;
  /** Lengths of the files, whatever the disk uses for them. */
  bytes: number;
}

export function emptyCount(): RemovalCount {
  return { files: 0, directories: 0, bytes: 0 };
}

/** ESTALE: another host has removed it from a network mount. */
const GONE = ['ENOENT', 'ENOTDIR', 'ESTALE'] as const;

/** Remove what `path` names, links themselves and not what they point to, and add it to `count`. */
export function removeTree(path: string, count: RemovalCount = emptyCount()): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) {
    removeFolder(path, count);
  } else if (attemptOpened(path, () => unlinkSync(path))) {
    count.files += 1;
    count.bytes += found.size;
  }
}

/**
 * The same of what is in nobody's way and may be left to a later run of the collector: on network mounts files that are
 * still open somewhere keep a folder from going.
 */
export function removeTreeOrLeave(path: string): void {
  try {
    removeTree(path);
  } catch (error) {
    if (!hasErrorCode(error, 'EBUSY', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Names that appear while the folder is emptied make rmdir fail; a second look takes them too. */
const EMPTYING_ATTEMPTS = 10;

function removeFolder(path: string, count: RemovalCount): void {
  for (let attempt = 1; ; attempt += 1) {
    for (const name of openedNamesIn(path)) removeTree(join(path, name), count);
    try {
      if (attemptOpened(path, () => rmdirSync(path))) count.directories += 1;
      return;
    } catch (error) {
      if (!hasErrorCode(error, 'ENOTEMPTY', 'EEXIST') || attempt === EMPTYING_ATTEMPTS) throw error;
    }
  }
}

/** The names in a folder; none when it is gone. */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (hasErrorCode(error, ...GONE)) return [];
    throw error;
  }
}

function openedNamesIn(path: string): readonly string[] {
  try {
    return namesIn(path);
  } catch (error) {
    if (!hasErrorCode(error, 'EACCES')) throw error;
  }
  chmodSync(path, 0o700);
  return namesIn(path);
}

/** True when `operate` did it, false when there was nothing left to do it to. */
function attemptOpened(path: string, operate: () => void): boolean {
  try {
    operate();
    return true;
  } catch (error) {
    if (hasErrorCode(error, ...GONE)) return false;
    if (!hasErrorCode(error, 'EACCES', 'EPERM')) throw error;
  }
  chmodSync(join(path, '..'), 0o700);
  if (process.platform === 'win32') chmodSync(path, 0o666);
  operate();
  return true;
}
