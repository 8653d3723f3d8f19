import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';

/** stat(2); `undefined` when there is nothing, also where a part of the way is a file, which runtimes tell apart. */
export function statIfPresent(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasErrorCode(error, 'ENOTDIR', 'ELOOP', 'EACCES')) return undefined;
    throw error;
  }
}
