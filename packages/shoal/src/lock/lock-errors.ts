import { OperationalError } from '@shoal/cache';

/** The lockfile does not say what a new resolution says. */
export class LockMismatchError extends OperationalError {
  override readonly code = 'LOCK_MISMATCH';

  /** @param demand What forbids to write it: `--check`, `--locked`, a variable. */
  constructor(shown: string, demand: string, command: string) {
    super(`The lockfile at \`${shown}\` needs to be updated, but \`${demand}\` was provided.`, {
      hint: `To update the lockfile, run \`${command}\`.`,
    });
  }
}

/** There is no lockfile, and none may be made. */
export class LockMissingError extends OperationalError {
  override readonly code = 'LOCK_MISSING';

  constructor(shown: string, demand: string) {
    super(
      `Unable to find lockfile at \`${shown}\`, but \`${demand}\` was provided. To create a lockfile, run \`shoal lock\` or \`shoal sync\` without the flag.`,
    );
  }
}
