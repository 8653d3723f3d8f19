/**
 * A package index for tests: a real HTTP server on the loopback interface that counts every request.
 *
 * Pages are at `/simple/<project>/`, files at `/files/<filename>`, metadata at `/files/<filename>.metadata`.
 * A path of the server is also the key of its counter and of its faults.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { faultyAnswer, type IndexFault, type TrueBody } from './index-fault.ts';
import { formatHtmlPage, formatJsonPage, type PageFile } from './index-pages.ts';
import { testCertificate, testKey } from './test-certificate.ts';

export type { IndexFault } from './index-fault.ts';

/** A distribution as the index offers it; `BuiltDistribution` of `wheel-builder.ts` fits. */
export interface IndexedDistribution {
  readonly filename: string;
  /** Its bytes, or the path of a file with them. */
  readonly content: Uint8Array | string;
  /** SHA-256 in hexadecimal; another value than the true one makes a wrong page. Computed when absent. */
  readonly sha256?: string;
  /** Text of the sidecar of a wheel; without it there is none. */
  readonly metadata?: string;
  readonly requiresPython?: string;
  readonly yanked?: string | boolean;
  /** ISO 8601. */
  readonly uploadTime?: string;
}

export interface LocalIndexOptions {
  readonly distributions?: readonly IndexedDistribution[];
  /** A folder of wheels and sdists to offer, read lazily. */
  readonly folder?: string;
  /** Default: JSON where the request accepts it, else HTML. */
  readonly format?: 'negotiated' | 'html';
  /** Offer `core-metadata` and the sidecar files. Default true. */
  readonly sidecars?: boolean;
  /** Answer `Range` with 206. Default true. */
  readonly ranges?: boolean;
  /** `Cache-Control: max-age` of pages. Default 600, as PyPI; `undefined` value sends none. */
  readonly maxAgeSeconds?: number | undefined;
  /** Send `ETag` and answer 304. Default true. */
  readonly etags?: boolean;
  /** Leave hashes out of the pages. */
  readonly withoutHashes?: boolean;
  /** The address to listen at, and to be reached by. Default: the loopback interface. */
  readonly address?: string;
  /** Speak TLS, with the certificate of `test-certificate.ts`. */
  readonly tls?: boolean;
  /** Demand these by HTTP basic authentication, else 401. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A running index. */
export interface LocalIndex extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/simple/` */
  readonly url: string;
  /** `http://127.0.0.1:<port>/`; `files/` below it holds the files, and is a `--find-links` page. */
  readonly root: string;
  /** All requests since the start or the last `forget()`. */
  readonly requests: readonly RequestRecord[];
  /** How often `path` was asked for (`/simple/numpy/`), or all paths that match. */
  count(path: string | RegExp): number;
  forget(): void;
  /** Offer one more distribution from now on. */
  add(distribution: IndexedDistribution): void;
  /** Answer `path` in this way, for the next `times` requests (default: all). `undefined` ends it. */
  fail(path: string, fault: IndexFault | undefined): void;
  close(): Promise<void>;
}

interface Offered extends PageFile {
  readonly content: Uint8Array | string;
  readonly metadata: string | undefined;
}

/** Start an index on a free port; the caller closes it. */
export async function startLocalIndex(options: LocalIndexOptions = {}): Promise<LocalIndex> {
  const site = new Site(options);
  const host = options.address ?? '127.0.0.1';
  const answer = (request: IncomingMessage, response: ServerResponse): void => site.answer(request, response);
  const server =
    options.tls === true ? createTlsServer({ key: testKey, cert: testCertificate }, answer) : createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The index has no port');
  const root = `${options.tls === true ? 'https' : 'http'}://${host}:${address.port}/`;
  const close = (): Promise<void> => closeServer(server);
  return {
    url: `${root}simple/`,
    root,
    requests: site.requests,
    count: (path) =>
      site.requests.filter((one) => (typeof path === 'string' ? one.path === path : path.test(one.path))).length,
    forget: () => site.requests.splice(0),
    add: (distribution) => site.add(distribution),
    fail: (path, fault) => site.fail(path, fault),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function closeServer(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

class Site {
  readonly requests: RequestRecord[] = [];
  readonly #options: LocalIndexOptions;
  readonly #files = new Map<string, Offered>();
  readonly #projects = new Map<string, Offered[]>();
  readonly #faults = new Map<string, { fault: IndexFault; left: number }>();

  constructor(options: LocalIndexOptions) {
    this.#options = options;
    for (const distribution of options.distributions ?? []) this.add(distribution);
    if (options.folder === undefined) return;
    for (const filename of readdirSync(options.folder)
      .filter((name) => /\.(whl|tar\.gz|zip)$/.test(name))
      .sort()) {
      const path = join(options.folder, filename);
      this.add({ filename, content: path, ...sidecarBeside(path) });
    }
  }

  add(distribution: IndexedDistribution): void {
    const { filename, content } = distribution;
    const offered: Offered = {
      filename,
      content,
      sha256:
        this.#options.withoutHashes === true
          ? undefined
          : (distribution.sha256 ?? hexDigest(typeof content === 'string' ? readFileSync(content) : content)),
      sizeBytes: typeof content === 'string' ? statSync(content).size : content.length,
      requiresPython: distribution.requiresPython,
      yanked: distribution.yanked ?? false,
      uploadTime: distribution.uploadTime,
      metadata: distribution.metadata,
      metadataSha256:
        this.#options.sidecars === false || !filename.endsWith('.whl') || distribution.metadata === undefined
          ? undefined
          : hexDigest(distribution.metadata),
    };
    this.#files.set(filename, offered);
    const project = projectOf(filename);
    this.#projects.set(project, [
      ...(this.#projects.get(project) ?? []).filter((one) => one.filename !== filename),
      offered,
    ]);
  }

  fail(path: string, fault: IndexFault | undefined): void {
    if (fault === undefined) this.#faults.delete(path);
    else this.#faults.set(path, { fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    this.requests.push({ method: request.method ?? 'GET', path, headers: request.headers });
    const fault = this.#takeFault(path);
    if (fault?.kind === 'slow') setTimeout(() => this.#answerIfAuthorized(path, request, response), fault.delayMs);
    else if (fault !== undefined) faultyAnswer(fault, { request, response }, this.#truthOf(path));
    else this.#answerIfAuthorized(path, request, response);
  }

  #answerIfAuthorized(path: string, request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isAuthorized(request)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
      return;
    }
    this.#answerHonestly(path, request, response);
  }

  #takeFault(path: string): IndexFault | undefined {
    const entry = this.#faults.get(path);
    if (entry === undefined || entry.left <= 0) return undefined;
    entry.left -= 1;
    return entry.fault;
  }

  #isAuthorized(request: IncomingMessage): boolean {
    const wanted = this.#options.credentials;
    if (wanted === undefined) return true;
    const expected = `Basic ${Buffer.from(`${wanted.username}:${wanted.password}`).toString('base64')}`;
    return request.headers.authorization === expected;
  }

  #truthOf(path: string): TrueBody {
    const offered = this.#files.get(path.slice('/files/'.length));
    if (offered === undefined) return { content: new Uint8Array(), etag: '""' };
    return {
      content: typeof offered.content === 'string' ? readFileSync(offered.content) : offered.content,
      etag: etagOf(offered),
    };
  }

  #answerHonestly(path: string, request: IncomingMessage, response: ServerResponse): void {
    const page = /^\/simple\/([^/]+)\/?$/.exec(path)?.[1];
    if (page !== undefined) return this.#answerPage(page, request, response);
    if (path === '/files/') return this.#answerFlatPage(response);
    const file = /^\/files\/([^/]+?)(\.metadata)?$/.exec(path);
    const offered = file?.[1] === undefined ? undefined : this.#files.get(file[1]);
    if (offered === undefined) return void response.writeHead(404).end('not found');
    if (file?.[2] === undefined) return this.#answerFile(offered, request, response);
    if (offered.metadataSha256 === undefined) return void response.writeHead(404).end('not found');
    response.writeHead(200, { 'cache-control': 'max-age=365000000, immutable, public' }).end(offered.metadata);
  }

  #answerPage(project: string, request: IncomingMessage, response: ServerResponse): void {
    const files = this.#projects.get(project);
    if (files === undefined) return void response.writeHead(404).end('not found');
    const json =
      this.#options.format !== 'html' && (request.headers.accept ?? '').includes('application/vnd.pypi.simple.v1+json');
    const body = json ? formatJsonPage(project, files) : formatHtmlPage(project, files);
    const maxAge = 'maxAgeSeconds' in this.#options ? this.#options.maxAgeSeconds : 600;
    const headers: Record<string, string> = {
      'content-type': json ? 'application/vnd.pypi.simple.v1+json' : 'text/html',
      vary: 'Accept',
    };
    if (maxAge !== undefined) headers['cache-control'] = `max-age=${maxAge}, public`;
    if (this.#options.etags !== false) headers['etag'] = `"${hexDigest(body)}"`;
    if (headers['etag'] !== undefined && request.headers['if-none-match'] === headers['etag'])
      return void response.writeHead(304, headers).end();
    response.writeHead(200, headers).end(body);
  }

  #answerFlatPage(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/html' }).end(formatHtmlPage('Links', [...this.#files.values()]));
  }

  #answerFile(offered: Offered, request: IncomingMessage, response: ServerResponse): void {
    const range = this.#options.ranges === false ? undefined : parseRange(request.headers.range, offered.sizeBytes);
    const headers: Record<string, string | number> = {
      'content-type': 'application/octet-stream',
      'cache-control': 'max-age=365000000, immutable, public',
    };
    const etag = etagOf(offered);
    if (this.#options.ranges !== false) headers['accept-ranges'] = 'bytes';
    if (this.#options.etags !== false) headers['etag'] = etag;
    const ifRange = request.headers['if-range'];
    if (range === 'unsatisfiable')
      return void response.writeHead(416, { 'content-range': `bytes */${offered.sizeBytes}` }).end();
    if (range === undefined || (ifRange !== undefined && ifRange !== etag)) {
      response.writeHead(200, { ...headers, 'content-length': offered.sizeBytes });
      return sendBytes(offered, { start: 0, end: offered.sizeBytes - 1 }, request, response);
    }
    response.writeHead(206, {
      ...headers,
      'content-length': range.end - range.start + 1,
      'content-range': `bytes ${range.start}-${range.end}/${offered.sizeBytes}`,
    });
    sendBytes(offered, range, request, response);
  }
}

function etagOf(offered: Offered): string {
  return `"${offered.filename}-${offered.sizeBytes}"`;
}

interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

function sendBytes(offered: Offered, range: ByteRange, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'HEAD') return void response.end();
  if (typeof offered.content !== 'string')
    return void response.end(offered.content.subarray(range.start, range.end + 1));
  createReadStream(offered.content, { start: range.start, end: range.end, highWaterMark: 1 << 20 }).pipe(response);
}

function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** `pkg-1.0-….whl.metadata` beside a file of the folder, as `pip download` layouts of this project have it. */
function sidecarBeside(path: string): { metadata?: string } {
  try {
    return { metadata: readFileSync(`${path}.metadata`, 'utf8') };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

function projectOf(filename: string): string {
  const stem = filename.endsWith('.whl')
    ? filename.split('-')[0]
    : /^(.+)-[^-]+?(\.tar\.gz|\.zip)$/.exec(filename)?.[1];
  return (stem ?? filename).replaceAll(/[-_.]+/g, '-').toLowerCase();
}

function hexDigest(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
