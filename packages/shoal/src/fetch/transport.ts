/**
 * One HTTP exchange, the only thing in which Node and Bun differ: undici on Node, Bun's own fetch on Bun (whose `undici`
 * is an empty shell). Redirects, retries, credentials, proxies and decoding are decided above, so both behave the same.
 */

export interface TransportRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** `http:`, `https:` or, on Node, `socks5:` URL. */
  readonly proxy: string | undefined;
  /** Accept any certificate. */
  readonly insecure: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface TransportAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came over the line, not decoded. Ending the iteration early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface TransportOptions {
  readonly connectTimeoutMs: number;
  /** For the headers, and between any two pieces of the body. */
  readonly readTimeoutMs: number;
  /** PEM; they replace the authorities that the runtime brings. */
  readonly authorities: readonly string[] | undefined;
}

/** Throws `TransportTimeoutError`, or whatever the runtime throws, when there is no answer. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>;
  close(): Promise<void>;
}

/** The time for connecting, for an answer or for its next piece is over. */
export class TransportTimeoutError extends Error {
  readonly code = 'TIMEOUT';
}

/** The transport of this runtime; its library is loaded now, not before. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  if (process.versions.bun === undefined) return (await import('./transport-undici.ts')).createUndiciTransport(options);
  return (await import('./transport-bun.ts')).createBunTransport(options);
}
