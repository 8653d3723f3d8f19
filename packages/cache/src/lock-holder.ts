/**
 * The name that a lock's holder leaves in the lock file, for those who wait. It serves people only: nothing is decided
 * by it, and a process that was killed leaves a stale one until the next holder overwrites it.
 */
import { ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';

import { currentContainer } from './container-name.ts';
import { hasErrorCode } from './errors.ts';

export interface LockHolder {
  /** The command line as its user would recognise it: `shoal pip install numpy`. */
  readonly command: string;
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, ISO 8601 in UTC. */
  readonly since: string;
  /** Outside of containers: `undefined`. */
  readonly container?: string | undefined;
  /** What it is at, as a person would say it: `numpy-2.0.0-….whl`. */
  readonly resource?: string | undefined;
}

/** Who this process is to those who wait for it. */
export function describeThisProcess(command: string, resource?: string): LockHolder {
  const container = currentContainer();
  const since = new Date().toISOString();
  return { command, pid: process.pid, host: hostname(), since, container, resource };
}

/** ``shoal pip install numpy` (process 12 on box1, container 3f2a…, since …)``, in one line whatever the file held. */
export function describeHolder({ command, pid, host, since, container }: LockHolder): string {
  const where = container === undefined ? '' : `, container ${container}`;
  return `\`${command}\` (process ${pid} on ${host}${where}, since ${since})`.replaceAll(/\p{Cc}/gu, '?');
}

/** `undefined` when the file is gone, empty, half-written or not ours. */
export function readHolder(path: string): LockHolder | undefined {
  try {
    return parseHolder(readFileSync(path, 'utf8'));
  } catch (error) {
    // EBUSY: Windows refuses to read what another program has locked as a whole.
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EBUSY', 'ESTALE', 'EIO')) return undefined;
    throw error;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  const value = parseJsonOrNothing(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { command, pid, host, since, container, resource } = value as Partial<Record<keyof LockHolder, unknown>>;
  if (typeof command !== 'string' || typeof pid !== 'number') return undefined;
  if (typeof host !== 'string' || typeof since !== 'string') return undefined;
  return { command, pid, host, since, container: textOrNothing(container), resource: textOrNothing(resource) };
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Leave `holder`'s name in the open lock file, or none. A full disk, or a file that is only readable for us, costs the
 * name and not the lock.
 */
export function writeHolder(descriptor: number, holder: LockHolder | undefined): void {
  const bytes = Buffer.from(holder === undefined ? '' : `${JSON.stringify(holder)}\n`);
  try {
    if (bytes.length > 0) writeSync(descriptor, bytes, 0, bytes.length, 0);
    ftruncateSync(descriptor, bytes.length);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOSPC', 'EDQUOT', 'EBADF', 'EINVAL', 'EIO', 'ESTALE')) throw error;
  }
}

function parseJsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
