/** The netrc format: whitespace-separated words, `#` comments, `macdef` blocks that end at an empty line. */

export interface NetrcEntry {
  /** `undefined` is the `default` entry. */
  readonly machine: string | undefined;
  readonly username: string;
  readonly password: string;
}

/** All entries in their order; words that are not understood are passed over. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const words = wordsOf(text);
  const entries: { machine: string | undefined; username: string; password: string }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const value = words[at + 1] ?? '';
    const current = entries.at(-1);
    if (word === 'default') entries.push({ machine: undefined, username: '', password: '' });
    if (word === 'machine') entries.push({ machine: value, username: '', password: '' });
    if (word === 'login' && current !== undefined) current.username = value;
    if (word === 'password' && current !== undefined) current.password = value;
    if (word === 'machine' || word === 'login' || word === 'password' || word === 'account') at += 1;
  }
  return entries;
}

/** The login for `host`: the first entry that names it, else `default`. */
export function findNetrcLogin(
  entries: readonly NetrcEntry[],
  host: string,
): { username: string; password: string } | undefined {
  const entry = entries.find(({ machine }) => machine === host) ?? entries.find(({ machine }) => machine === undefined);
  return entry === undefined ? undefined : { username: entry.username, password: entry.password };
}

function wordsOf(text: string): string[] {
  const withoutMacros = text.replaceAll(/^[ \t]*macdef\b[\s\S]*?(?:\r?\n[ \t]*\r?\n|$(?![\s\S]))/gm, '\n');
  const lines = withoutMacros.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''));
  return [...lines.join('\n').matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
  );
}
