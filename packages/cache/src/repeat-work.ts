/** Work in a private folder of the cache, done again when somebody deletes the cache, or what was read there, meanwhile. */
import { causedByCode, CacheUnstableError, explainWriteFailure, hasErrorCode } from './errors.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { WorkFolder } from './work-folder.ts';

export interface RepeatedWork<T> {
  /** For messages. */
  readonly resource: string;
  readonly signal?: AbortSignal | undefined;
  /** `isRepeated`: an earlier try was lost. */
  readonly work: (folder: WorkFolder, isRepeated: boolean) => Promise<T>;
}

/** Thrown by work that finds something of the cache gone or damaged: then it is done again. */
export class LostEntryError extends Error {
  override readonly name = 'LostEntryError';
  readonly code = 'ENOENT';
  readonly path: string;

  /** @param path Of what is gone. */
  constructor(path: string, cause: unknown) {
    super(`What was at \`${path}\` is gone or damaged`, { cause });
    this.path = path;
  }
}

interface Failures {
  vanished: number;
  unexplained: number;
}

/** How often somebody may delete the cache during one piece of work. */
const VANISHED_LIMIT = 100;
/** A file that is missing elsewhere (the producer's own source) is not found by trying again. */
const UNEXPLAINED_LIMIT = 3;
const GONE = ['ENOENT', 'ENOTDIR', 'ESTALE'] as const;
/** mkdir says EEXIST when the folder that it has just seen is deleted. So may a producer that met a name twice. */
const PERHAPS_GONE = [...GONE, 'EEXIST'] as const;

/** @throws {CacheUnstableError}, the signal's reason, the errors of `work` and of writing to the cache. */
export async function repeatWork<T>(setting: CacheSetting, locks: KeyLocks, request: RepeatedWork<T>): Promise<T> {
  const failures: Failures = { vanished: 0, unexplained: 0 };
  for (;;) {
    request.signal?.throwIfAborted();
    const folder = WorkFolder.open(setting, locks);
    try {
      return await request.work(folder, failures.vanished > 0);
    } catch (error) {
      const isExplained = folder.hasVanished() || namesLostPath(setting.root.layout.root, error);
      failures[isExplained ? 'vanished' : 'unexplained'] += 1;
      if (!isExplained) requireUnexplained(setting, failures, error);
      requireFewer(setting, failures, { resource: request.resource, error });
    } finally {
      folder.close();
    }
  }
}

/** @throws `error`, unless it may come from somebody deleting the cache. */
function requireUnexplained({ root }: CacheSetting, { unexplained }: Failures, error: unknown): void {
  if (causedByCode(error, ...PERHAPS_GONE) && unexplained < UNEXPLAINED_LIMIT) return;
  throw hasErrorCode(error, 'ENOSPC', 'EDQUOT') ? explainWriteFailure(root.layout.root, error) : error;
}

function requireFewer(
  { root, onEvent }: CacheSetting,
  { vanished }: Failures,
  { resource, error }: { readonly resource: string; readonly error: unknown },
): void {
  const path = root.layout.root;
  if (vanished === VANISHED_LIMIT) throw new CacheUnstableError(resource, path, error);
  onEvent({ type: 'healed', resource, path, reason: 'it was deleted while it was being made' });
}

/** Is `error`, or what caused it, about a path in the cache that is gone? */
function namesLostPath(root: string, error: unknown): boolean {
  if (!causedByCode(error, ...GONE)) return false;
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('path' in current && typeof current.path === 'string' && current.path.startsWith(root)) return true;
  }
  return false;
}
