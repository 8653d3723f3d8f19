/** `--find-links`: a folder, or an HTML page, that holds the files of any number of projects. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Cache, digestOf } from '@shoal/cache';
import { type NormalizedName, type ProjectFile, tryNormalizeName } from '@shoal/packaging';
import {
  freshnessAfterConfirmation,
  freshnessOf,
  isFresh,
  revalidationHeaders,
  type StoredFreshness,
} from '../fetch/http-cache.ts';
import { expectSuccess, type HttpClient } from '../fetch/http-client.ts';
import { fetchFailure, OfflineError } from '../fetch/http-errors.ts';
import type { IndexLocation } from '../project/distribution-file.ts';
import { FindLinksError } from './index-errors.ts';
import type { IndexSettings } from './index-settings.ts';
import { PAGE_ACCEPT, parsePage } from './parse-page.ts';

/** A page of links as the cache keeps it. */
interface StoredLinks {
  readonly format: 1;
  readonly freshness: StoredFreshness;
  readonly files: readonly ProjectFile[];
}

export interface FlatIndexOptions {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly refresh: IndexSettings['refresh'];
  readonly signal?: AbortSignal | undefined;
}

const REQUEST_HEADERS = { accept: PAGE_ACCEPT } as const;
const SUFFIXES = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz|tar\.zst|tar)$/;

/** All files of one location, listed once for this process. */
export class FlatIndex {
  readonly location: IndexLocation;
  readonly #options: FlatIndexOptions;
  readonly #startedMs: number = Date.now();
  #files: Promise<readonly ProjectFile[]> | undefined;

  constructor(location: IndexLocation, options: FlatIndexOptions) {
    this.location = location;
    this.#options = options;
  }

  /** The files that may be of `name`: their names begin with it. @throws {FindLinksError} {FetchFailedError} {InvalidPageError} */
  async files(name: NormalizedName): Promise<readonly ProjectFile[]> {
    this.#files ??= this.location.url.startsWith('file:')
      ? Promise.resolve().then(() => listFolder(this.location.url))
      : this.#fetchPage();
    return (await this.#files).filter(({ filename }) => mayBeOf(filename, name));
  }

  async #fetchPage(): Promise<readonly ProjectFile[]> {
    const { cache, http, signal } = this.#options;
    try {
      return await cache.records.readOrProduce({
        bucket: 'pages',
        key: digestOf(`links ${this.location.url}`),
        resource: `the links of ${this.location.url}`,
        signal,
        accept: (content, { producedWhileWaiting }) => this.#accept(parseLinks(content), producedWhileWaiting)?.files,
        produce: (previous) => this.#produce(previous === undefined ? undefined : parseLinks(previous)),
      });
    } catch (error) {
      if (error instanceof OfflineError) return [];
      signal?.throwIfAborted();
      throw fetchFailure(error, this.location.url, http.settings);
    }
  }

  #accept(stored: StoredLinks | undefined, isNew: boolean): StoredLinks | undefined {
    if (stored === undefined || isNew || this.#options.http.settings.offline) return stored;
    if (this.#options.refresh !== 'none') return stored.freshness.fetchedMs >= this.#startedMs ? stored : undefined;
    return isFresh(stored.freshness, Date.now()) ? stored : undefined;
  }

  async #produce(stored: StoredLinks | undefined): Promise<string> {
    const { url } = this.location;
    const { http, signal } = this.#options;
    const conditions = stored === undefined ? {} : await revalidationHeaders(stored.freshness, url, REQUEST_HEADERS);
    const first = await http.read({ url, headers: { ...conditions, ...REQUEST_HEADERS }, signal });
    if (first.status === 304 && stored !== undefined) {
      const freshness = await freshnessAfterConfirmation(stored.freshness, first, {
        url,
        requestHeaders: REQUEST_HEADERS,
      });
      if (freshness !== undefined) return formatLinks({ ...stored, freshness });
    }
    const answer = await expectSuccess(
      first.status === 304 ? await http.read({ url, headers: REQUEST_HEADERS, signal }) : first,
    );
    const files = await parsePage(answer.content, answer.headers['content-type'] ?? '', answer.url);
    return formatLinks({ format: 1, freshness: await freshnessOf(answer, url, REQUEST_HEADERS), files });
  }
}

function formatLinks(links: StoredLinks): string {
  return JSON.stringify(links);
}

function parseLinks(content: Uint8Array): StoredLinks | undefined {
  const links: StoredLinks = JSON.parse(Buffer.from(content).toString('utf8'));
  return links.format === 1 ? links : undefined;
}

function listFolder(url: string): readonly ProjectFile[] {
  const folder = fileURLToPath(url);
  try {
    const names = readdirSync(folder)
      .filter((name) => SUFFIXES.test(name))
      .sort();
    return names.map((filename) => ({
      filename,
      url: pathToFileURL(join(folder, filename)).href,
      hashes: {},
      requiresPython: undefined,
      yanked: false,
      sizeBytes: undefined,
      uploadTime: undefined,
      coreMetadata: false,
    }));
  } catch (error) {
    throw new FindLinksError(folder, error);
  }
}

/** A cheap first look; the filename is parsed later. */
function mayBeOf(filename: string, name: NormalizedName): boolean {
  const stem = filename.endsWith('.whl') ? filename.slice(0, filename.indexOf('-')) : filename.slice(0, name.length);
  return tryNormalizeName(stem) === name;
}
