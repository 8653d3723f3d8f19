/** The lockfile that an environment is brought to: read as it is, or made up to date first. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import type { Lockfile } from '../lock/lockfile.ts';
import { parseLockfile } from '../lock/parse-lockfile.ts';
import type { Workspace } from '../project/workspace.ts';
import type { OptionValues } from './option-values.ts';

/** `--frozen` asks for a lockfile that is not there. */
export class MissingLockfileError extends OperationalError {
  override readonly code = 'LOCKFILE_MISSING';

  constructor() {
    super(
      'Unable to find lockfile at `uv.lock`, but `--frozen` was provided. To create a lockfile, run `shoal lock` or `shoal sync` without the flag.',
    );
  }
}

/** Locking is not there yet. */
export class UncheckedLockfileError extends OperationalError {
  override readonly code = 'LOCKFILE_UNCHECKED';

  constructor() {
    super('Checking whether `uv.lock` is up to date is not available yet', {
      hint: 'Use `--frozen` to take it as it is',
    });
  }
}

export interface ObtainedLockfile {
  readonly lockfile: Lockfile;
  /** How many packages were resolved; absent when the file was taken as it is. */
  readonly resolved: number | undefined;
}

/** @throws {MissingLockfileError} {LockfileError} and what locking throws. */
export function obtainLockfile(workspace: Workspace, values: OptionValues): ObtainedLockfile {
  if (!values.flag('frozen')) throw new UncheckedLockfileError();
  return { lockfile: readLockfile(workspace), resolved: undefined };
}

function readLockfile({ root }: Workspace): Lockfile {
  try {
    return parseLockfile(readFileSync(join(root.folder, 'uv.lock'), 'utf8'), 'uv.lock');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) throw new MissingLockfileError();
    throw error;
  }
}
