/** Locking an environment against other commands, ours and uv's: the same file and the same primitive. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { acquireFileLock } from '@shoal/cache';
import type { FileLockOptions, LockHandle } from '@shoal/cache';
import type { Environment } from './environment.ts';

/**
 * Wait for the lock of the environment and take it: `shared` to read what is installed, `exclusive` to change it.
 * The folder of a `--target` or `--prefix` environment is made when it is missing.
 *
 * @throws as `acquireFileLock`.
 */
export async function lockEnvironment(
  environment: Pick<Environment, 'root' | 'lockPath' | 'kind'>,
  mode: FileLockOptions['mode'],
  options: Omit<FileLockOptions, 'mode' | 'resource'>,
): Promise<LockHandle> {
  const { root, lockPath, kind } = environment;
  if (kind === 'target' || kind === 'prefix') mkdirSync(dirname(lockPath), { recursive: true });
  return await acquireFileLock(lockPath, { ...options, mode, resource: `the environment at \`${root}\`` });
}
