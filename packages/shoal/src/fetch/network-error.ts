/** What the runtimes throw when there is no answer, in our words. */
import { NetworkError } from './http-errors.ts';
import { TransportTimeoutError } from './transport.ts';

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|CERTIFICATE/;
/** Failures of the request itself, which come again however often it is sent. */
const HOPELESS = /^(ERR_INVALID_URL|UND_ERR_INVALID_ARG|ERR_INVALID_ARG_VALUE|UnsupportedProxyProtocol)$/;

const CLOSED = 'the connection was closed before the answer was complete';
const NO_TLS = 'the TLS handshake failed: does the server speak TLS on this port?';

/** By the codes of both runtimes. */
const REASONS: Readonly<Record<string, string>> = {
  ConnectionClosed: CLOSED,
  ConnectionRefused: 'the connection was refused: nothing listens there',
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: CLOSED,
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host has no address (dns error)',
  EAI_AGAIN: 'the host has no address (dns error: no answer from the name server)',
  EPIPE: CLOSED,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  Malformed_HTTP_Response: 'the server does not speak HTTP',
  UND_ERR_SOCKET: CLOSED,
  UnsupportedProxyProtocol: 'a proxy of this kind works with the Node entry only: use an `http:` or `https:` proxy',
};

/** The error to throw for `error`, which `url` (without credentials) met. Aborts by the caller's signal and our own errors stay what they are. */
export function networkErrorOf(error: unknown, url: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof NetworkError || !(error instanceof Error)) return error;
  if (error instanceof TransportTimeoutError) return new NetworkError(url, { cause: error, timedOut: true });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const untrusted = CERTIFICATE.test(code);
  const reason = untrusted
    ? `invalid peer certificate: ${error.message.replace(/;.*/s, '')} (${code})`
    : reasonOf(error, code);
  const transient = !untrusted && !HOPELESS.test(code);
  return new NetworkError(url, { cause: new Error(reason), transient, untrusted });
}

function reasonOf(error: Error, code: string): string {
  if (error.name === 'HTTPParserError') return 'the server does not speak HTTP';
  return REASONS[code] ?? error.message;
}

/** Is `url` on a host of `--allow-insecure-host`? */
export function isInsecureHost(url: URL, insecureHosts: readonly string[]): boolean {
  return insecureHosts.some((entry) => {
    const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]+|\*)(?::(\d+))?\/?$/.exec(entry);
    if (match === null) return false;
    const [, scheme, host, port] = match;
    if (scheme !== undefined && `${scheme}:` !== url.protocol) return false;
    if (port !== undefined && port !== (url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port))
      return false;
    return host === '*' || host?.toLowerCase() === url.hostname;
  });
}
