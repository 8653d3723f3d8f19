/**
 * Waiting for a file lock. Writers that have waited a little are next in line (`lock-gate.ts`), so neither a stream of
 * readers nor a stream of newcomers keeps one waiting for ever.
 */
import { hasErrorCode } from './errors.ts';
import type { EventListener } from './events.ts';
import { tryFileLock } from './file-lock.ts';
import type { HolderName, LockHandle, LockMode } from './file-lock.ts';
import { LockBrokenError, LockUnsupportedError } from './lock-errors.ts';
import { LockGate } from './lock-gate.ts';
import { waitFor } from './wait-for.ts';

export interface FileLockOptions {
  readonly mode: LockMode;
  /** What the lock protects, as a person would say it: "the environment at `.venv`". */
  readonly resource: string;
  /** The name left for those who wait: `shoal pip install numpy`. */
  readonly command: string;
  /** Without: wait as long as it takes. 0: do not wait. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EventListener | undefined;
}

const PATIENCE_MS = 30;

/**
 * Lock the file at `path`, whose folder exists, waiting while others hold it.
 *
 * @throws {LockTimeoutError} after `timeoutMs`.
 * @throws {LockUnsupportedError} when the file system has no locks.
 * @throws {LockBrokenError} when the file cannot be opened or locked; `cause` has the system's code.
 * @throws the signal's reason when aborted.
 */
export async function acquireFileLock(path: string, options: FileLockOptions): Promise<LockHandle> {
  const gate = new LockGate(path);
  try {
    return await waitFor((waitedMs) => attemptInLine(path, { ...options, gate, waitedMs }), { ...options, path });
  } catch (error) {
    // Errors of node:fs have a syscall; ours and the signal's reason pass as they are.
    if (error instanceof Error && 'syscall' in error) throw new LockBrokenError(options.resource, path, error);
    throw error;
  } finally {
    gate.leave();
  }
}

interface Attempt extends FileLockOptions {
  readonly gate: LockGate;
  readonly waitedMs: number;
}

function attemptInLine(path: string, { gate, waitedMs, mode, command, resource }: Attempt): LockHandle | undefined {
  if (gate.isClosedToUs()) return undefined;
  const answer = tryLockQuietly(path, mode, { command, resource });
  if (answer === 'unsupported') throw new LockUnsupportedError(resource, path);
  if (answer !== 'busy') return answer;
  if (mode === 'exclusive' && waitedMs >= PATIENCE_MS) gate.tryTake();
  return undefined;
}

/** ETXTBSY and EBUSY come from Windows and network mounts while another program has the file open: wait for it. */
function tryLockQuietly(path: string, mode: LockMode, name: HolderName): ReturnType<typeof tryFileLock> {
  try {
    return tryFileLock(path, mode, name);
  } catch (error) {
    if (hasErrorCode(error, 'EBUSY', 'ETXTBSY')) return 'busy';
    throw error;
  }
}
