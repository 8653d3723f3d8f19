import { readdirSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';

/** The names in a folder, in no order; none when there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
