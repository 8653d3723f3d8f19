/**
 * Which URLs a project may be taken from. A URL must be written by the user, or by something the user wrote a URL
 * for; a transitive URL that nobody vouched for is refused. A fork uses one URL of a project.
 */
import { OperationalError } from '@shoal/cache';
import { trueMarker, type Marker, type NormalizedName, type Requirement } from '@shoal/packaging';
import { includesMarker, type ForkEnvironment } from './fork-environment.ts';

/** A dependency names a URL that is not among the direct requirements or constraints. */
export class DisallowedUrlError extends OperationalError {
  override readonly code = 'DISALLOWED_URL';
  constructor(name: NormalizedName, url: string) {
    super(
      `Package \`${name}\` was included as a URL dependency. URL dependencies must be expressed as direct requirements or constraints. Consider adding \`${name} @ ${url}\` to your dependencies or constraints file.`,
    );
  }
}

/** Two URLs for one project that apply together. */
export class ConflictingUrlsError extends OperationalError {
  override readonly code = 'CONFLICTING_URLS';
  constructor(name: NormalizedName, urls: readonly string[], scope: string) {
    const list = urls
      .toSorted()
      .map((url) => `- ${url}`)
      .join('\n');
    super(`Requirements contain conflicting URLs for package \`${name}\` in ${scope}:\n${list}`);
  }
}

interface MarkedUrl {
  readonly url: string;
  readonly marker: Marker;
}

export class RequirementUrls {
  readonly #regular: Map<NormalizedName, string[]> = new Map();
  readonly #overrides: Map<NormalizedName, MarkedUrl[]> = new Map();

  constructor(requirements: readonly Requirement[], overrides: readonly Requirement[]) {
    for (const requirement of requirements) this.#addRegular(requirement);
    for (const { name, url, marker } of overrides) {
      if (url === undefined) continue;
      this.#regular.delete(name);
      const entries = this.#overrides.get(name);
      const entry = { url, marker: marker ?? trueMarker };
      if (entries === undefined) this.#overrides.set(name, [entry]);
      else entries.push(entry);
    }
  }

  #addRegular({ name, url }: Requirement): void {
    if (url === undefined) return;
    const urls = this.#regular.get(name) ?? [];
    const index = urls.findIndex((known) => isSameResource(known, url));
    if (index < 0) urls.push(url);
    else urls[index] = url;
    this.#regular.set(name, urls);
  }

  /** True when the project is taken from a URL in some fork. */
  has(name: NormalizedName): boolean {
    return this.#regular.has(name) || this.#overrides.has(name);
  }

  /**
   * The URLs that a requirement on `name`, written with `url` or without, brings into the environment.
   *
   * @throws {DisallowedUrlError}
   * @throws {ConflictingUrlsError}
   */
  urlsFor(name: NormalizedName, url: string | undefined, environment: ForkEnvironment): readonly string[] {
    const overrides = this.#overrides.get(name);
    if (overrides !== undefined)
      return overrides.filter(({ marker }) => includesMarker(environment, marker)).map((entry) => entry.url);
    if (url === undefined) return [];
    const known = this.#regular.get(name);
    if (known === undefined) throw new DisallowedUrlError(name, url);
    const matching = known.filter((candidate) => isSameResource(candidate, url));
    if (matching.length !== 1)
      throw new ConflictingUrlsError(name, [...matching, url], describeEnvironment(environment));
    return matching;
  }
}

/** As errors name the environments of a fork. */
export function describeEnvironment(environment: ForkEnvironment): string {
  if (environment.kind === 'specific') return 'marker environment';
  return 'all marker environments';
}

/** Fragments, credentials, a trailing slash and the case of the host make no difference. */
export function isSameResource(a: string, b: string): boolean {
  return a === b || canonicalUrl(a) === canonicalUrl(b);
}

function canonicalUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href.replace(/\/+$/, '');
}
