/**
 * Producing an entry exactly once: within a process by `SingleFlight`, between processes by the key's exclusive lock.
 * Whoever waits looks for the entry at each turn, so that all go on together as soon as it is there; and takes the
 * work over as soon as its worker is gone.
 */
import { CacheUnstableError } from './errors.ts';
import type { Digest } from './digest.ts';
import type { LockHandle } from './file-lock.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { repeatWork } from './repeat-work.ts';
import { SingleFlight } from './single-flight.ts';
import { waitFor } from './wait-for.ts';
import type { WorkFolder } from './work-folder.ts';

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

  /** Who deletes the cache deletes locks too: then another may have made the entry beside us. */
  async #produceUntilDone<P extends Disposable>({
    resource,
    signal,
    isPresent,
    produce,
  }: EntryRequest<P>): Promise<void> {
    const work = async (folder: WorkFolder, isRepeated: boolean): Promise<void> => {
      if (!isRepeated || !isPresent()) await produce(folder);
    };
    await repeatWork(this.#setting, this.#locks, { resource, signal, work });
  }
}
