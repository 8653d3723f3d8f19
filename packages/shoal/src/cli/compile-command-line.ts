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
  '--native-tls',
  '--system-certs',
]);
const UPGRADE_OPTIONS = ['-P', '--upgrade-package'] as const;
const INDEX_OPTIONS = ['-i', '--index-url', '--extra-index-url', '--index', '--default-index'] as const;
const LINK_OPTIONS = ['-f', '--find-links'] as const;

/** Which places of distributions may stand in the file: those whose lines it has anyway. */
export interface ShownPlaces {
  readonly indexes: boolean;
  readonly links: boolean;
}

/** @param words argv after the program's name, `pip compile …`. Credentials in URLs are replaced. */
export function compileCommandLine(words: readonly string[], shown: ShownPlaces): string {
  const dropped: readonly string[] = [
    ...UPGRADE_OPTIONS,
    ...(shown.indexes ? [] : INDEX_OPTIONS),
    ...(shown.links ? [] : LINK_OPTIONS),
  ];
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (DROPPED_SWITCHES.has(word)) continue;
    if (dropped.includes(word)) index += 1;
    else if (!dropped.some((option) => isJoined(word, option)))
      kept.push(quoteForShell(word.replace(/:\/\/[^/@\s]*@/, '://****@')));
  }
  return ['shoal', ...kept].join(' ');
}

/** `--option=value` or `-ovalue`. */
function isJoined(word: string, option: string): boolean {
  return option.startsWith('--')
    ? word.startsWith(`${option}=`)
    : word.startsWith(option) && word.length > option.length;
}

function quoteForShell(word: string): string {
  return /^[A-Za-z0-9_\-./:=@%+,~*[\]{}]+$/.test(word) && word !== ''
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
