import { OperationalError } from '@shoal/cache';
import { redactUrl } from './redact-url.ts';

/** A server answered with a status that is no success. URLs in errors carry no credentials. */
export class HttpStatusError extends OperationalError {
  override readonly code = 'HTTP_STATUS';
  readonly status: number;
  readonly url: string;

  constructor(status: number, url: string) {
    const { STATUS_CODES } = process.getBuiltinModule('node:http');
    const side = status >= 500 ? 'server' : 'client';
    super(`HTTP status ${side} error (${status} ${STATUS_CODES[status] ?? 'unknown'}) for url (${url})`);
    this.status = status;
    this.url = url;
  }
}

/** No answer, or only a part of it: refused, reset, timed out, not trusted. */
export class NetworkError extends OperationalError {
  override readonly code = 'NETWORK';
  readonly url: string;
  readonly timedOut: boolean;
  /** Would asking again be of use? */
  readonly transient: boolean;
  /** Is it the server's certificate that stands in the way? */
  readonly untrusted: boolean;

  constructor(
    url: string,
    options: { cause: unknown; timedOut?: boolean; transient?: boolean; untrusted?: boolean; message?: string },
  ) {
    super(options.message ?? `error sending request for url (${url})`, { cause: options.cause });
    this.url = url;
    this.timedOut = options.timedOut ?? false;
    this.transient = options.transient ?? true;
    this.untrusted = options.untrusted ?? false;
  }
}

/** All attempts failed; the cause is the last failure. */
export class RetriesExhaustedError extends OperationalError {
  override readonly code = 'RETRIES_EXHAUSTED';
  readonly retries: number;

  constructor(retries: number, cause: unknown) {
    super(`Request failed after ${retries} ${retries === 1 ? 'retry' : 'retries'}`, { cause });
    this.retries = retries;
  }
}

/** What was asked for could not be fetched; the cause says why. */
export class FetchFailedError extends OperationalError {
  override readonly code = 'FETCH_FAILED';
  readonly url: string;

  constructor(url: string, cause: unknown, hint?: string) {
    super(`Failed to fetch: ${redactUrl(url)}`, { cause, hint });
    this.url = url;
  }
}

/** What `SSL_CERT_FILE` or `SSL_CERT_DIR` names cannot be read. */
export class UnusableCertificatesError extends OperationalError {
  override readonly code = 'UNUSABLE_CERTIFICATES';

  constructor(path: string, variable: 'SSL_CERT_FILE' | 'SSL_CERT_DIR', cause: unknown) {
    super(`Failed to read certificate file: \`${path}\``, {
      cause,
      hint: `Set ${variable} to a ${variable === 'SSL_CERT_FILE' ? 'file' : 'folder'} of PEM certificates, or unset it`,
    });
  }
}

/** `--offline` forbids the request that would be needed. */
export class OfflineError extends OperationalError {
  override readonly code = 'OFFLINE';
  readonly url: string;

  constructor(url: string) {
    super(`Network connectivity is disabled, but the requested data wasn't found in the cache for: \`${url}\``);
    this.url = url;
  }
}

/** Say in the tool's words why `url` could not be fetched, with the remedy that fits the cause. What is no failure of HTTP is returned as it is. */
export function fetchFailure(cause: unknown, url: string, { timeoutMs }: { readonly timeoutMs: number }): unknown {
  if (!(cause instanceof NetworkError || cause instanceof HttpStatusError || cause instanceof RetriesExhaustedError))
    return cause;
  const failure = cause instanceof RetriesExhaustedError ? cause.cause : cause;
  if (failure instanceof NetworkError && failure.timedOut) {
    return new FetchFailedError(url, cause, `Try increasing UV_HTTP_TIMEOUT (current value: ${timeoutMs / 1000}s)`);
  }
  if (failure instanceof NetworkError && failure.untrusted) {
    return new FetchFailedError(
      url,
      cause,
      'Name the file of the authority with SSL_CERT_FILE, or trust what the system trusts with `--system-certs`',
    );
  }
  if (failure instanceof HttpStatusError && failure.status === 401) {
    return new FetchFailedError(
      url,
      cause,
      'Give credentials in the URL, in a netrc file, or as `UV_INDEX_<NAME>_USERNAME` and `UV_INDEX_<NAME>_PASSWORD`',
    );
  }
  return new FetchFailedError(url, cause);
}
