/**
 * Producing an entry exactly once: within a process by `SingleFlight`, between processes by the key's exclusive lock.
 * Whoever waits looks for the entry at each turn, so that all go on together as soon as it is there; and takes the
 * work over as soon as its worker is gone.
 */
import { causedByCode, CacheUnstableError } from './errors.ts';
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
  /** Make the entry in the private folder and publish it. Called again when the folder was deleted meanwhile. */
  readonly produce: (work: WorkFolder) => Promise<void>;
}

/** Between publishing and pinning a collector may come first. That it does so this often in a row does not happen. */
const PIN_ATTEMPTS = 50;
/** ENOENT that nobody's deleting explains is most likely the producer's own. */
const UNEXPLAINED_ATTEMPTS = 3;
const VANISHED_ATTEMPTS = 30;

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
      // Nothing can be there but what appeared between the last look and the lock.
      await this.#produceIfAbsent(request);
    } finally {
      found.lock.release();
      announceStep(this.#setting, 'key-released', request.digest);
    }
    return request.pin();
  }

  async #pinOrLock<P extends Disposable>(request: EntryRequest<P>): Promise<{ pinned: P } | { lock: LockHandle }> {
    const path = this.#setting.root.layout.keyLock(request.digest);
    const attempt = (): { pinned: P } | { lock: LockHandle } | undefined => {
      const pinned = request.pin();
      if (pinned !== undefined) return { pinned };
      const lock = this.#locks.tryExclusive(path);
      return lock === 'busy' ? undefined : { lock };
    };
    const { resource, signal } = request;
    const { lockTimeoutMs, onEvent } = this.#setting;
    return await waitFor(attempt, { resource, path, timeoutMs: lockTimeoutMs, signal, onEvent });
  }

  async #produceIfAbsent<P extends Disposable>(request: EntryRequest<P>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      request.signal?.throwIfAborted();
      const work = WorkFolder.open(this.#setting, this.#locks);
      try {
        await request.produce(work);
        return;
      } catch (error) {
        this.#requireVanished(error, { work, attempt, resource: request.resource });
      } finally {
        work.close();
      }
    }
  }

  /** @throws `error`, unless it comes from somebody deleting the cache under us and may be tried again. */
  #requireVanished(
    error: unknown,
    { work, attempt, resource }: { readonly work: WorkFolder; readonly attempt: number; readonly resource: string },
  ): void {
    if (!causedByCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE')) throw error;
    const isExplained = work.hasVanished();
    if (attempt >= (isExplained ? VANISHED_ATTEMPTS : UNEXPLAINED_ATTEMPTS)) {
      throw isExplained ? new CacheUnstableError(resource, this.#setting.root.layout.root, error) : error;
    }
    const reason = 'it was deleted while it was being made';
    this.#setting.onEvent({ type: 'healed', resource, path: work.path, reason });
  }
}
