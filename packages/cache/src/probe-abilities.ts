/** Finds out by trying what the file system of a folder can do. */
import { linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cloneFile } from './clone-file.ts';
import { hasErrorCode } from './errors.ts';
import { tryFileLock } from './file-lock.ts';
import type { ProbedAbilities } from './mount-facts.ts';
import { randomName } from './random-name.ts';

/**
 * Try in a private folder below `parent`, which exists, and remove it.
 *
 * @throws the system's error: ENOENT when somebody deletes the folder meanwhile, EACCES, EROFS, ENOSPC …
 */
export function probeAbilities(parent: string): ProbedAbilities {
  const folder = join(parent, randomName());
  mkdirSync(folder);
  try {
    writeFileSync(join(folder, 'file'), 'probe');
    return {
      locks: probeLocks(join(folder, 'lock')),
      hardLinks: isDone(() => linkSync(join(folder, 'file'), join(folder, 'hard-link'))),
      clones: cloneFile(join(folder, 'file'), join(folder, 'clone')) === 'cloned',
      keepsFirstFolder: probeFolders(folder),
      caseSensitive: statSync(join(folder, 'FILE'), { throwIfNoEntry: false }) === undefined,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two open files are to locks what two processes are; what another host sees is told by the mount alone. */
function probeLocks(path: string): ProbedAbilities['locks'] {
  const first = tryFileLock(path, 'exclusive');
  if (typeof first === 'string') return 'none';
  try {
    const second = tryFileLock(path, 'exclusive');
    if (typeof second === 'object') second.release();
    return second === 'busy' ? 'exclude' : 'ignored';
  } finally {
    first.release();
  }
}

function probeFolders(folder: string): boolean {
  for (const name of ['first', 'second']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), name);
  }
  return !isDone(() => renameSync(join(folder, 'first'), join(folder, 'second')));
}

/** A refusal is an answer; that the folder or the space is gone is none. */
function isDone(operate: () => void): boolean {
  try {
    operate();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || hasErrorCode(error, 'ENOENT', 'ENOSPC', 'EDQUOT')) throw error;
    return false;
  }
}
