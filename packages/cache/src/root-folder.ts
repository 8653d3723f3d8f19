/**
 * The cache's root and the folders in it, which are made when something is first written and made again whenever
 * somebody has removed them. New folders and files take the mode of the root, so that a root which was prepared for a
 * group stays usable for it whatever each user's umask is.
 */
import { chmodSync, closeSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { explainWriteFailure, hasErrorCode } from './errors.ts';
import { createLayout } from './layout.ts';
import type { Layout } from './layout.ts';

/** Somebody may be deleting the root over and over while we work. */
const SCAFFOLD_ATTEMPTS = 50;

export const MARKERS: Readonly<Record<string, string>> = {
  'CACHEDIR.TAG':
    'Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache that can be deleted at any time.\n',
  '.gitignore': '*\n',
};

const SETGID = 0o2000;
const PERMISSIONS = 0o777;

export class RootFolder {
  readonly layout: Layout;

  constructor(root: string) {
    this.layout = createLayout(root);
  }

  /**
   * Do something in `folder`, making it first when it turns out to be missing.
   *
   * @throws {CacheUnwritableError} @throws {CacheFullError} or what `operate` throws.
   */
  inFolder<T>(folder: string, operate: () => T): T {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return operate();
      } catch (error) {
        if (!hasErrorCode(error, 'ENOENT') || attempt === SCAFFOLD_ATTEMPTS) {
          throw explainWriteFailure(this.layout.root, error);
        }
      }
      this.#makeFolder(folder);
    }
  }

  /** Make `folder` and its parents. That it exists is success. */
  makeFolder(folder: string): void {
    this.inFolder(folder, () => statSync(folder));
  }

  /** The permission bits that a plain file here should have beyond what the umask lets through; 0 when none. */
  missingFileBits(): number {
    return this.missingFolderBits() & 0o666;
  }

  /** The same of a folder, or of an executable file. */
  missingFolderBits(): number {
    const mode = statSync(this.layout.root).mode;
    return mode & PERMISSIONS & process.umask();
  }

  #makeFolder(folder: string): void {
    try {
      const first = mkdirSync(folder, { recursive: true });
      if (first !== undefined) this.#adopt(first, folder);
    } catch (error) {
      // ENOENT: a parent was removed while we made its child. The caller tries again.
      if (!hasErrorCode(error, 'ENOENT', 'EEXIST')) throw explainWriteFailure(this.layout.root, error);
    }
  }

  /** Give the new folders from `first` down to `last` the root's mode, and a new root its markers. */
  #adopt(first: string, last: string): void {
    const { root } = this.layout;
    const bits = this.missingFolderBits();
    const isNew = (folder: string): boolean => folder.length >= first.length && folder.length > root.length;
    for (let folder = bits === 0 ? root : last; isNew(folder); folder = dirname(folder)) {
      const { mode } = statSync(folder);
      chmodSync(folder, (mode & (PERMISSIONS | SETGID)) | bits);
    }
    if (dirname(first) === root || root.startsWith(first)) this.#writeMarkers();
  }

  #writeMarkers(): void {
    for (const [name, text] of Object.entries(MARKERS)) {
      try {
        const descriptor = openSync(join(this.layout.root, name), 'wx', 0o644);
        writeSync(descriptor, text);
        closeSync(descriptor);
      } catch (error) {
        // A marker is a courtesy to backup programs: a root that takes none is used without.
        if (!hasErrorCode(error, 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT')) throw error;
      }
    }
  }
}
