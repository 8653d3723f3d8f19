/**
 * The package indexes as one: which files a project has, and what they depend on.
 *
 * Each question is asked once in a process, and each page and metadata file fetched once for all processes of a cache.
 */
import type { Cache } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import type { DistributionStore } from '../fetch/distribution-store.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { WheelSource } from '../fetch/wheel-source.ts';
import type { DistributionFile, IndexLocation, ProjectListing, VersionGroup } from '../project/distribution-file.ts';
import { FlatIndex } from './flat-index.ts';
import type { IndexSettings } from './index-settings.ts';
import { type MetadataAnswer, MetadataSource } from './metadata-source.ts';
import { type PageAnswer, ProjectPages, type UsedPage } from './project-pages.ts';
import { groupOfFiles, groupOfPage, mergeGroups } from './version-group.ts';

export interface IndexClientOptions {
  readonly http: HttpClient;
  readonly cache: Cache;
  readonly settings: IndexSettings;
  /** For metadata that can only be had with the whole wheel. */
  readonly distributions: DistributionStore;
  readonly signal?: AbortSignal | undefined;
}

export interface IndexClient {
  /**
   * What the indexes say of a project; `index`, when given, is the only one asked.
   * @throws {FetchFailedError} {InvalidPageError} {UnsupportedContentTypeError} {FindLinksError}
   */
  fetchProject(name: NormalizedName, index?: IndexLocation): Promise<ProjectListing>;
  /** What a file of a listing depends on. @throws {FetchFailedError} {MetadataHashError} {DownloadFailedError} */
  fetchDependencies(file: DistributionFile): Promise<MetadataAnswer>;
  /** What a wheel named by URL or path depends on. */
  fetchWheelDependencies(source: WheelSource): Promise<MetadataAnswer>;
  /** The cached pages that all listings so far rest on; `undefined` when they rest on anything else too. */
  usedPages(): readonly UsedPage[] | undefined;
}

export function createIndexClient(options: IndexClientOptions): IndexClient {
  return new Client(options);
}

type Refusal = Extract<ProjectListing, { readonly kind: 'unauthorized' | 'forbidden' }>;

class Client implements IndexClient {
  readonly #settings: IndexSettings;
  readonly #pages: ProjectPages;
  readonly #flat: readonly FlatIndex[];
  readonly #flatOf: (index: IndexLocation) => FlatIndex;
  readonly #metadata: MetadataSource;
  readonly #listings = new Map<string, Promise<ProjectListing>>();
  #asksFlat = false;

  constructor(options: IndexClientOptions) {
    const { cache, http, settings, signal } = options;
    const shared = { cache, http, signal, refresh: settings.refresh };
    this.#settings = settings;
    this.#pages = new ProjectPages(shared);
    this.#flatOf = (index) => new FlatIndex(index, shared);
    this.#flat = settings.flat.map(this.#flatOf);
    this.#metadata = new MetadataSource(options);
  }

  fetchProject(name: NormalizedName, index?: IndexLocation): Promise<ProjectListing> {
    const key = `${index?.url ?? ''} ${name}`;
    const listing = this.#listings.get(key) ?? (index === undefined ? this.#search(name) : this.#askOne(name, index));
    this.#listings.set(key, listing);
    return listing;
  }

  fetchDependencies(file: DistributionFile): Promise<MetadataAnswer> {
    return this.#metadata.ofFile(file);
  }

  fetchWheelDependencies(source: WheelSource): Promise<MetadataAnswer> {
    return this.#metadata.ofWheel(source);
  }

  usedPages(): readonly UsedPage[] | undefined {
    return this.#asksFlat ? undefined : this.#pages.used();
  }

  async #askOne(name: NormalizedName, index: IndexLocation): Promise<ProjectListing> {
    if (index.kind === 'flat') return found([await this.#flatGroup(name, this.#flatOf(index))].filter(isFilled));
    const answer = await this.#pages.fetch(name, index);
    return answer.kind === 'found' ? found([groupOfPage(answer.page, index)]) : refusalOf(answer, index);
  }

  async #search(name: NormalizedName): Promise<ProjectListing> {
    const links = (await Promise.all(this.#flat.map((flat) => this.#flatGroup(name, flat)))).filter(isFilled);
    if (this.#settings.noIndex) return links.length > 0 ? found([mergeGroups(links)]) : { kind: 'no-index' };
    const indexes = this.#settings.indexes.filter(({ explicit }) => explicit !== true);
    const { groups, refusal } =
      this.#settings.strategy === 'first-index'
        ? await this.#askUntilFound(name, indexes)
        : await this.#askAll(name, indexes);
    const merged =
      this.#settings.strategy === 'unsafe-best-match' && groups.length > 1 ? [mergeGroups(groups)] : groups;
    if (merged.length > 0 || links.length > 0) return found(withLinks(merged, links));
    return refusal ?? { kind: 'not-found' };
  }

  /** An index that refuses ends the search: going on could find a stranger's project of the same name. */
  async #askUntilFound(
    name: NormalizedName,
    indexes: readonly IndexLocation[],
  ): Promise<{ groups: VersionGroup[]; refusal: ProjectListing | undefined }> {
    for (const index of indexes) {
      const listing = await this.#askOne(name, index);
      if (listing.kind === 'found') return { groups: [...listing.groups], refusal: undefined };
      if (listing.kind !== 'not-found') return { groups: [], refusal: listing };
    }
    return { groups: [], refusal: undefined };
  }

  async #askAll(
    name: NormalizedName,
    indexes: readonly IndexLocation[],
  ): Promise<{ groups: VersionGroup[]; refusal: ProjectListing | undefined }> {
    const listings = await Promise.all(indexes.map((index) => this.#askOne(name, index)));
    const groups = listings.flatMap((listing) => (listing.kind === 'found' ? listing.groups : []));
    return { groups, refusal: listings.find((listing) => listing.kind !== 'found' && listing.kind !== 'not-found') };
  }

  async #flatGroup(name: NormalizedName, flat: FlatIndex): Promise<VersionGroup> {
    this.#asksFlat = true;
    return groupOfFiles(name, await flat.files(name), flat.location);
  }
}

function isFilled(group: VersionGroup): boolean {
  return group.versions.length > 0;
}

function found(groups: readonly VersionGroup[]): ProjectListing {
  return groups.length === 0 ? { kind: 'not-found' } : { kind: 'found', groups };
}

/** The files of `--find-links` stand before those of the same version in the first index. */
function withLinks(groups: readonly VersionGroup[], links: readonly VersionGroup[]): readonly VersionGroup[] {
  if (links.length === 0) return groups;
  const [first, ...others] = groups;
  return [mergeGroups(first === undefined ? links : [...links, first]), ...others];
}

function refusalOf(answer: Exclude<PageAnswer, { kind: 'found' }>, index: IndexLocation): ProjectListing {
  if (answer.kind === 'not-found' || answer.kind === 'offline') return answer;
  const refusal: Refusal = { kind: answer.kind, index };
  return refusal;
}
