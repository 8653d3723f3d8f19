/**
 * What uv keeps beside a distribution that was built from a local folder (`uv_cache.json`), to know whether the folder has
 * changed since: written here too, so that each of the two takes what the other has installed for what it is.
 */
import { readFileSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';

/** uv's default `cache-keys`. */
const DECIDING = ['pyproject.toml', 'setup.py', 'setup.cfg'] as const;
const NANOSECONDS = 1_000_000_000n;

/**
 * The text of the file for `folder` as it is now. `undefined` when the project has `cache-keys` of its own, when there is
 * nothing to go by, and where the file system does not tell when a folder was made.
 */
export function uvCacheInfo(folder: string): string | undefined {
  if (hasOwnKeys(join(folder, 'pyproject.toml'))) return undefined;
  const changed = DECIDING.flatMap((name) => statIn(folder, name)?.ctimeNs ?? []);
  const [first, ...others] = changed;
  const source = statIn(folder, 'src');
  if (first === undefined || source?.birthtimeNs === 0n) return undefined;
  return JSON.stringify({
    timestamp: instant(others.reduce((latest, time) => (time > latest ? time : latest), first)),
    commit: null,
    tags: null,
    env: {},
    directories: { src: source?.isDirectory() === true ? instant(source.birthtimeNs) : null },
  });
}

function hasOwnKeys(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes('cache-keys');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
    throw error;
  }
}

function statIn(folder: string, name: string): BigIntStats | undefined {
  try {
    return statSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (hasErrorCode(error, 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
}

function instant(time: bigint): { readonly secs_since_epoch: number; readonly nanos_since_epoch: number } {
  return { secs_since_epoch: Number(time / NANOSECONDS), nanos_since_epoch: Number(time % NANOSECONDS) };
}
