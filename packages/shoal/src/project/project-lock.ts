/**
 * The lock of a project: whoever changes `pyproject.toml` or the lockfile holds it from reading them to the last write.
 *
 * It lies in the cache, so that no file is left in the project. Where the cache is one command's own, or its place has no
 * locks, it lies in the project's folder while it is held.
 *
 * ## Limits
 * - Commands with different caches do not exclude each other; `commit-files.ts` looks whether a file changed in between.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock, causedByCode, digestOf, hasErrorCode } from '@shoal/cache';
import type { Cache, FileLockOptions } from '@shoal/cache';

export interface ProjectLockOptions extends Omit<FileLockOptions, 'mode' | 'resource'> {
  readonly cache: Pick<Cache, 'lock'>;
  /** The cache goes with this command: nobody else sees its locks. */
  readonly isCachePrivate: boolean;
}

/** Codes of a cache that cannot hold locks. */
const NO_LOCKS = ['CACHE_UNWRITABLE', 'CACHE_FULL', 'LOCK_UNSUPPORTED', 'LOCK_BROKEN'] as const;

/**
 * Wait for the project's lock and take it.
 *
 * @param root The folder of the workspace, or the path of a script: it must exist.
 * @throws {LockTimeoutError}; the signal's reason.
 */
export async function lockProjectFolder(root: string, options: ProjectLockOptions): Promise<Disposable> {
  const { cache, isCachePrivate, ...lockOptions } = options;
  const real = realpathSync(root);
  const resource = `the project at \`${root}\``;
  if (isCachePrivate) return await lockBeside(real, { ...lockOptions, resource });
  try {
    return await cache.lock(`project-${digestOf(real)}`, { ...lockOptions, mode: 'exclusive', resource });
  } catch (error) {
    if (!hasErrorCode(error, ...NO_LOCKS)) throw error;
    return await lockBeside(real, { ...lockOptions, resource });
  }
}

/** Without any lock where the project's place has none either, or cannot be written to: then nothing will be changed. */
async function lockBeside(root: string, options: Omit<FileLockOptions, 'mode'>): Promise<Disposable> {
  try {
    const lock = await acquireFileLock(besidePath(root), { ...options, mode: 'exclusive' });
    return { [Symbol.dispose]: () => lock.releaseAndRemove() };
  } catch (error) {
    if (!hasErrorCode(error, 'LOCK_UNSUPPORTED') && !causedByCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    options.onEvent?.({ type: 'unsupported', resource: options.resource, path: besidePath(root) });
    return { [Symbol.dispose]: () => undefined };
  }
}

/** In the folder; for a script, beside it. */
function besidePath(root: string): string {
  return root.endsWith('.py') ? `${root}.shoal-lock` : join(root, '.shoal-lock');
}
