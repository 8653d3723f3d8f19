/** The log of a build under way lies where those find it who wait for the build: it has the name of the lock that they wait for. */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestOf, hasErrorCode, removeIfPresent } from '@shoal/cache';
import type { Cache, Digest } from '@shoal/cache';

/** Begins what a build is called by those who wait for it. */
export const BUILD_RESOURCE = 'the build of';

export interface BuildLog extends Disposable {
  /** `undefined` where another user's is in the way. */
  readonly path: string | undefined;
}

const TAIL_BYTES = 4096;
const LONGEST_LINE = 120;

/** A new log; closing it removes it. @param key Of the record of the build. */
export function openBuildLog({ root }: Cache, key: Digest): BuildLog {
  const path = join(root, 'partial', digestOf(`builds/${key}`));
  try {
    mkdirSync(dirname(path), { recursive: true });
    removeIfPresent(path);
    writeFileSync(path, '', { flag: 'wx' });
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EPERM', 'EEXIST')) return { path: undefined, [Symbol.dispose]: () => undefined };
    throw error;
  }
  return { path, [Symbol.dispose]: () => removeIfPresent(path) };
}

/**
 * What the backend printed last.
 *
 * @param lockPath Of the lock of the build's record.
 * @returns `undefined` when it has printed nothing, or when its log is not to be read.
 */
export function lastLineOfBuild(lockPath: string): string | undefined {
  const root = join(dirname(lockPath), '..', '..');
  const lines = endOf(join(root, 'partial', basename(lockPath, '.lock')))?.split(/[\r\n]+/);
  const line = lines?.map((one) => one.trim()).findLast((one) => one !== '');
  return line?.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST_LINE);
}

function endOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(TAIL_BYTES);
      const from = Math.max(fstatSync(file).size - TAIL_BYTES, 0);
      return buffer.subarray(0, readSync(file, buffer, 0, TAIL_BYTES, from)).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ESTALE')) return undefined;
    throw error;
  }
}
