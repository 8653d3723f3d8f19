/**
 * The cache's root and the folders in it, which are made when something is first written and made again whenever
 * somebody has removed them. New folders and files take the mode of the root, so that a root which was prepared for a
 * group stays usable for it whatever each user's umask is.
 */
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmdirSync, statSync, writeSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { explainWriteFailure, hasErrorCode } from './errors.ts';
import { fileCreationMask } from './file-creation-mask.ts';
import { createLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { randomName } from './random-name.ts';

/** Somebody may be deleting the root over and over while we work. */
const SCAFFOLD_ATTEMPTS = 50;

export const MARKERS: Readonly<Record<string, string>> = {
  'CACHEDIR.TAG':
    'Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache that can be deleted at any time.\n',
  '.gitignore': '*\n',
};

const SETGID = 0o2000;
const PERMISSIONS = 0o777;

/** The folders from below `root` down to `folder`. */
function stepsBelow(root: string, folder: string): readonly string[] {
  const names = relative(root, folder)
    .split(sep)
    .filter((name) => name !== '');
  return names.map((_, index) => join(root, ...names.slice(0, index + 1)));
}

/**
 * The folder gets its mode under a private name and its own name afterwards, so that no other user meets one that is closed
 * to them. Renaming over a folder that somebody made meanwhile replaces it only while it is empty, which nobody notices.
 */
function makeWithMode(folder: string, { root, bits }: { readonly root: string; readonly bits: number }): boolean {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return false;
  const temporary = join(root, `.folder.${randomName()}.tmp`);
  mkdirSync(temporary);
  try {
    const { mode } = statSync(temporary);
    chmodSync(temporary, (mode & (PERMISSIONS | SETGID)) | bits);
    renameSync(temporary, folder);
    return true;
  } catch (error) {
    rmdirSync(temporary);
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

export class RootFolder {
  readonly layout: Layout;
  readonly #mask: number = fileCreationMask();

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
    return mode & PERMISSIONS & this.#mask;
  }

  /** The mode for a plain file that is written anew; `undefined` when the umask alone gives the right one. */
  fileMode(): number | undefined {
    const bits = this.missingFileBits();
    return bits === 0 ? undefined : 0o600 | (0o666 & ~this.#mask) | bits;
  }

  #makeFolder(folder: string): void {
    try {
      const first = this.#makeMissing(folder);
      if (first !== undefined && (dirname(first) === this.layout.root || this.layout.root.startsWith(first)))
        this.#writeMarkers();
    } catch (error) {
      // ENOENT: a parent was removed while we made its child. The caller tries again.
      if (!hasErrorCode(error, 'ENOENT', 'EEXIST')) throw explainWriteFailure(this.layout.root, error);
    }
  }

  /** @returns the uppermost folder that was made; `undefined` when none was missing. */
  #makeMissing(folder: string): string | undefined {
    const { root } = this.layout;
    const made = mkdirSync(root, { recursive: true });
    const bits = this.missingFolderBits();
    if (bits === 0) return made ?? mkdirSync(folder, { recursive: true });
    let first = made;
    for (const step of stepsBelow(root, folder)) {
      if (makeWithMode(step, { root, bits })) first ??= step;
    }
    return first;
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
