/** A cache, a client and a store in scratch folders, released at the end of a test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Cache, openCache } from '@shoal/cache';
import { createCredentialSource } from '../../packages/shoal/src/fetch/credentials.ts';
import { createDistributionStore, type DistributionStore } from '../../packages/shoal/src/fetch/distribution-store.ts';
import type { FetchEvent } from '../../packages/shoal/src/fetch/fetch-events.ts';
import { createHttpClient, type HttpClient, type HttpSettings } from '../../packages/shoal/src/fetch/http-client.ts';
import { createIndexClient, type IndexClient } from '../../packages/shoal/src/index/index-client.ts';
import type { IndexSettings } from '../../packages/shoal/src/index/index-settings.ts';
import { type LocalIndex, type LocalIndexOptions, startLocalIndex } from './local-index.ts';

/** A folder that is removed after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-fetch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An index that ends with the test. */
export async function localIndex(t: TestContext, options: LocalIndexOptions = {}): Promise<LocalIndex> {
  const index = await startLocalIndex(options);
  t.after(() => index.close());
  return index;
}

/** A client with short pauses; `events` collects what it says. */
export function httpClient(
  t: TestContext,
  settings: Partial<HttpSettings> & { events?: FetchEvent[] } = {},
): HttpClient {
  const { events, ...others } = settings;
  const client = createHttpClient({
    offline: false,
    timeoutMs: 10_000,
    connectTimeoutMs: 10_000,
    retries: 2,
    firstPauseMs: 1,
    insecureHosts: [],
    proxies: {},
    credentials: createCredentialSource({}),
    userAgent: 'shoal-test',
    concurrentDownloads: 50,
    onEvent: (event) => events?.push(event),
    ...others,
  });
  t.after(() => client.close());
  return client;
}

export interface FetchFixture {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly distributions: DistributionStore;
  readonly events: readonly FetchEvent[];
  client(settings?: Partial<IndexSettings>): IndexClient;
}

/** All of it over the cache folder `root`, which may be shared with another fixture. */
export function fetchFixture(
  t: TestContext,
  options: { root?: string; http?: Partial<HttpSettings> } = {},
): FetchFixture {
  const events: FetchEvent[] = [];
  const cache = openCache({ root: options.root ?? temporaryFolder(t), command: 'test' });
  const http = httpClient(t, { ...options.http, events });
  const distributions = createDistributionStore({ cache, http });
  t.after(async () => {
    await distributions.close();
    cache.dispose();
  });
  const client = (settings: Partial<IndexSettings> = {}): IndexClient =>
    createIndexClient({
      cache,
      http,
      distributions,
      settings: { indexes: [], flat: [], noIndex: false, strategy: 'first-index', refresh: 'none', ...settings },
    });
  return { cache, http, distributions, events, client };
}
