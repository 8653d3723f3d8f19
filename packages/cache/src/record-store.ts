/**
 * Small files that are replaced as a whole: index pages, metadata, facts about interpreters.
 *
 * ## Guarantees
 * - A reader finds the whole content of one writer, or nothing. A damaged file is nothing, and replaced by the next.
 * - `readOrProduce` produces once, however many tasks and processes ask at the same time.
 *
 * ## Limits
 * - `write` alone takes no lock: the last writer wins.
 * - Nothing is synced: after a power cut a record may be gone or damaged, which is a miss.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { digestOf } from './digest.ts';
import { CacheUnstableError, hasErrorCode } from './errors.ts';
import type { LockHandle } from './file-lock.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import type { RecordBucket } from './layout.ts';
import { formatRecord, parseRecord } from './record-format.ts';
import { SingleFlight } from './single-flight.ts';
import { waitFor } from './wait-for.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export interface RecordState {
  /** It was written after this call began: what has just been asked for need not be asked again. */
  readonly producedWhileWaiting: boolean;
}

export interface RecordRequest<T> {
  readonly bucket: RecordBucket;
  /** `name` or `digest/name`. */
  readonly key: string;
  /** What is waited for, as a person would say it. */
  readonly resource: string;
  /** Make a value of the stored content, or `undefined` when it will not do (stale, not understood). */
  readonly accept: (content: Uint8Array, state: RecordState) => T | undefined;
  /** The new content; `previous` is the one that would not do, if there was any. */
  readonly produce: (previous: Uint8Array | undefined) => Promise<Uint8Array | string>;
  readonly signal?: AbortSignal | undefined;
}

/** A record's content, and what tells this writing of it from others. */
interface Reading {
  readonly content: Buffer | undefined;
  readonly identity: string;
}

const ABSENT: Reading = { content: undefined, identity: '' };
/** Each turn but the last ended with another task's record that this one would not accept. */
const ATTEMPTS = 50;

export class RecordStore {
  readonly #setting: CacheSetting;
  readonly #locks: KeyLocks;
  /** Only read, for what is not here. */
  readonly #lower: RecordStore | undefined;
  readonly #flights: SingleFlight = new SingleFlight();

  constructor(setting: CacheSetting, locks: KeyLocks, lower?: RecordStore) {
    this.#setting = setting;
    this.#locks = locks;
    this.#lower = lower;
  }

  /** The content as it was written; `undefined` when absent or damaged. */
  read(bucket: RecordBucket, key: string): Uint8Array | undefined {
    return this.#readContent(this.#setting.root.layout.record(bucket, key)) ?? this.#lower?.read(bucket, key);
  }

  /** What tells this writing of the record from others, without reading it; `undefined` when it is absent. */
  identity(bucket: RecordBucket, key: string): string | undefined {
    const own = identityOf(this.#setting.root.layout.record(bucket, key));
    return own === '' ? this.#lower?.identity(bucket, key) : own;
  }

  /** Replace the record in one step. @throws {CacheUnwritableError} @throws {CacheFullError} */
  write(bucket: RecordBucket, key: string, content: Uint8Array | string): void {
    const { root } = this.#setting;
    const path = root.layout.record(bucket, key);
    const bytes = formatRecord(content);
    announceStep(this.#setting, 'before-record-write', path);
    root.inFolder(dirname(path), () => {
      writeFileAtomic(path, bytes, { mode: root.fileMode() });
    });
    announceStep(this.#setting, 'record-written', path);
  }

  /**
   * The value that `accept` makes of the record, produced first when there is none that it accepts.
   *
   * @throws the errors of `produce`; LockTimeoutError; CacheUnwritableError, CacheFullError; the signal's reason.
   */
  async readOrProduce<T>(request: RecordRequest<T>): Promise<T> {
    const path = this.#setting.root.layout.record(request.bucket, request.key);
    const before = this.#readWithIdentity(path);
    const accepted = acceptReading(request, before, before) ?? this.#lower?.accepted(request);
    if (accepted !== undefined) return accepted;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const ours = await this.#flights.run(path, () => this.#produceOnce(request, { path, before }), request.signal);
      if (ours !== undefined) return ours;
      const another = acceptReading(request, this.#readWithIdentity(path), before);
      if (another !== undefined) return another;
    }
    throw new CacheUnstableError(request.resource, this.#setting.root.layout.root);
  }

  /** What `accept` makes of the record as it is. */
  accepted<T>(request: RecordRequest<T>): T | undefined {
    const content = this.read(request.bucket, request.key);
    return content === undefined ? undefined : request.accept(content, { producedWhileWaiting: false });
  }

  async #produceOnce<T>(
    request: RecordRequest<T>,
    { path, before }: { readonly path: string; readonly before: Reading },
  ): Promise<T> {
    const found = await this.#acceptOrLock(request, { path, before });
    if ('value' in found) return found.value;
    try {
      const current = this.#readWithIdentity(path);
      const again = current.identity === before.identity ? undefined : acceptReading(request, current, before);
      if (again !== undefined) return again;
      announceStep(this.#setting, 'key-taken', path);
      const content = await request.produce(current.content ?? this.#lower?.read(request.bucket, request.key));
      this.write(request.bucket, request.key, content);
      return this.#acceptOwn(request, content);
    } finally {
      found.lock.release();
      announceStep(this.#setting, 'key-released', path);
    }
  }

  async #acceptOrLock<T>(
    request: RecordRequest<T>,
    { path, before }: { readonly path: string; readonly before: Reading },
  ): Promise<{ value: T } | { lock: LockHandle }> {
    const { bucket, key, resource, signal } = request;
    const { root, lockTimeoutMs, onEvent } = this.#setting;
    const lockPath = root.layout.keyLock(digestOf(`${bucket}/${key}`));
    let seen = before.identity;
    const attempt = (): { value: T } | { lock: LockHandle } | undefined => {
      if (identityOf(path) !== seen) {
        const current = this.#readWithIdentity(path);
        seen = current.identity;
        const value = acceptReading(request, current, before);
        if (value !== undefined) return { value };
      }
      const lock = this.#locks.tryExclusive(lockPath, resource);
      return lock === 'busy' ? undefined : { lock };
    };
    return await waitFor(attempt, { resource, path: lockPath, timeoutMs: lockTimeoutMs, signal, onEvent });
  }

  #acceptOwn<T>(request: RecordRequest<T>, content: Uint8Array | string): T {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const value = request.accept(bytes, { producedWhileWaiting: true });
    if (value === undefined) throw new Error(`The record just made for ${request.resource} is not accepted`);
    return value;
  }

  #readWithIdentity(path: string): Reading {
    // Looked at before reading: a record that is replaced in between only seems older than it is.
    const identity = identityOf(path);
    if (identity === '') return ABSENT;
    return { content: this.#readContent(path), identity };
  }

  #readContent(path: string): Buffer | undefined {
    const bytes = readIfPresent(path);
    if (bytes === undefined) return undefined;
    const content = parseRecord(bytes);
    if (content === undefined) {
      this.#setting.onEvent({ type: 'healed', resource: 'a cached record', path, reason: 'its content is damaged' });
    }
    return content;
  }
}

function acceptReading<T>(request: RecordRequest<T>, reading: Reading, before: Reading): T | undefined {
  if (reading.content === undefined) return undefined;
  return request.accept(reading.content, { producedWhileWaiting: reading.identity !== before.identity });
}

function identityOf(path: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    // ENOTDIR: the root is a file. Writing will say so.
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return '';
    throw error;
  }
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE')) return undefined;
    throw error;
  }
}
