import { join } from 'node:path';

import { explainWriteFailure, hasErrorCode } from './errors.ts';
import { randomName } from './random-name.ts';
import { renamePath } from './rename-path.ts';
import type { RootFolder } from './root-folder.ts';

/**
 * Rename a file or folder of the cache into its trash: from one step to the next it is gone for everybody.
 *
 * @returns where it is now, to be deleted; `undefined` when there was nothing.
 * @throws {CacheUnwritableError}
 */
export function moveToTrash(root: RootFolder, path: string): string | undefined {
  const target = join(root.layout.trash, randomName());
  root.makeFolder(root.layout.trash);
  try {
    renamePath(path, target);
    return target;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw explainWriteFailure(root.layout.root, error);
  }
}
