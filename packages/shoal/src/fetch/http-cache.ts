/**
 * How long a stored answer may be used, by RFC 9111 for a private cache: the rules are `http-cache-semantics`'s, loaded only
 * when an answer has just come from the network. What is stored carries its own end of freshness, so reading asks nobody.
 *
 * An answer without a lifetime but with `Last-Modified` is used for ten minutes.
 */
import type CachePolicy from 'http-cache-semantics';
import type { HttpContent } from './http-client.ts';

/** Plain JSON, stored beside the answer. */
export interface StoredFreshness {
  /** When the answer came or was last confirmed, milliseconds since 1970. */
  readonly fetchedMs: number;
  readonly freshUntilMs: number;
  /** What the rules need to know to ask for confirmation. */
  readonly policy: CachePolicy.CachePolicyObject;
}

const HEURISTIC_LIFETIME_MS = 600_000;

/** The freshness of an answer that has just come for `url`, asked for with `requestHeaders`. */
export async function freshnessOf(
  answer: Pick<HttpContent, 'status' | 'headers'>,
  url: string,
  requestHeaders: Readonly<Record<string, string>>,
): Promise<StoredFreshness> {
  const policy = new (await loadPolicy())(
    { url, method: 'GET', headers: { ...requestHeaders } },
    { status: answer.status, headers: { ...answer.headers } },
    POLICY_OPTIONS,
  );
  return describe(policy, answer.headers);
}

/** The headers that ask whether a stored answer still is the right one. */
export async function revalidationHeaders(
  stored: StoredFreshness,
  url: string,
  requestHeaders: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const policy = (await loadPolicy()).fromObject(stored.policy);
  const headers = policy.revalidationHeaders({ url, method: 'GET', headers: { ...requestHeaders } });
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** The freshness after a 304. @returns `undefined` when the 304 is about another answer: then it must be asked for anew. */
export async function freshnessAfterConfirmation(
  stored: StoredFreshness,
  answer: Pick<HttpContent, 'status' | 'headers'>,
  about: { readonly url: string; readonly requestHeaders: Readonly<Record<string, string>> },
): Promise<StoredFreshness | undefined> {
  const policy = (await loadPolicy()).fromObject(stored.policy);
  const request = { url: about.url, method: 'GET', headers: { ...about.requestHeaders } };
  const { policy: next, modified } = policy.revalidatedPolicy(request, {
    status: answer.status,
    headers: { ...answer.headers },
  });
  return modified ? undefined : describe(next, answer.headers);
}

/** May a stored answer be used without asking? A clock that went back makes it stale. */
export function isFresh(stored: StoredFreshness, nowMs: number): boolean {
  return nowMs < stored.freshUntilMs && nowMs >= stored.fetchedMs;
}

const POLICY_OPTIONS = { shared: false, cacheHeuristic: 0, ignoreCargoCult: false } as const;

function describe(policy: CachePolicy, headers: Readonly<Record<string, string>>): StoredFreshness {
  const fetchedMs = Date.now();
  const named = /max-age|no-cache|no-store/i.test(headers['cache-control'] ?? '') || headers['expires'] !== undefined;
  const heuristic = !named && headers['last-modified'] !== undefined ? HEURISTIC_LIFETIME_MS : 0;
  const lifetimeMs = policy.storable() ? Math.max(policy.timeToLive(), heuristic) : 0;
  return { fetchedMs, freshUntilMs: fetchedMs + lifetimeMs, policy: policy.toObject() };
}

async function loadPolicy(): Promise<typeof CachePolicy> {
  return (await import('http-cache-semantics')).default;
}
