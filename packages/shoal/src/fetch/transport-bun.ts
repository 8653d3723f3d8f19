import {
  type Transport,
  type TransportAnswer,
  type TransportOptions,
  type TransportRequest,
  TransportTimeoutError,
} from './transport.ts';

/** What Bun's fetch takes beyond the standard. */
interface BunFetchInit extends RequestInit {
  readonly proxy?: string;
  readonly decompress: boolean;
  readonly timeout: false;
  readonly tls: { readonly rejectUnauthorized: boolean; readonly ca?: readonly string[] };
}

/** Transport over Bun's fetch. Bun pools connections by itself and has no time-outs of use to us: they are timed here. */
export function createBunTransport(options: TransportOptions): Transport {
  return {
    send: (request) => new BunExchange(options, request).send(),
    close: () => Promise.resolve(),
  };
}

class BunExchange {
  readonly #options: TransportOptions;
  readonly #request: TransportRequest;
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #onAbort = (): void => this.#controller.abort(this.#request.signal?.reason);

  constructor(options: TransportOptions, request: TransportRequest) {
    this.#options = options;
    this.#request = request;
    this.#timer = setTimeout(
      () => this.#controller.abort(new TransportTimeoutError('operation timed out')),
      options.readTimeoutMs,
    );
    if (request.signal?.aborted === true) this.#onAbort();
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async send(): Promise<TransportAnswer> {
    try {
      const response = await fetch(this.#request.url, this.#init());
      const headers: Record<string, string> = {};
      response.headers.forEach((value, name) => {
        headers[name] = value;
      });
      return { status: response.status, headers, body: this.#pieces(response.body) };
    } catch (error) {
      this.#end();
      throw this.#reasonOf(error);
    }
  }

  #init(): BunFetchInit {
    const { method, headers, body, proxy, insecure } = this.#request;
    const authorities = this.#options.authorities;
    return {
      method,
      headers,
      redirect: 'manual',
      decompress: false,
      timeout: false,
      signal: this.#controller.signal,
      tls: { rejectUnauthorized: !insecure, ...(authorities === undefined ? {} : { ca: authorities }) },
      ...(proxy === undefined ? {} : { proxy }),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    };
  }

  async *#pieces(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
    let ended = false;
    try {
      for await (const piece of body ?? []) {
        yield piece;
        this.#timer.refresh();
      }
      ended = true;
    } catch (error) {
      throw this.#reasonOf(error);
    } finally {
      this.#end();
      if (!ended) this.#controller.abort();
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** Bun wraps or replaces the reason of an abort; the reason itself tells time-outs from Ctrl-C. */
  #reasonOf(error: unknown): unknown {
    return this.#controller.signal.aborted ? this.#controller.signal.reason : error;
  }
}
