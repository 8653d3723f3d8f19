/**
 * Reading what is installed, for commands that change nothing.
 *
 * The environment's lock is held shared meanwhile, so that nobody is seen halfway through a change. What a killed command has
 * left in the middle is finished first. Where there can be no lock, because the environment is read-only or its file system has none, reading goes on without: nobody can change the
 * former, and the latter is better listed than not.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { causedByCode, hasErrorCode, OperationalError } from '@shoal/cache';
import type { LockHandle } from '@shoal/cache';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { workFolderOf } from '../install/stage-area.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';

/** An entry of site-packages that looks like an installed distribution and is none. */
export class UnreadableEntryError extends OperationalError {
  override readonly code = 'UNREADABLE_ENTRY';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`Failed to read metadata from: ${path}`, {
      cause: new TypeError(reason),
      hint: 'Remove it, or recreate the environment',
    });
    this.path = path;
  }
}

export interface ReadSurroundings {
  readonly context: Context;
  readonly options: WorkflowOptions;
}

/**
 * What `read` makes of the installed distributions. It must have read every file it needs when it returns.
 *
 * @throws {LockTimeoutError} {UnreadableEntryError}
 */
export async function readEnvironment<Result>(
  environment: Environment,
  { context, options }: ReadSurroundings,
  read: (installed: readonly InstalledDistribution[]) => Result,
): Promise<Result> {
  if (statSync(workFolderOf(environment), { throwIfNoEntry: false }) !== undefined)
    await finishChange(environment, { context, options });
  using _lock = await lockForReading(environment, 'shared', context);
  return read(installedIn(environment, options.onEvent));
}

/** A killed command's change is carried to its end before anybody reads it; whoever is at work is waited for as usual. */
async function finishChange(environment: Environment, { context, options }: ReadSurroundings): Promise<void> {
  using lock = await lockForReading(environment, 'exclusive', context);
  if (lock !== undefined) recoverEnvironment(environment, options);
}

async function lockForReading(
  environment: Environment,
  mode: 'shared' | 'exclusive',
  context: Context,
): Promise<LockHandle | undefined> {
  // A `--target` or `--prefix` that does not exist is empty, and asking for it must not make it.
  if (statSync(environment.root, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return await lockEnvironment(environment, mode, context.lockOptions);
  } catch (error) {
    if (hasErrorCode(error, 'LOCK_UNSUPPORTED') || causedByCode(error, 'EACCES', 'EROFS', 'EPERM', 'ENOENT'))
      return undefined;
    throw error;
  }
}

/** The installed distributions, by name, then path. Left-overs of interrupted pips are named in a warning. */
export function installedIn(
  environment: Pick<Environment, 'scheme'>,
  onEvent: WorkflowOptions['onEvent'],
): readonly InstalledDistribution[] {
  return readInstalledDistributions(environment, {
    onInvalid: (path, reason) => {
      if (!claimsVersion(path)) return;
      if (!basename(path).startsWith('~')) throw new UnreadableEntryError(path, reason);
      onEvent({ type: 'warning', message: `Ignoring dangling temporary directory: ${path}` });
    },
  });
}

/** Whether an entry's name has the form `name-version`; others are somebody else's. */
function claimsVersion(path: string): boolean {
  return /^[^-]+-.*\.(?:dist-info|egg-info)$/.test(basename(path));
}
