/** Arguments of `pip uninstall` that name no project but where one was installed from. */
import { pathToFileURL } from 'node:url';
import { absolutePath } from '../session.ts';
import type { Session } from '../session.ts';

/** Not `C:\\`: one letter is a drive. */
const URL_LIKE = /^[a-z][a-z0-9.+-]+:/i;
const PATH_LIKE =
  /^(?:\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[/\\]|\.{1,2}$)|^[^\s@;<>=!~]+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$/i;

/** Word -> URL, for the words that are paths or URLs. Fragments of URLs are dropped, since records have none. */
export function locationsAmong(words: readonly string[], session: Session): ReadonlyMap<string, string> {
  const locations = new Map<string, string>();
  for (const word of words) {
    const url = locationOf(word, session);
    if (url !== undefined) locations.set(word, url.replace(/#.*$/, ''));
  }
  return locations;
}

function locationOf(word: string, session: Session): string | undefined {
  if (URL_LIKE.test(word)) return word;
  return PATH_LIKE.test(word) ? pathToFileURL(absolutePath(session, word)).href : undefined;
}
