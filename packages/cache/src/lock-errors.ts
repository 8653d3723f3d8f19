import { OperationalError } from './errors.ts';
import { describeHolder } from './lock-holder.ts';
import type { LockHolder } from './lock-holder.ts';

/** Another process kept the lock for longer than the caller was willing to wait. */
export class LockTimeoutError extends OperationalError {
  override readonly code = 'LOCK_TIMEOUT';
  readonly path: string;
  /** `undefined` when the holder left no name: it has only just begun, or it is another program. */
  readonly holder: LockHolder | undefined;

  constructor(resource: string, path: string, outcome: { waitedMs: number; holder: LockHolder | undefined }) {
    const { waitedMs, holder } = outcome;
    super(`Could not lock ${resource} at \`${path}\` within ${waitedMs / 1000} s`, {
      hint:
        holder === undefined
          ? 'Its holder left no name; wait for the other command to end, or allow more time with `--lock-timeout`'
          : `It is held by ${describeHolder(holder)}`,
    });
    this.path = path;
    this.holder = holder;
  }
}

/** The file system under the path has no locks that processes can share. */
export class LockUnsupportedError extends OperationalError {
  override readonly code = 'LOCK_UNSUPPORTED';
  readonly path: string;

  constructor(resource: string, path: string) {
    super(`Could not lock ${resource} at \`${path}\`: this file system does not support locks`, {
      hint: 'Move it to a local file system, or mount this one with locking enabled',
    });
    this.path = path;
  }
}

/** Locking failed for a reason that waiting does not cure. `cause` tells which. */
export class LockBrokenError extends OperationalError {
  override readonly code = 'LOCK_BROKEN';
  readonly path: string;

  constructor(resource: string, path: string, cause: unknown) {
    super(`Could not lock ${resource} at \`${path}\``, { cause });
    this.path = path;
  }
}
