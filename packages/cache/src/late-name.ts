/**
 * Readers take many locks for a few milliseconds and some for hours (a running child). Only the latter are worth a
 * name in the lock file, so names of shared holders are written when the lock has been held for a while.
 * One timer serves all locks of the process, and it never keeps the process alive.
 */
const DELAY_MS = 500;

interface PendingName {
  readonly write: () => void;
  readonly sinceMs: number;
}

const pending: Set<PendingName> = new Set();
let timer: NodeJS.Timeout | undefined;

/** Call `write` when the lock has been held for half a second. @returns what to call when it is released. */
export function nameLater(write: () => void): () => void {
  const name: PendingName = { write, sinceMs: performance.now() };
  pending.add(name);
  timer ??= setTimeout(writeDue, DELAY_MS).unref();
  return () => pending.delete(name);
}

function writeDue(): void {
  timer = undefined;
  const dueMs = performance.now() - DELAY_MS;
  for (const name of pending) {
    if (name.sinceMs > dueMs + 1) continue;
    pending.delete(name);
    name.write();
  }
  if (pending.size > 0) timer = setTimeout(writeDue, DELAY_MS).unref();
}
