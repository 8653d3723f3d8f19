import type { RequirementCursor } from './requirement-cursor.ts';

/** Up to the end, a line break, white space before `;`, `#` or the end, or a `;` or `#` before white space. */
const URL_TEXT = /[^\r\n]*?(?=\s+(?:[;#]|$)|[;#]\s|[\r\n]|$)/y;
const WITH_HOST = /^(?:https?|(?:git|hg|svn|bzr)\+(?:https?|ssh)):\/\/(?:[^/?#@]*@)?([^/?#]*)/i;

/**
 * The URL or path after the `@` of a requirement, as written.
 *
 * PEP 508 wants white space before the `;` of a marker; `https://…/a.whl; marker` is read as meant.
 */
export function readUrl(cursor: RequirementCursor): string {
  cursor.skipSpace();
  const position = cursor.position;
  const url = cursor.take(URL_TEXT);
  if (url === '') throw cursor.fault('Expected URL');
  const span = { position, length: url.length };
  const host = WITH_HOST.exec(url)?.[1];
  if (host === '') throw cursor.fault('empty host', span);
  if (host !== undefined && /[\s<>^|%\\]/.test(host)) throw cursor.fault('invalid international domain name', span);
  const last = url.at(-1);
  if (last === ';' || last === '#') {
    throw cursor.fault(`Missing space before '${last}', the end of the URL is ambiguous`, {
      position: cursor.position - 1,
    });
  }
  return url;
}
