/**
 * The place of whoever is next in line. A lock that many readers hold in turns would never be free for a writer; so an
 * exclusive waiter that has waited a little takes a second lock beside the first, and newcomers wait while it is held.
 *
 * The gate's file exists only while somebody waits. One that a killed waiter left behind is unlocked and stops nobody.
 */
import { statSync } from 'node:fs';

import { hasErrorCode } from './errors.ts';
import { tryFileLock } from './file-lock.ts';
import type { LockHandle } from './file-lock.ts';

export class LockGate {
  readonly #path: string;
  #held: LockHandle | undefined;

  constructor(lockPath: string) {
    this.#path = `${lockPath}.gate`;
  }

  /** Is somebody else next in line? */
  isClosedToUs(): boolean {
    if (this.#held !== undefined) return false;
    if (statSync(this.#path, { throwIfNoEntry: false }) === undefined) return false;
    const answer = this.#tryGate('shared');
    if (typeof answer === 'object') answer.release();
    return answer === 'busy';
  }

  /** Become next in line, unless somebody is. */
  tryTake(): void {
    if (this.#held !== undefined) return;
    const answer = this.#tryGate('exclusive');
    if (typeof answer === 'object') this.#held = answer;
  }

  leave(): void {
    this.#held?.releaseAndRemove();
    this.#held = undefined;
  }

  /** A folder that takes no new file has no gate: then the waiters have equal chances. */
  #tryGate(mode: 'shared' | 'exclusive'): LockHandle | 'busy' | 'unsupported' {
    try {
      return tryFileLock(this.#path, mode);
    } catch (error) {
      if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR'))
        return 'unsupported';
      throw error;
    }
  }
}
