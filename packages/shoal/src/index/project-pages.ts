/** Pages of simple indexes: from the cache while they are fresh, confirmed or fetched once for all processes when not. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Cache, digestOf, hasErrorCode } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import {
  freshnessAfterConfirmation,
  freshnessOf,
  isFresh,
  revalidationHeaders,
  type StoredFreshness,
} from '../fetch/http-cache.ts';
import { expectSuccess, type HttpClient, type HttpContent } from '../fetch/http-client.ts';
import { fetchFailure, HttpStatusError, OfflineError } from '../fetch/http-errors.ts';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { IndexSettings } from './index-settings.ts';
import { formatAbsentRecord, formatPageRecord, PageRecord, withFreshness } from './page-record.ts';
import { PAGE_ACCEPT, parseHtml, parsePage } from './parse-page.ts';

/** What one index says of one project. */
export type PageAnswer =
  | { readonly kind: 'found'; readonly page: PageRecord }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'unauthorized' | 'forbidden' };

/** A page that an answer rests on. */
export interface UsedPage {
  /** Of its record. */
  readonly key: string;
  readonly fetchedMs: number;
  readonly freshUntilMs: number;
}

export interface ProjectPagesOptions {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly refresh: IndexSettings['refresh'];
  readonly signal?: AbortSignal | undefined;
}

const REQUEST_HEADERS = { accept: PAGE_ACCEPT } as const;
/** Pages of `file:` indexes are read each time, so their freshness is never looked at. */
const READ_EACH_TIME: StoredFreshness = { fetchedMs: 0, freshUntilMs: 0, policy: {} as StoredFreshness['policy'] };

export class ProjectPages {
  readonly #options: ProjectPagesOptions;
  readonly #startedMs: number = Date.now();
  readonly #used: Map<string, UsedPage> = new Map();
  #isWhollyKept = true;

  constructor(options: ProjectPagesOptions) {
    this.#options = options;
  }

  /** The records that all answers so far came from; `undefined` when some came from elsewhere, or there was no answer. */
  used(): readonly UsedPage[] | undefined {
    return this.#isWhollyKept ? [...this.#used.values()] : undefined;
  }

  /** The page of `name` on `index`. @throws {FetchFailedError} {InvalidPageError} {UnsupportedContentTypeError} */
  async fetch(name: NormalizedName, index: IndexLocation): Promise<PageAnswer> {
    const answer = await this.#answer(name, index);
    if (answer.kind !== 'found' && answer.kind !== 'not-found') this.#isWhollyKept = false;
    return answer;
  }

  async #answer(name: NormalizedName, index: IndexLocation): Promise<PageAnswer> {
    if (index.url.startsWith('file:')) {
      this.#isWhollyKept = false;
      return await readFilePage(name, index);
    }
    try {
      const page = await this.#readOrFetch(name, index);
      return page.header.status === 'absent' ? { kind: 'not-found' } : { kind: 'found', page };
    } catch (error) {
      if (error instanceof OfflineError) return { kind: 'offline' };
      if (error instanceof HttpStatusError && error.status === 401) return { kind: 'unauthorized' };
      if (error instanceof HttpStatusError && error.status === 403) return { kind: 'forbidden' };
      this.#options.signal?.throwIfAborted();
      throw fetchFailure(error, pageUrl(index, name), this.#options.http.settings);
    }
  }

  async #readOrFetch(name: NormalizedName, index: IndexLocation): Promise<PageRecord> {
    const key = `${digestOf(index.url.replace(/\/+$/, ''))}/${name}`;
    const page = await this.#options.cache.records.readOrProduce({
      bucket: 'pages',
      key,
      resource: `the index page of \`${name}\``,
      signal: this.#options.signal,
      accept: (content, { producedWhileWaiting }) =>
        this.#accept(PageRecord.parse(name, content), producedWhileWaiting),
      produce: (previous) => this.#fetchRecord(name, index, previous),
    });
    const { fetchedMs, freshUntilMs } = page.header.freshness;
    this.#used.set(key, { key, fetchedMs, freshUntilMs });
    return page;
  }

  #accept(page: PageRecord | undefined, isNew: boolean): PageRecord | undefined {
    if (page === undefined) return undefined;
    if (isNew || this.#options.http.settings.offline) return page;
    const { refresh } = this.#options;
    const { freshness } = page.header;
    const mustBeNew = refresh === 'all' || (refresh !== 'none' && refresh.has(page.name));
    if (mustBeNew) return freshness.fetchedMs >= this.#startedMs ? page : undefined;
    return isFresh(freshness, Date.now()) ? page : undefined;
  }

  async #fetchRecord(name: NormalizedName, index: IndexLocation, previous: Uint8Array | undefined): Promise<Buffer> {
    const url = pageUrl(index, name);
    const stored = previous === undefined ? undefined : PageRecord.parse(name, previous);
    const conditions =
      stored === undefined ? {} : await revalidationHeaders(stored.header.freshness, url, REQUEST_HEADERS);
    const answer = await this.#request(url, conditions);
    if (answer.status !== 304 || stored === undefined) return await this.#recordOf(answer, { name, index, url });
    const freshness = await freshnessAfterConfirmation(stored.header.freshness, answer, {
      url,
      requestHeaders: REQUEST_HEADERS,
    });
    if (freshness !== undefined) return withFreshness(stored, freshness);
    return await this.#recordOf(await this.#request(url, {}), { name, index, url });
  }

  #request(url: string, conditions: Readonly<Record<string, string>>): Promise<HttpContent> {
    return this.#options.http.read({
      url,
      headers: { ...conditions, ...REQUEST_HEADERS },
      signal: this.#options.signal,
    });
  }

  async #recordOf(
    answer: HttpContent,
    about: { name: NormalizedName; index: IndexLocation; url: string },
  ): Promise<Buffer> {
    const freshness = await freshnessOf(answer, about.url, REQUEST_HEADERS);
    if (answer.status === 404 || about.index.ignoredStatuses?.includes(answer.status) === true)
      return formatAbsentRecord(freshness);
    const { content, headers, url } = await expectSuccess(answer);
    const files = await parsePage(content, headers['content-type'] ?? '', url);
    return formatPageRecord(about.name, files, freshness);
  }
}

function pageUrl(index: IndexLocation, name: NormalizedName): string {
  return `${index.url.replace(/\/+$/, '')}/${name}/`;
}

/** A static index in a folder: `<index>/<project>/index.html`. */
async function readFilePage(name: NormalizedName, index: IndexLocation): Promise<PageAnswer> {
  const url = pageUrl(index, name);
  try {
    const html = readFileSync(join(fileURLToPath(url), 'index.html'), 'utf8');
    const page = PageRecord.parse(name, formatPageRecord(name, await parseHtml(html, url), READ_EACH_TIME));
    return page === undefined ? { kind: 'not-found' } : { kind: 'found', page };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'not-found' };
    throw error;
  }
}
