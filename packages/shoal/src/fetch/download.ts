/**
 * A file from the network to disk: hashed while it is written, resumed where an earlier attempt (of this process or of one
 * that died) stopped, and checked as a whole.
 */
import type { Hash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { FetchListener } from './fetch-events.ts';
import { type HttpClient, expectSuccess, type HttpResponse } from './http-client.ts';
import { NetworkError } from './http-errors.ts';
import { withRetries } from './retry.ts';

export interface DownloadRequest {
  readonly url: string;
  /** May exist: what it holds is taken for the beginning of the file. Nobody else writes to it. */
  readonly path: string;
  /** For events: the filename. */
  readonly resource: string;
  /** Hexadecimal; a file that was resumed and does not have this hash is downloaded again from its beginning. */
  readonly sha256: string | undefined;
  readonly sizeBytes: number | undefined;
  /** Further algorithms to compute, as `node:crypto` names them. */
  readonly algorithms?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What arrived. It is up to the caller to compare it with what was expected. */
export interface Downloaded {
  readonly sizeBytes: number;
  /** Algorithm -> hexadecimal; `sha256` is always there. */
  readonly hashes: Readonly<Record<string, string>>;
}

const REHASH_PIECE_BYTES = 1024 * 1024;

/** Download to `request.path`. @throws {NetworkError} {HttpStatusError} {RetriesExhaustedError} {OfflineError}; what arrived until then stays in the file. */
export async function download(http: HttpClient, request: DownloadRequest): Promise<Downloaded> {
  const { onEvent } = http.settings;
  try {
    const first = await attemptDownload(http, request);
    const sound = request.sha256 === undefined || first.downloaded.hashes['sha256'] === request.sha256;
    const { downloaded } = sound || first.resumedBytes === 0 ? first : await attemptAfresh(http, request);
    onEvent?.({ type: 'step', name: 'downloaded', detail: request.resource });
    onEvent?.({ type: 'download-finished', resource: request.resource, sizeBytes: downloaded.sizeBytes });
    return downloaded;
  } catch (error) {
    onEvent?.({ type: 'download-failed', resource: request.resource });
    throw error;
  }
}

interface Attempt {
  readonly downloaded: Downloaded;
  readonly resumedBytes: number;
}

/** What was resumed was of another file: forget it. */
async function attemptAfresh(http: HttpClient, request: DownloadRequest): Promise<Attempt> {
  using file = new PartialFile(request.path, hashAlgorithms(request));
  file.restart();
  return { downloaded: await fill(http, request, file), resumedBytes: 0 };
}

async function attemptDownload(http: HttpClient, request: DownloadRequest): Promise<Attempt> {
  using file = new PartialFile(request.path, hashAlgorithms(request));
  if (request.sha256 === undefined || (request.sizeBytes !== undefined && file.sizeBytes > request.sizeBytes))
    file.restart();
  const resumedBytes = file.sizeBytes;
  return { downloaded: await fill(http, request, file), resumedBytes };
}

function hashAlgorithms(request: DownloadRequest): readonly string[] {
  return [...new Set(['sha256', ...(request.algorithms ?? [])])];
}

async function fill(http: HttpClient, request: DownloadRequest, file: PartialFile): Promise<Downloaded> {
  const { retries, firstPauseMs = 500, onEvent } = http.settings;
  onEvent?.({ type: 'step', name: 'download-opened', detail: request.resource });
  onEvent?.({
    type: 'download-started',
    resource: request.resource,
    sizeBytes: request.sizeBytes,
    resumedBytes: file.sizeBytes,
  });
  let validator: string | undefined;
  const onRetry = (attempt: number, delayMs: number, error: unknown): void =>
    onEvent?.({
      type: 'retry',
      url: request.url,
      attempt,
      delayMs,
      reason: error instanceof Error ? error.message : String(error),
    });
  await withRetries({ retries, firstPauseMs, signal: request.signal, onRetry }, async () => {
    if (file.sizeBytes > 0 && file.sizeBytes === request.sizeBytes) return;
    const response = await http.send({
      url: request.url,
      headers: rangeHeaders(file.sizeBytes, validator),
      signal: request.signal,
    });
    const sound = await acceptRange(response, file);
    if (sound === undefined) return;
    validator = sound.headers['etag']?.startsWith('"') === true ? sound.headers['etag'] : undefined;
    await receive(sound, file, { request, onEvent });
  });
  return file.finish();
}

function rangeHeaders(sizeBytes: number, validator: string | undefined): Record<string, string> {
  if (sizeBytes === 0) return { 'accept-encoding': 'identity' };
  return {
    'accept-encoding': 'identity',
    range: `bytes=${sizeBytes}-`,
    ...(validator === undefined ? {} : { 'if-range': validator }),
  };
}

/** Bring `file` to where the answer begins. @returns `undefined` when nothing is missing. */
async function acceptRange(response: HttpResponse, file: PartialFile): Promise<HttpResponse | undefined> {
  const starts = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
  if (response.status === 206 && Number(starts) === file.sizeBytes) return response;
  if (response.status === 416 && file.sizeBytes > 0) {
    const whole = /^bytes \*\/(\d+)$/.exec(response.headers['content-range'] ?? '')?.[1];
    await response.discard();
    if (Number(whole) === file.sizeBytes) return undefined;
    file.restart();
    throw new NetworkError(response.url, { cause: new Error('the server has no such range') });
  }
  const sound = await expectSuccess(response);
  file.restart();
  return sound;
}

async function receive(
  response: HttpResponse,
  file: PartialFile,
  context: { request: DownloadRequest; onEvent: FetchListener | undefined },
): Promise<void> {
  const { request, onEvent } = context;
  const announced = Number(response.headers['content-length'] ?? Number.NaN);
  const end = file.sizeBytes + announced;
  let isBegun = false;
  for await (const piece of response.body) {
    if (request.sizeBytes !== undefined && file.sizeBytes + piece.length > request.sizeBytes) return file.append(piece);
    file.append(piece);
    if (!isBegun) onEvent?.({ type: 'step', name: 'download-begun', detail: request.resource });
    isBegun = true;
    onEvent?.({ type: 'download-progress', resource: request.resource, receivedBytes: file.sizeBytes });
  }
  if (file.sizeBytes < end)
    throw new NetworkError(response.url, {
      cause: new Error(`the connection was closed after ${file.sizeBytes} of ${end} bytes`),
    });
}

/** The file on disk and the hashes of what it holds. */
class PartialFile implements Disposable {
  readonly #descriptor: number;
  readonly #algorithms: readonly string[];
  #hashes: Hash[];
  #sizeBytes = 0;

  constructor(path: string, algorithms: readonly string[]) {
    this.#algorithms = algorithms;
    this.#hashes = algorithms.map((algorithm) => startHash(algorithm));
    this.#descriptor = openSync(path, 'a+');
    this.#rehash();
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(piece: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(piece);
    for (let done = 0; done < piece.length;) done += writeSync(this.#descriptor, piece, done, piece.length - done);
    this.#sizeBytes += piece.length;
  }

  restart(): void {
    if (this.#sizeBytes === 0) return;
    ftruncateSync(this.#descriptor);
    this.#sizeBytes = 0;
    this.#hashes = this.#algorithms.map((algorithm) => startHash(algorithm));
  }

  finish(): Downloaded {
    const digests = this.#algorithms.map((algorithm, index): [string, string] => [
      algorithm,
      this.#hashes[index]?.digest('hex') ?? '',
    ]);
    return { sizeBytes: this.#sizeBytes, hashes: Object.fromEntries(digests) };
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #rehash(): void {
    const { size } = fstatSync(this.#descriptor);
    if (size === 0) return;
    const buffer = Buffer.allocUnsafe(Math.min(size, REHASH_PIECE_BYTES));
    while (this.#sizeBytes < size) {
      const count = readSync(this.#descriptor, buffer, 0, buffer.length, this.#sizeBytes);
      if (count === 0) return;
      for (const hash of this.#hashes) hash.update(buffer.subarray(0, count));
      this.#sizeBytes += count;
    }
  }
}

/** The module is loaded when something is downloaded, because loading it takes as long as a small command. */
function startHash(algorithm: string): Hash {
  return process.getBuiltinModule('node:crypto').createHash(algorithm);
}
