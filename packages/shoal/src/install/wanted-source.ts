/** Where a wanted distribution should come from, compared with where an installed one came from (PEP 610). */
import type { DirectUrl } from '@shoal/packaging';

export type WantedSource =
  | { readonly kind: 'registry' }
  /** The resolver chose what is installed. */
  | { readonly kind: 'installed' }
  | {
      readonly kind: 'archive';
      /** `https:` or `file:`. */
      readonly url: string;
      readonly subdirectory?: string | undefined;
      /** SHA-256 of the archive in hexadecimal, where it is known. A `file:` archive without one is never taken as unchanged. */
      readonly sha256?: string | undefined;
    }
  | { readonly kind: 'directory'; readonly url: string; readonly editable: boolean }
  | { readonly kind: 'vcs'; readonly url: string; readonly commit: string; readonly subdirectory?: string | undefined };

/** @param installed `undefined` when the distribution came from an index. */
export function isFromSource(installed: DirectUrl | undefined, wanted: WantedSource): boolean {
  if (wanted.kind === 'installed') return true;
  if (wanted.kind === 'registry') return installed === undefined;
  if (installed === undefined || installed.origin.kind !== wanted.kind) return false;
  if (canonicalUrl(installed.url) !== canonicalUrl(wanted.url)) return false;
  if (wanted.kind === 'directory')
    return installed.origin.kind === 'directory' && installed.origin.editable === wanted.editable;
  if (installed.subdirectory !== wanted.subdirectory) return false;
  if (wanted.kind === 'vcs') return installed.origin.kind === 'vcs' && installed.origin.commit === wanted.commit;
  return isSameArchive(installed, wanted);
}

/** The content behind an `https:` URL is taken to be what it was; a local file may have changed. */
function isSameArchive(
  installed: DirectUrl,
  wanted: { readonly url: string; readonly sha256?: string | undefined },
): boolean {
  const known = installed.origin.kind === 'archive' ? installed.origin.hashes['sha256'] : undefined;
  if (known !== undefined && wanted.sha256 !== undefined) return known === wanted.sha256;
  return !wanted.url.startsWith('file:');
}

/** Credentials, fragments, a trailing slash and `.git` make no difference. */
function canonicalUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  url.pathname = decodePath(url.pathname)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return url.href;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return path;
  }
}
