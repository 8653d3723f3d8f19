/** A disk that can be filled up and freed again, and when it was full. Without a folder it is never full. */
import { statfsSync } from 'node:fs';
import { mountSmall } from '../support/scoped-mounts.ts';
import type { SmallDisk } from '../support/scoped-mounts.ts';

const ROOM_KIB = 512 * 1024;

interface Period {
  readonly fromMs: number;
  toMs: number;
}

export class SoakDisk implements Disposable {
  readonly #folder: string | undefined;
  readonly #disk: SmallDisk | undefined;
  readonly #full: Period[] = [];

  constructor(folder: string | undefined) {
    this.#folder = folder;
    this.#disk = folder === undefined ? undefined : mountSmall(folder, ROOM_KIB);
  }

  [Symbol.dispose](): void {
    this.#disk?.[Symbol.dispose]();
  }

  /** Leave so much free, until `free`. */
  fill(spareKib: number): void {
    if (this.#disk === undefined || this.#folder === undefined) return;
    const { blocks, bfree, bsize } = statfsSync(this.#folder);
    this.#full.push({ fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY });
    this.#disk.resize(Math.ceil(((blocks - bfree) * bsize) / 1024) + spareKib);
  }

  free(): void {
    this.#disk?.resize(ROOM_KIB);
    for (const period of this.#full) period.toMs = Math.min(period.toMs, performance.now());
  }

  wasFullBetween(startedMs: number, endedMs: number): boolean {
    return this.#full.some(({ fromMs, toMs }) => fromMs <= endedMs && toMs >= startedMs);
  }
}
