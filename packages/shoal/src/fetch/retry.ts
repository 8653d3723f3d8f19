/** Trying again: which failures are worth it, and how long to wait before. */
import { setTimeout as pause } from 'node:timers/promises';
import { HttpStatusError, NetworkError, RetriesExhaustedError } from './http-errors.ts';

/** Statuses that a later attempt may not meet again. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const LONGEST_PAUSE_MS = 30_000;

export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  /** Before the first retry; each further one may take twice as long. */
  readonly firstPauseMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry: (attempt: number, delayMs: number, error: unknown) => void;
}

/** A failed attempt whose server said when to come back. */
export class RetryAfterError extends HttpStatusError {
  readonly retryAfterMs: number | undefined;

  constructor(status: number, url: string, retryAfterMs: number | undefined) {
    super(status, url);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Run `attempt` until it succeeds, fails for good, or has failed once more than `retries`. @throws {RetriesExhaustedError} in the last case. */
export async function withRetries<T>(policy: RetryPolicy, attempt: (number: number) => Promise<T>): Promise<T> {
  for (let number = 0; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!isTransient(error) || policy.signal?.aborted === true) throw error;
      if (number >= policy.retries) throw number === 0 ? error : new RetriesExhaustedError(number, error);
      const delayMs = pauseBefore(number, policy.firstPauseMs, error);
      policy.onRetry(number + 1, delayMs, error);
      await pause(delayMs, undefined, policy.signal === undefined ? {} : { signal: policy.signal });
    }
  }
}

export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.has(status);
}

/** `Retry-After`: seconds or a date (RFC 9110 10.2.3). `undefined` when absent or unreadable. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return error.transient;
  return error instanceof HttpStatusError && isTransientStatus(error.status);
}

/** Half of the pause is random, so that processes that failed together do not come back together. */
function pauseBefore(number: number, firstPauseMs: number, error: unknown): number {
  if (error instanceof RetryAfterError && error.retryAfterMs !== undefined)
    return Math.min(error.retryAfterMs, LONGEST_PAUSE_MS);
  const longest = Math.min(firstPauseMs * 2 ** number, LONGEST_PAUSE_MS);
  return longest / 2 + (Math.random() * longest) / 2;
}
