/**
 * The only way a finished entry gets its final name. First wins: losing a race is success, because both are named by
 * the same content.
 */
import { linkSync } from 'node:fs';
import { dirname } from 'node:path';

import { hasErrorCode } from './errors.ts';
import { renamePath } from './rename-path.ts';
import type { RootFolder } from './root-folder.ts';
import { moveToTrash } from './trash.ts';
import { removeTreeOrLeave } from './remove-tree.ts';
import { removeIfPresent } from './write-file-atomic.ts';

export type PublishOutcome = 'published' | 'already-present';

const TAKEN = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR'] as const;
/** Windows says EPERM or EACCES of a folder in the way. */
const TAKEN_ON_WINDOWS = ['EPERM', 'EACCES'] as const;
const ATTEMPTS = 3;

/**
 * Give the folder `finished` the name `final`. What holds that name and is not `isWhole` is moved to trash.
 *
 * @throws ENOENT when `finished` has vanished.
 */
export function publishFolder(
  root: RootFolder,
  names: { readonly finished: string; readonly final: string },
  isWhole: () => boolean,
): PublishOutcome {
  for (let attempt = 1; ; attempt += 1) {
    try {
      root.inFolder(dirname(names.final), () => renamePath(names.finished, names.final));
      return 'published';
    } catch (error) {
      const isTaken = hasErrorCode(error, ...TAKEN) || isTakenOnWindows(error);
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
    if (isWhole()) return 'already-present';
    const trashed = moveToTrash(root, names.final);
    if (trashed !== undefined) removeTreeOrLeave(trashed);
  }
}

function isTakenOnWindows(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    process.platform === 'win32' &&
    (hasErrorCode(error, ...TAKEN_ON_WINDOWS) || hasErrorCode(cause, ...TAKEN_ON_WINDOWS))
  );
}

/** The same for one file; `finished` is gone afterwards. A file system without hard links gets it by rename. */
export function publishFile(root: RootFolder, finished: string, final: string): PublishOutcome {
  try {
    root.inFolder(dirname(final), () => linkSync(finished, final));
  } catch (error) {
    const failure = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (hasErrorCode(failure, 'EEXIST')) {
      removeIfPresent(finished);
      return 'already-present';
    }
    if (!hasErrorCode(failure, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    renamePath(finished, final);
    return 'published';
  }
  removeIfPresent(finished);
  return 'published';
}
