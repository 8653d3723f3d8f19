/** The command that a compiled file names as its own: as it was typed, without what does not belong into a file. */

const DROPPED_SWITCHES: ReadonlySet<string> = new Set([
  '-U',
  '--upgrade',
  '-q',
  '--quiet',
  '-qq',
  '-v',
  '--verbose',
  '-vv',
  '--no-progress',
]);
const DROPPED_VALUES: ReadonlySet<string> = new Set(['-P', '--upgrade-package']);

/** @param words argv after the program's name, `pip compile …`. Credentials in URLs are replaced. */
export function compileCommandLine(words: readonly string[]): string {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const flag = word.replace(/=.*$/, '');
    if (DROPPED_SWITCHES.has(word) || (DROPPED_VALUES.has(flag) && word.includes('='))) continue;
    if (DROPPED_VALUES.has(word)) index += 1;
    else kept.push(quoteForShell(word.replace(/:\/\/[^/@\s]*@/, '://****@')));
  }
  return ['shoal', ...kept].join(' ');
}

function quoteForShell(word: string): string {
  return /^[A-Za-z0-9_\-./:=@%+,~*[\]{}]+$/.test(word) && word !== ''
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
