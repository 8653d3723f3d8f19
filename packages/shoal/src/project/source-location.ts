/** What a URL or path names that is no wheel: an archive, a folder, or a commit of a Git repository. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SourceLocationError } from './requirement-errors.ts';

export type SourceLocation =
  | {
      readonly kind: 'archive';
      /** `https:`, `http:` or `file:`, without fragment. */
      readonly url: string;
      readonly filename: string;
      /** Of the fragment: algorithm -> hexadecimal. */
      readonly hashes: Readonly<Record<string, string>>;
      readonly subdirectory: string | undefined;
    }
  /** `path` is absolute and has the subdirectory in it. */
  | { readonly kind: 'folder'; readonly path: string; readonly subdirectory: string | undefined }
  | {
      readonly kind: 'git';
      /** What `git` is given: without `git+`, reference and fragment. */
      readonly repository: string;
      /** A branch, a tag or (part of) a commit; `undefined` is the default branch. */
      readonly reference: string | undefined;
      readonly subdirectory: string | undefined;
      /** `lfs=true` of the fragment. */
      readonly lfs: boolean;
    };

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
const ARCHIVE = /\.(?:zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i;
const HASH = /(?:^|&)(md5|sha1|sha224|sha256|sha384|sha512)=([0-9a-fA-F]+)/;

/**
 * @param folder Absolute: where relative paths start.
 * @throws {SourceLocationError} for schemes and files that nothing can be built from.
 */
export function parseSourceLocation(written: string, folder: string): SourceLocation {
  const [bare = '', fragment = ''] = written.split('#');
  const scheme = SCHEME.exec(bare)?.[1]?.toLowerCase();
  const subdirectory = subdirectoryOf(fragment, written);
  if (scheme?.startsWith('git+') === true)
    return gitLocation(bare, { subdirectory, lfs: /(?:^|&)lfs=true(?:&|$)/.test(fragment) });
  if (scheme?.includes('+') === true)
    throw new SourceLocationError(written, `\`${scheme}\` is not supported`, 'Use Git, an archive or a folder');
  if (scheme === 'http' || scheme === 'https') return archiveLocation(bare, fragment, subdirectory);
  const path = scheme === 'file' ? fileURLToPath(bare) : resolve(folder, bare);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new SourceLocationError(written, `\`${path}\` does not exist`, 'Correct the path');
  if (found.isDirectory())
    return { kind: 'folder', path: subdirectory === undefined ? path : resolve(path, subdirectory), subdirectory };
  return archiveLocation(pathToFileURL(path).href, fragment, subdirectory);
}

/** The location as `direct_url.json` and messages write it: absolute, without credentials and fragment. */
export function formatSourceLocation(location: SourceLocation): string {
  if (location.kind === 'archive') return location.url;
  if (location.kind === 'folder') return pathToFileURL(location.path).href;
  return location.repository.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

function archiveLocation(url: string, fragment: string, subdirectory: string | undefined): SourceLocation {
  const filename = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  if (!ARCHIVE.test(filename))
    throw new SourceLocationError(
      url,
      'it is neither a wheel nor an archive',
      'Name a `.whl`, a `.tar.gz` or a `.zip` file; repositories begin with `git+`',
    );
  const [, algorithm, digest] = HASH.exec(fragment) ?? [];
  const hashes = algorithm === undefined || digest === undefined ? {} : { [algorithm]: digest.toLowerCase() };
  return { kind: 'archive', url, filename, hashes, subdirectory };
}

/** `git+https://host/project.git@v1`, `git+ssh://git@host/project`, `git+file:///path`. */
function gitLocation(
  bare: string,
  { subdirectory, lfs }: { readonly subdirectory: string | undefined; readonly lfs: boolean },
): SourceLocation {
  const url = bare.slice('git+'.length);
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const at = start < 0 ? -1 : url.indexOf('@', start);
  const repository = at < 0 ? url : url.slice(0, at);
  const reference = at < 0 ? undefined : url.slice(at + 1);
  // A word that begins with a dash would be an option of git.
  if (!/^(?:https?|ssh|file|git):\/\/[^-]/i.test(repository) || reference?.startsWith('-') === true)
    throw new SourceLocationError(bare, 'it is no Git URL', 'Write it as `git+https://host/project.git@reference`');
  return { kind: 'git', repository, reference: reference === '' ? undefined : reference, subdirectory, lfs };
}

function subdirectoryOf(fragment: string, written: string): string | undefined {
  const found = /(?:^|&)subdirectory=([^&]+)/.exec(fragment)?.[1];
  if (found === undefined) return undefined;
  const path = decodeURIComponent(found).replace(/\/+$/, '');
  if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path))
    throw new SourceLocationError(
      written,
      `its subdirectory \`${path}\` leaves the source tree`,
      'Correct the fragment',
    );
  return path;
}
