import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InvalidArchiveError } from './archive-errors.ts';
import type { ByteSource } from './zip-directory.ts';

/** An archive on disk. What `read` gives is valid until the next call: the buffer is used again. */
export class ArchiveFile implements ByteSource, Disposable {
  readonly sizeBytes: number;
  readonly #descriptor: number;
  #buffer: Buffer = Buffer.allocUnsafe(64 * 1024);

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.sizeBytes = fstatSync(this.#descriptor).size;
  }

  read(position: number, length: number): Buffer {
    if (position < 0 || position + length > this.sizeBytes)
      throw new InvalidArchiveError('truncated', 'the archive is shorter than its directory says');
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#descriptor, this.#buffer, done, length - done, position + done);
      if (count === 0) throw new InvalidArchiveError('truncated', 'the archive became shorter while it was read');
      done += count;
    }
    return this.#buffer.subarray(0, length);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
