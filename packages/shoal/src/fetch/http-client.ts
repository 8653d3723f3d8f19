/**
 * HTTP as the tool needs it: redirects, credentials, proxies, retries, decoding and a limit of requests at once.
 *
 * ## Guarantees
 * - Credentials go to the scheme, host and port they were meant for, also after a redirect, and into no message or event.
 * - With `offline`, nothing is sent.
 * - The library that talks to the network is loaded at the first request.
 */
import { readAuthorities } from './authorities.ts';
import { type CredentialSource, credentialsOfUrl } from './credentials.ts';
import type { FetchListener } from './fetch-events.ts';
import { decodeBody } from './decode-body.ts';
import { HttpStatusError, NetworkError, OfflineError } from './http-errors.ts';
import { isInsecureHost, networkErrorOf } from './network-error.ts';
import { type ProxySettings, proxyFor } from './proxies.ts';
import { redactUrl, withoutCredentials } from './redact-url.ts';
import { isTransientStatus, parseRetryAfter, RetryAfterError, withRetries } from './retry.ts';
import { Slots } from './slots.ts';
import { createTransport, type Transport, type TransportAnswer, type TransportOptions } from './transport.ts';

export interface HttpSettings {
  readonly offline: boolean;
  /** For an answer and between its pieces. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** `host`, `host:port` or `https://host:port`: their certificates are not looked at. */
  readonly insecureHosts: readonly string[];
  /** A PEM file whose authorities replace the built-in ones (`SSL_CERT_FILE`). */
  readonly caFile?: string | undefined;
  /** A folder of such files (`SSL_CERT_DIR`). */
  readonly caFolder?: string | undefined;
  /** Trust the authorities of the operating system too. */
  readonly systemCertificates?: boolean | undefined;
  readonly proxies: ProxySettings;
  readonly credentials: CredentialSource;
  readonly userAgent: string;
  /** Requests at once. */
  readonly concurrentDownloads: number;
  readonly onEvent?: FetchListener | undefined;
  /** Before the first retry. Default 500. */
  readonly firstPauseMs?: number | undefined;
}

export interface HttpRequest {
  /** May carry userinfo, which is sent as credentials and never as part of the URL. */
  readonly url: string;
  readonly method?: 'GET' | 'HEAD';
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** After redirects, without credentials. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. To be read to its end or discarded, because until then it holds a slot. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** A response that was read. */
export interface HttpContent extends Omit<HttpResponse, 'body' | 'discard'> {
  readonly content: Buffer;
}

export interface HttpClient {
  readonly settings: HttpSettings;
  /**
   * Send and return the answer of any status but the transient ones (408, 425, 429, 500, 502, 503, 504), which are tried again.
   * @throws {OfflineError} @throws {NetworkError} @throws {HttpStatusError} @throws {RetriesExhaustedError}
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** `send` and read; an answer that breaks off is asked for again. */
  read(request: HttpRequest): Promise<HttpContent>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;
const LONGEST_DROPPED_BODY = 64 * 1024;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A client with these settings. It does nothing until the first request. */
export function createHttpClient(settings: HttpSettings): HttpClient {
  return new Client(settings);
}

class Client implements HttpClient {
  readonly settings: HttpSettings;
  readonly #slots: Slots;
  #transport: Promise<Transport> | undefined;

  constructor(settings: HttpSettings) {
    this.settings = settings;
    this.#slots = new Slots(settings.concurrentDownloads);
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    return this.#retrying(request, () => this.#sendOnce(request));
  }

  read(request: HttpRequest): Promise<HttpContent> {
    return this.#retrying(request, async () => {
      const { status, url, headers, body } = await this.#sendOnce(request);
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return { status, url, headers, content: Buffer.concat(pieces) };
    });
  }

  async close(): Promise<void> {
    await (await this.#transport)?.close();
  }

  async #retrying<T>(request: HttpRequest, attempt: () => Promise<T>): Promise<T> {
    const url = redactUrl(request.url);
    if (this.settings.offline) throw new OfflineError(url);
    const { retries, firstPauseMs = 500, onEvent } = this.settings;
    const onRetry = (number: number, delayMs: number, error: unknown): void =>
      onEvent?.({
        type: 'retry',
        url,
        attempt: number,
        delayMs,
        reason: error instanceof Error ? error.message : String(error),
      });
    return withRetries({ retries, firstPauseMs, signal: request.signal, onRetry }, attempt);
  }

  async #sendOnce(request: HttpRequest): Promise<HttpResponse> {
    const release = await this.#slots.take();
    try {
      request.signal?.throwIfAborted();
      const { answer, url } = await this.#follow(request);
      if (isTransientStatus(answer.status)) {
        await drop(answer);
        throw new RetryAfterError(answer.status, url, parseRetryAfter(answer.headers['retry-after'], Date.now()));
      }
      return responseOf(answer, { url, release, signal: request.signal });
    } catch (error) {
      release();
      throw error;
    }
  }

  async #follow(request: HttpRequest): Promise<{ answer: TransportAnswer; url: string }> {
    let url = requestUrl(request.url);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const answer = await this.#exchange(request, url);
      const location = answer.headers['location'];
      if (!REDIRECTS.has(answer.status) || location === undefined) return { answer, url: withoutCredentials(url.href) };
      await drop(answer);
      url = redirectTarget(url, location);
    }
    throw new NetworkError(redactUrl(request.url), { cause: new Error('too many redirects'), transient: false });
  }

  async #exchange(request: HttpRequest, url: URL): Promise<TransportAnswer> {
    const shown = redactUrl(url.href);
    const method = request.method ?? 'GET';
    this.settings.onEvent?.({ type: 'request', method, url: shown });
    this.#transport ??= createTransport(this.#transportOptions());
    const transport = await this.#transport;
    try {
      return await transport.send({
        url: withoutCredentials(url.href).replace(/#.*$/, ''),
        method,
        headers: this.#headersFor(request, url),
        proxy: usableProxy(url, this.settings.proxies),
        insecure: isInsecureHost(url, this.settings.insecureHosts),
        signal: request.signal,
      });
    } catch (error) {
      throw networkErrorOf(error, shown, request.signal);
    }
  }

  #headersFor(request: HttpRequest, url: URL): Record<string, string> {
    const credentials = credentialsOfUrl(url) ?? this.settings.credentials.find(url);
    const login =
      credentials === undefined
        ? undefined
        : Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    return {
      'user-agent': this.settings.userAgent,
      'accept-encoding': 'gzip, br, deflate',
      ...request.headers,
      ...(login === undefined ? {} : { authorization: `Basic ${login}` }),
    };
  }

  #transportOptions(): TransportOptions {
    const { connectTimeoutMs, timeoutMs } = this.settings;
    return {
      connectTimeoutMs,
      readTimeoutMs: timeoutMs,
      authorities: readAuthorities(this.settings),
    };
  }
}

/** @throws {NetworkError} for a proxy of another kind than the transports know. */
function usableProxy(url: URL, proxies: ProxySettings): string | undefined {
  const proxy = proxyFor(url, proxies);
  if (proxy === undefined || (/^(?:https?|socks5h?):/i.test(proxy) && URL.canParse(proxy))) return proxy;
  const cause = new Error(
    `the proxy \`${redactUrl(proxy)}\`, of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, is no \`http:\`, \`https:\` or \`socks5:\` URL`,
  );
  throw new NetworkError(redactUrl(url.href), { cause, transient: false });
}

function requestUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null) return url;
  throw new NetworkError(redactUrl(text), { cause: new Error('this is no valid URL'), transient: false });
}

/** Userinfo is kept on the same server only: `https://user:pw@host/a` that redirects to `/b` still is that user's. */
function redirectTarget(from: URL, location: string): URL {
  const target = URL.parse(location, from.href);
  if (target === null)
    throw new NetworkError(redactUrl(from.href), {
      cause: new Error(`redirected to \`${redactUrl(location)}\`, which is no valid URL`),
      transient: false,
    });
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    throw new NetworkError(redactUrl(from.href), {
      cause: new Error(`redirected to ${target.protocol}`),
      transient: false,
    });
  if (target.username !== '' || target.host !== from.host || target.protocol !== from.protocol) return target;
  target.username = from.username;
  target.password = from.password;
  return target;
}

function responseOf(
  answer: TransportAnswer,
  about: { url: string; release: () => void; signal: AbortSignal | undefined },
): HttpResponse {
  const body = releasing(decodeBody(answer.body, answer.headers['content-encoding']), about);
  return {
    status: answer.status,
    url: about.url,
    headers: answer.headers,
    body,
    async discard() {
      about.release();
      await drop(answer);
    },
  };
}

async function* releasing(
  body: AsyncIterable<Uint8Array>,
  about: { url: string; release: () => void; signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw networkErrorOf(error, about.url, about.signal);
  } finally {
    about.release();
  }
}

/** Read the rest of a body that nobody wants, so that its connection can be used again; a long one is cut off. */
async function drop(answer: TransportAnswer): Promise<void> {
  let length = 0;
  try {
    for await (const piece of answer.body) {
      length += piece.length;
      if (length > LONGEST_DROPPED_BODY) return;
    }
  } catch (error) {
    // The answer was not wanted: that its connection is lost too is of no consequence.
    if (!(error instanceof Error)) throw error;
  }
}

/** The response when its status is a success. @throws {HttpStatusError} after discarding it, when not. */
export async function expectSuccess<T extends HttpResponse | HttpContent>(response: T): Promise<T> {
  if (response.status >= 200 && response.status < 300) return response;
  if ('discard' in response) await response.discard();
  throw new HttpStatusError(response.status, response.url);
}
