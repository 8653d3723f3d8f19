/**
 * A small file gets its new content in one step: whoever opens the path finds the old content or the new one.
 *
 * Not promised without `sync`: that the new content survives a power cut.
 */
import { closeSync, fchmodSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { hasErrorCode } from './errors.ts';
import { randomName } from './random-name.ts';
import { renamePath } from './rename-path.ts';

export interface WriteFileOptions {
  /** Permission bits that hold whatever the umask is. Without: 0666 less the umask. */
  readonly mode?: number | undefined;
  /** Wait until the disk has it, folder entry included. */
  readonly sync?: boolean | undefined;
}

/**
 * Replace or create the file at `path`. Its folder must exist.
 *
 * @throws the system's error; the old content is then untouched and no temporary file remains.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, options: WriteFileOptions = {}): void {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomName()}.tmp`);
  try {
    writeNewFile(temporary, content, options);
    renamePath(temporary, path);
  } catch (error) {
    removeIfPresent(temporary);
    throw error;
  }
  if (options.sync === true) syncFolder(dirname(path));
}

/** Is this the name of a temporary file of `writeFileAtomic`? A killed writer leaves one behind. */
export function isTemporaryName(name: string): boolean {
  return /^\..*\.[0-9a-f]{32}\.tmp$/u.test(name);
}

/** Remove one file. True when it was there. */
export function removeIfPresent(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE')) return false;
    throw error;
  }
}

function writeNewFile(path: string, content: string | Uint8Array, options: WriteFileOptions): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const descriptor = openSync(path, 'wx', options.mode ?? 0o666);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    if (options.mode !== undefined) fchmodSync(descriptor, options.mode);
    if (options.sync === true) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Windows cannot open a folder, and needs no such call. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some network mounts refuse it for folders; the file itself has been synced.
    if (!hasErrorCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF')) throw error;
  } finally {
    closeSync(descriptor);
  }
}
