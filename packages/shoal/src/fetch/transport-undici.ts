import { Agent, type Dispatcher, ProxyAgent, request, Socks5ProxyAgent } from 'undici';
import {
  type Transport,
  type TransportAnswer,
  type TransportOptions,
  type TransportRequest,
  TransportTimeoutError,
} from './transport.ts';

/** Transport over undici: one connection pool for each proxy and each trust. */
export function createUndiciTransport(options: TransportOptions): Transport {
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherOf = (wanted: TransportRequest): Dispatcher => {
    const key = `${wanted.insecure} ${wanted.proxy ?? ''}`;
    const dispatcher = dispatchers.get(key) ?? createDispatcher(options, wanted);
    dispatchers.set(key, dispatcher);
    return dispatcher;
  };
  return {
    send: (wanted) => send(dispatcherOf(wanted), wanted),
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function createDispatcher(options: TransportOptions, wanted: TransportRequest): Dispatcher {
  const tls = {
    rejectUnauthorized: !wanted.insecure,
    ...(options.authorities === undefined ? {} : { ca: [...options.authorities] }),
  };
  const shared = {
    connect: { timeout: options.connectTimeoutMs, ...tls },
    headersTimeout: options.readTimeoutMs,
    bodyTimeout: options.readTimeoutMs,
  };
  if (wanted.proxy === undefined) return new Agent(shared);
  if (/^socks/i.test(wanted.proxy)) {
    const { headersTimeout, bodyTimeout } = shared;
    return new Socks5ProxyAgent(wanted.proxy.replace(/^socks5h/i, 'socks5'), {
      headersTimeout,
      bodyTimeout,
      requestTls: tls,
    });
  }
  const proxy = new URL(wanted.proxy);
  const token =
    proxy.username === ''
      ? {}
      : {
          token: `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}`,
        };
  return new ProxyAgent({
    ...shared,
    uri: `${proxy.protocol}//${proxy.host}`,
    requestTls: tls,
    proxyTls: tls,
    proxyTunnel: wanted.url.startsWith('https:'),
    ...token,
  });
}

async function send(dispatcher: Dispatcher, wanted: TransportRequest): Promise<TransportAnswer> {
  try {
    const answer = await request(wanted.url, {
      dispatcher,
      method: wanted.method,
      headers: wanted.headers,
      ...(wanted.body === undefined ? {} : { body: Buffer.from(wanted.body) }),
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    });
    return { status: answer.statusCode, headers: joinHeaders(answer.headers), body: translating(answer.body) };
  } catch (error) {
    throw translate(error);
  }
}

async function* translating(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const timedOut =
    code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return timedOut ? new TransportTimeoutError('operation timed out', { cause: error }) : error;
}

function joinHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
