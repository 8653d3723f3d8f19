/**
 * What the provider has told so far. The core looks things up and, when one is missing, hands the promise of it to
 * the driver and goes on once it is there. Everything is asked for once.
 */
import type { NormalizedName } from '@shoal/packaging';
import type { DistributionFile, IndexLocation, ProjectListing } from '../project/distribution-file.ts';
import type { FilePolicy } from './file-choice.ts';
import type { DependencyAnswer, Provider, UrlAnswer } from './provider.ts';
import { VersionTable } from './version-table.ts';

/** A value that is on its way: `value` is there once `arrival` has resolved. */
interface Pending<T> {
  value: T | undefined;
  readonly arrival: Promise<void>;
}

export class Knowledge {
  readonly #provider: Provider;
  readonly #policyOf: (name: NormalizedName) => FilePolicy;
  readonly #listings: Map<string, Pending<ProjectListing>> = new Map();
  readonly #tables: Map<string, readonly VersionTable[]> = new Map();
  readonly #dependencies: Map<string, Pending<DependencyAnswer>> = new Map();
  readonly #urls: Map<string, Pending<UrlAnswer>> = new Map();

  constructor(provider: Provider, policyOf: (name: NormalizedName) => FilePolicy) {
    this.#provider = provider;
    this.#policyOf = policyOf;
  }

  /** Ask for a listing, unless that was done. */
  requestListing(name: NormalizedName, index: IndexLocation | undefined): Pending<ProjectListing> {
    return ask(this.#listings, listingKey(name, index), () =>
      index === undefined ? this.#provider.fetchProject(name) : this.#provider.fetchProject(name, index),
    );
  }

  requestDependencies(file: DistributionFile): Pending<DependencyAnswer> {
    return ask(this.#dependencies, file.url, () => this.#provider.fetchDependencies(file));
  }

  requestUrl(name: NormalizedName, url: string): Pending<UrlAnswer> {
    return ask(this.#urls, `${name} ${url}`, () => this.#provider.fetchUrlDependencies({ name, url }));
  }

  /** The versions of a project whose listing has arrived; none when it was not found. */
  tables(name: NormalizedName, index: IndexLocation | undefined): readonly VersionTable[] {
    const key = listingKey(name, index);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const listing = this.#listings.get(key)?.value;
    if (listing === undefined) return [];
    const tables =
      listing.kind === 'found' ? listing.groups.map((group) => new VersionTable(group, this.#policyOf(name))) : [];
    this.#tables.set(key, tables);
    return tables;
  }

  /** The listing if it has arrived. */
  listing(name: NormalizedName, index: IndexLocation | undefined): ProjectListing | undefined {
    return this.#listings.get(listingKey(name, index))?.value;
  }

  /** The answer for a file if it has arrived. */
  dependencies(file: DistributionFile): DependencyAnswer | undefined {
    return this.#dependencies.get(file.url)?.value;
  }

  url(name: NormalizedName, url: string): UrlAnswer | undefined {
    return this.#urls.get(`${name} ${url}`)?.value;
  }
}

function listingKey(name: NormalizedName, index: IndexLocation | undefined): string {
  return index === undefined ? name : `${name} ${index.url}`;
}

/** A failure is kept for whoever waits; one that nobody waits for (a guess ahead) is nobody's failure. */
function ask<T>(asked: Map<string, Pending<T>>, key: string, fetch: () => Promise<T>): Pending<T> {
  const known = asked.get(key);
  if (known !== undefined) return known;
  const pending: Pending<T> = { value: undefined, arrival: arrive() };
  async function arrive(): Promise<void> {
    const answer = await fetch();
    pending.value = answer;
  }
  pending.arrival.catch(() => undefined);
  asked.set(key, pending);
  return pending;
}
