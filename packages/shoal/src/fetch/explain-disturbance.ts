import { statSync } from 'node:fs';
import { type Digest, hasErrorCode, removeIfPresent } from '@shoal/cache';
import { hashFile } from './hash-file.ts';

interface CheckedFile {
  readonly digest: Digest;
  /** Its identity when unpacking began. */
  readonly seen: string;
}

/** What changes when a file is written to or replaced; empty when there is none. */
export function identityOfFile(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/**
 * Why a download that had the right hash could not be unpacked. When somebody deletes the whole cache, its locks go as well,
 * and another process may begin the same download under the same name: what was unpacked is then not what was checked.
 *
 * @returns `error` when the file is what was checked, so that it is itself at fault; else an error with the code `ESTALE`, which
 *   makes the cache begin anew. The file is removed then.
 */
export function explainDisturbance(error: unknown, path: string, { digest, seen }: CheckedFile): unknown {
  if (identityOfFile(path) === seen && isStill(path, digest)) return error;
  removeIfPresent(path);
  const reason = new Error(`\`${path}\` was replaced while it was unpacked`, { cause: error });
  return Object.assign(reason, { code: 'ESTALE', path });
}

function isStill(path: string, digest: Digest): boolean {
  try {
    return hashFile(path, ['sha256']).digest === digest;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE')) return false;
    throw error;
  }
}
