/**
 * Producing an entry exactly once: within a process by `SingleFlight`, between processes by the key's exclusive lock.
 * Whoever waits looks for the entry at each turn, so that all go on together as soon as it is there; and takes the
 * work over as soon as its worker is gone.
 */
import { causedByCode, CacheUnstableError, explainWriteFailure, hasErrorCode } from './errors.ts';
import type { Digest } from './digest.ts';
import type { LockHandle } from './file-lock.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { SingleFlight } from './single-flight.ts';
import { waitFor } from './wait-for.ts';
import { WorkFolder } from './work-folder.ts';

export interface EntryRequest<P extends Disposable> {
  readonly digest: Digest;
  readonly resource: string;
  readonly signal: AbortSignal | undefined;
  /** Take hold of the entry, or `undefined`. Never waits. */
  readonly pin: () => P | undefined;
  /** Is a whole entry there? Asked while the key is locked, when `pin` cannot answer. */
  readonly isPresent: () => boolean;
  /** Make the entry in the private folder and publish it. Called again when the folder was deleted meanwhile. */
  readonly produce: (work: WorkFolder) => Promise<void>;
}

/** Between publishing and pinning a collector may come first, or somebody deletes everything. */
const PIN_ATTEMPTS = 200;
/** How often somebody may delete the cache while one entry is being made. */
const VANISHED_LIMIT = 100;
/** A file that is missing elsewhere (the producer's own source) is not found by trying again. */
const UNEXPLAINED_LIMIT = 3;
const GONE = ['ENOENT', 'ENOTDIR', 'ESTALE'] as const;
/** mkdir says EEXIST when the folder that it has just seen is deleted. So may a producer that met a name twice. */
const PERHAPS_GONE = [...GONE, 'EEXIST'] as const;

export class EntryProducer {
  readonly #setting: CacheSetting;
  readonly #locks: KeyLocks;
  readonly #flights: SingleFlight = new SingleFlight();

  constructor(setting: CacheSetting, locks: KeyLocks) {
    this.#setting = setting;
    this.#locks = locks;
  }

  /** @throws {CacheUnstableError}, the errors of `produce`, of waiting, and of writing to the cache. */
  async pinOrProduce<P extends Disposable>(request: EntryRequest<P>): Promise<P> {
    for (let attempt = 1; attempt <= PIN_ATTEMPTS; attempt += 1) {
      request.signal?.throwIfAborted();
      const pinned = request.pin();
      if (pinned !== undefined) return pinned;
      const ours = await this.#flights.run(request.digest, () => this.#pinOrProduceOnce(request), request.signal);
      if (ours !== undefined) return ours;
    }
    throw new CacheUnstableError(request.resource, this.#setting.root.layout.root);
  }

  async #pinOrProduceOnce<P extends Disposable>(request: EntryRequest<P>): Promise<P | undefined> {
    const found = await this.#pinOrLock(request);
    if ('pinned' in found) return found.pinned;
    try {
      announceStep(this.#setting, 'key-taken', request.digest);
      // Another may have published between our last look and the lock.
      if (!request.isPresent()) await this.#produceUntilDone(request);
    } finally {
      found.lock.release();
      announceStep(this.#setting, 'key-released', request.digest);
    }
    return request.pin();
  }

  async #pinOrLock<P extends Disposable>(request: EntryRequest<P>): Promise<{ pinned: P } | { lock: LockHandle }> {
    const path = this.#setting.root.layout.keyLock(request.digest);
    let looks = 0;
    const attempt = (): { pinned: P } | { lock: LockHandle } | undefined => {
      const pinned = request.pin();
      if (pinned !== undefined) return { pinned };
      looks += 1;
      if (looks === 1) announceStep(this.#setting, 'key-wanted', request.digest);
      const lock = this.#locks.tryExclusive(path, request.resource);
      return lock === 'busy' ? undefined : { lock };
    };
    const { resource, signal } = request;
    const { lockTimeoutMs, onEvent } = this.#setting;
    return await waitFor(attempt, { resource, path, timeoutMs: lockTimeoutMs, signal, onEvent });
  }

  async #produceUntilDone<P extends Disposable>(request: EntryRequest<P>): Promise<void> {
    const failures = { vanished: 0, unexplained: 0 };
    for (;;) {
      request.signal?.throwIfAborted();
      // Who deletes the cache deletes locks too: then another may have made it beside us.
      if (failures.vanished > 0 && request.isPresent()) return;
      const work = WorkFolder.open(this.#setting, this.#locks);
      try {
        await request.produce(work);
        return;
      } catch (error) {
        failures[this.#isExplained(error, work) ? 'vanished' : 'unexplained'] += 1;
        this.#requireRepeatable(error, failures, request.resource);
      } finally {
        work.close();
      }
    }
  }

  /** Does `error` come from somebody deleting the cache under us? */
  #isExplained(error: unknown, work: WorkFolder): boolean {
    if (!causedByCode(error, ...PERHAPS_GONE)) return false;
    const { root } = this.#setting.root.layout;
    return work.hasVanished() || (causedByCode(error, ...GONE) && namesPathBelow(root, error));
  }

  /** @throws `error`, unless producing again may end better. */
  #requireRepeatable(error: unknown, failures: { vanished: number; unexplained: number }, resource: string): void {
    const { root } = this.#setting.root.layout;
    if (!causedByCode(error, ...PERHAPS_GONE) || failures.unexplained === UNEXPLAINED_LIMIT)
      throw hasErrorCode(error, 'ENOSPC', 'EDQUOT') ? explainWriteFailure(root, error) : error;
    if (failures.vanished === VANISHED_LIMIT) throw new CacheUnstableError(resource, root, error);
    const reason = 'it was deleted while it was being made';
    this.#setting.onEvent({ type: 'healed', resource, path: root, reason });
  }
}

/** Is `error`, or what caused it, about a path in the cache? */
function namesPathBelow(root: string, error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('path' in current && typeof current.path === 'string' && current.path.startsWith(root)) return true;
  }
  return false;
}
