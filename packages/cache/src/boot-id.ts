import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

import { hasErrorCode } from './errors.ts';
import { once } from './once.ts';

/** Clocks are corrected while a machine runs; a wrong guess costs one look at the sizes. */
const GUESS_GRAIN_MS = 300_000;

/**
 * A text that differs after each start of this machine, and is the same in all its containers. Where the system tells
 * none, it is guessed from the clock.
 */
export const currentBootId: () => string = once(() => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) throw error;
    return `started-${Math.round((Date.now() - uptime() * 1000) / GUESS_GRAIN_MS)}`;
  }
});
