/**
 * Waiting for something that another process will do: ask, pause, ask again. The pauses grow and differ by chance, so
 * that a crowd spreads; no thread is blocked and an abort is heard at once.
 */
import { setTimeout as pause } from 'node:timers/promises';

import type { EventListener } from './events.ts';
import { LockTimeoutError } from './lock-errors.ts';
import { readHolder } from './lock-holder.ts';

export interface WaitOptions {
  /** What is waited for, as a person would say it. */
  readonly resource: string;
  /** The lock file, in which the holder may have left its name. */
  readonly path: string;
  /** Without: as long as it takes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EventListener | undefined;
}

const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;
const GROWTH = 1.4;
const SILENT_MS = 1000;

/**
 * Call `attempt(waitedMs)` until it answers something else than `undefined`.
 *
 * @throws {LockTimeoutError} when `timeoutMs` has passed; whatever `attempt` throws; the signal's reason.
 */
export async function waitFor<T>(attempt: (waitedMs: number) => T | undefined, options: WaitOptions): Promise<T> {
  const { signal, timeoutMs = Infinity } = options;
  const startMs = performance.now();
  let isAnnounced = false;
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const waitedMs = performance.now() - startMs;
    const answer = attempt(waitedMs);
    if (answer !== undefined) {
      if (isAnnounced) announce('acquired', options, waitedMs);
      return answer;
    }
    if (waitedMs >= timeoutMs) throw timeoutError(options, timeoutMs);
    if (!isAnnounced && waitedMs >= SILENT_MS) {
      isAnnounced = true;
      announce('waiting', options, waitedMs);
    }
    await pauseUnlessAborted(jittered(Math.min(pauseMs, timeoutMs - waitedMs)), signal);
  }
}

function jittered(milliseconds: number): number {
  return Math.max(SHORTEST_PAUSE_MS, milliseconds * (0.5 + Math.random() / 2));
}

/** The reason of the abort is thrown by the caller, who asks the signal; the timer's own AbortError says less. */
async function pauseUnlessAborted(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function announce(type: 'waiting' | 'acquired', options: WaitOptions, waitedMs: number): void {
  const { resource, path, onEvent } = options;
  if (type === 'acquired') onEvent?.({ type, resource, path, waitedMs });
  else onEvent?.({ type, resource, path, holder: readHolder(path), waitedMs });
}

function timeoutError(options: WaitOptions, waitedMs: number): LockTimeoutError {
  return new LockTimeoutError(options.resource, options.path, { waitedMs, holder: readHolder(options.path) });
}
