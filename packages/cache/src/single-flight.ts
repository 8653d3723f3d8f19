/**
 * One computation per key within a process. Others who want it wait for the first and share its failure, unless the
 * first was only called off by its own caller: then they ask again.
 */
interface Flight {
  readonly landed: Promise<unknown>;
  readonly wasAborted: () => boolean;
}

export class SingleFlight {
  readonly #flights: Map<string, Flight> = new Map();

  /**
   * Run `work`, or wait for whoever runs it for `key`.
   *
   * @returns what `work` returned when it was ours; `undefined` when another's has ended, so look again.
   */
  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const current = this.#flights.get(key);
    if (current !== undefined) {
      await this.#follow(current, signal);
      return undefined;
    }
    const landed = work();
    this.#flights.set(key, { landed, wasAborted: () => signal?.aborted === true });
    try {
      return await landed;
    } finally {
      this.#flights.delete(key);
    }
  }

  async #follow(flight: Flight, signal: AbortSignal | undefined): Promise<void> {
    try {
      await untilAborted(flight.landed, signal);
    } catch (error) {
      if (signal?.aborted === true || !flight.wasAborted()) throw error;
    }
  }
}

async function untilAborted(landed: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await landed;
    return;
  }
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([landed, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
