/** Where an installed distribution came from, as one URL that a requirement can name. Passwords are masked. */
import type { DirectUrl } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { redactUrl } from '../fetch/redact-url.ts';

/** Strongest first: one hash goes into the URL. */
const ALGORITHMS = ['sha512', 'sha384', 'sha256', 'md5'] as const;

/** `undefined` when an index gave it. @throws {BrokenDistributionError} for a `direct_url.json` that is not one. */
export function originOf(one: InstalledDistribution): string | undefined {
  const direct = one.directUrl();
  return direct === undefined || !URL.canParse(direct.url) ? undefined : formatOrigin(direct);
}

/** `git+https://…@<commit>#subdirectory=…`, `https://….whl#sha256=…`, `file:///…`. */
function formatOrigin({ url, subdirectory, origin }: DirectUrl): string {
  const fragment = subdirectory === undefined ? [] : [`subdirectory=${subdirectory}`];
  const algorithm =
    origin.kind === 'archive' ? ALGORITHMS.find((name) => origin.hashes[name] !== undefined) : undefined;
  if (algorithm !== undefined && origin.kind === 'archive')
    fragment.push(`${algorithm}=${origin.hashes[algorithm] ?? ''}`);
  const shown = maskSecrets(new URL(url).href);
  const base = origin.kind === 'vcs' ? `${origin.vcs}+${shown}@${origin.commit}` : shown;
  return fragment.length === 0 ? base : `${base}#${fragment.join('&')}`;
}

/** The user name `git` of `ssh:` URLs is no secret. */
function maskSecrets(url: string): string {
  return /^[a-z+]+:\/\/git@/.test(url) ? url : redactUrl(url);
}
