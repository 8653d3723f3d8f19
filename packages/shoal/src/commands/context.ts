/**
 * The composition root: opens the cache, the network and the indexes once for a command, and hands them to the workflows.
 * Nothing is touched before it is used.
 */
import { openCache } from '@shoal/cache';
import type { Cache, CacheEvent } from '@shoal/cache';
import { createDistributionStore } from '../fetch/distribution-store.ts';
import type { DistributionStore } from '../fetch/distribution-store.ts';
import type { FetchEvent } from '../fetch/fetch-events.ts';
import { createHttpClient } from '../fetch/http-client.ts';
import type { HttpClient, HttpSettings } from '../fetch/http-client.ts';
import { createIndexClient } from '../index/index-client.ts';
import type { IndexClient } from '../index/index-client.ts';
import type { IndexSettings } from '../index/index-settings.ts';
import type { InstallEvent } from '../install/install-event.ts';
import type { ProjectEvent } from '../project/project-event.ts';
import type { ProjectLockOptions } from '../project/project-lock.ts';

/** Everything that a workflow may tell its listener. */
export type ContextEvent =
  | CacheEvent
  | FetchEvent
  | InstallEvent
  | ProjectEvent
  | { readonly type: 'resolving'; readonly name: string; readonly version: string };

export interface ContextOptions {
  readonly cacheRoot: string;
  /** Another cache's folder that is only read. */
  readonly readThrough?: string | undefined;
  /** The cache goes with this command (`--no-cache`): nobody else sees its locks. */
  readonly isCachePrivate?: boolean | undefined;
  /** What those who wait for this process are told of it: `shoal pip install numpy`. */
  readonly command: string;
  /** Absent: wait for locks for as long as their holders live. */
  readonly lockTimeoutMs?: number | undefined;
  readonly network: Omit<HttpSettings, 'onEvent'>;
  readonly indexes: IndexSettings;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ContextEvent) => void) | undefined;
}

/** What workflows share. To be disposed when the command ends. */
export class Context implements AsyncDisposable {
  readonly options: ContextOptions;
  readonly cache: Cache;
  #http: HttpClient | undefined;
  #distributions: DistributionStore | undefined;
  #index: IndexClient | undefined;

  constructor(options: ContextOptions) {
    this.options = options;
    this.cache = openCache({
      root: options.cacheRoot,
      readThrough: options.readThrough,
      command: options.command,
      lockTimeoutMs: options.lockTimeoutMs,
      onEvent: options.onEvent,
    });
  }

  get http(): HttpClient {
    this.#http ??= createHttpClient({ ...this.options.network, onEvent: this.options.onEvent });
    return this.#http;
  }

  get distributions(): DistributionStore {
    this.#distributions ??= createDistributionStore({
      cache: this.cache,
      http: this.http,
      refresh: this.options.indexes.refresh,
    });
    return this.#distributions;
  }

  get index(): IndexClient {
    this.#index ??= this.indexWith(this.options.indexes);
    return this.#index;
  }

  /** An index client with other settings, as requirements files may ask for. */
  indexWith(settings: IndexSettings): IndexClient {
    return createIndexClient({
      http: this.http,
      cache: this.cache,
      settings,
      distributions: this.distributions,
      signal: this.options.signal,
    });
  }

  /** How locks outside the cache are taken: under the same name, with the same patience. */
  get lockOptions(): {
    command: string;
    timeoutMs?: number;
    signal?: AbortSignal;
    onEvent?: (event: CacheEvent) => void;
  } {
    const { command, lockTimeoutMs, signal, onEvent } = this.options;
    return {
      command,
      ...(lockTimeoutMs === undefined ? {} : { timeoutMs: lockTimeoutMs }),
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
    };
  }

  /** How a project's lock is taken. */
  get projectLockOptions(): ProjectLockOptions {
    return { ...this.lockOptions, cache: this.cache, isCachePrivate: this.options.isCachePrivate === true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#distributions?.close();
    await this.#http?.close();
    this.cache.dispose();
  }
}
