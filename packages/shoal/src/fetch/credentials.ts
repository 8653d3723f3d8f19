/**
 * Whose name and password go with a request: those in the URL itself, else those of the index it belongs to, else those
 * of a netrc file. A password is only ever given to the scheme, host and port that it was meant for.
 */
import { readFileSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';
import { findNetrcLogin, type NetrcEntry, parseNetrc } from './netrc.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface CredentialSource {
  /** `undefined` when none are known for this URL. */
  find(url: URL): Credentials | undefined;
}

export interface CredentialSourceOptions {
  /** Indexes and link pages as they were written, credentials included. */
  readonly indexes?: readonly { readonly url: string; readonly name?: string | undefined }[];
  /** Looked into for `UV_INDEX_<NAME>_USERNAME` and `UV_INDEX_<NAME>_PASSWORD`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Read at the first request that needs it; a file that is absent has no entries. */
  readonly netrcPath?: string | undefined;
}

interface IndexCredentials {
  readonly origin: string;
  readonly path: string;
  readonly credentials: Credentials;
}

/** The credentials that the user gave, by any of the ways above. */
export function createCredentialSource(options: CredentialSourceOptions): CredentialSource {
  const known = (options.indexes ?? []).flatMap((index) => credentialsOfIndex(index, options.variables ?? {}));
  let netrc: readonly NetrcEntry[] | undefined;
  return {
    find(url) {
      const own = credentialsOfUrl(url) ?? bestMatch(known, url);
      if (own !== undefined || options.netrcPath === undefined) return own;
      netrc ??= readNetrc(options.netrcPath);
      return findNetrcLogin(netrc, url.hostname);
    },
  };
}

/** The userinfo of `url`; `undefined` when it has none. */
export function credentialsOfUrl(url: URL): Credentials | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

function credentialsOfIndex(
  index: { url: string; name?: string | undefined },
  variables: Readonly<Record<string, string | undefined>>,
): IndexCredentials[] {
  if (!URL.canParse(index.url)) return [];
  const url = new URL(index.url);
  const credentials = credentialsOfVariables(index.name, variables) ?? credentialsOfUrl(url);
  return credentials === undefined ? [] : [{ origin: originOf(url), path: url.pathname, credentials }];
}

function credentialsOfVariables(
  name: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): Credentials | undefined {
  if (name === undefined) return undefined;
  const stem = `UV_INDEX_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  const username = variables[`${stem}_USERNAME`];
  const password = variables[`${stem}_PASSWORD`];
  return username === undefined && password === undefined
    ? undefined
    : { username: username ?? '', password: password ?? '' };
}

/** Of the index with the longest path that `url` lies below; else of any index on the same server, because files often lie beside it. */
function bestMatch(known: readonly IndexCredentials[], url: URL): Credentials | undefined {
  const here = known.filter(({ origin }) => origin === originOf(url));
  const below = here
    .filter(({ path }) => url.pathname.startsWith(path))
    .toSorted((a, b) => b.path.length - a.path.length);
  return (below[0] ?? here[0])?.credentials;
}

function originOf(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

function readNetrc(path: string): readonly NetrcEntry[] {
  try {
    return parseNetrc(readFileSync(path, 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}
