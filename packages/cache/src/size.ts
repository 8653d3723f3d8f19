import { lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

import { hasErrorCode } from './errors.ts';
import { namesIn } from './remove-tree.ts';

export interface FolderSize {
  readonly files: number;
  /** The folder itself included. */
  readonly directories: number;
  /** Lengths of the files, whatever the disk uses for them. */
  readonly bytes: number;
}

/** What is below `path` at this moment. What vanishes while it is counted, or may not be looked at, counts nothing. */
export function sizeOfFolder(path: string): FolderSize {
  const size = { files: 0, directories: 0, bytes: 0 };
  addTo(size, path);
  return size;
}

function addTo(size: { files: number; directories: number; bytes: number }, path: string): void {
  const found = statQuietly(path);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    size.files += 1;
    size.bytes += found.size;
    return;
  }
  size.directories += 1;
  for (const name of namesQuietly(path)) addTo(size, join(path, name));
}

function statQuietly(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'ENOTDIR', 'ESTALE')) return undefined;
    throw error;
  }
}

function namesQuietly(path: string): readonly string[] {
  try {
    return namesIn(path);
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EPERM', 'ESTALE')) return [];
    throw error;
  }
}
