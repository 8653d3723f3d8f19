import { readFileSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';

/** The text of a file; `undefined` when there is none. @throws the system's error, also for a folder of that name. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
