/**
 * Where a command writes when the cache it was given can only be read: the user's own default cache, or a temporary folder
 * where that is the same one or cannot be written to either.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReadOnly, makeCacheFolder } from '@shoal/cache';
import { defaultCacheRoot } from './session.ts';
import type { Session } from './session.ts';

export interface CachePlace extends Disposable {
  readonly root: string;
  /** The cache that is only read. */
  readonly readThrough?: string;
  /** No other command sees it. */
  readonly isPrivate: boolean;
}

/** A folder that goes with the command. */
export function temporaryCache(session: Session): CachePlace {
  const root = mkdtempSync(join(session.variables['TMPDIR'] ?? tmpdir(), 'shoal-cache-'));
  return { root, isPrivate: true, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** `configured`, with a layer of the user's own above it when this user can only read it. */
export function placeOfCache(session: Session, configured: string): CachePlace {
  if (!isReadOnly(configured)) return { root: configured, isPrivate: false, [Symbol.dispose]: () => undefined };
  const own = defaultCacheRoot(session);
  if (own !== configured && makeCacheFolder(own)) {
    return { root: own, readThrough: configured, isPrivate: false, [Symbol.dispose]: () => undefined };
  }
  return { ...temporaryCache(session), readThrough: configured };
}
