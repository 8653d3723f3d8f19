/** Environment files: `KEY=value` lines, as `--env-file` reads them. */

const LINE =
  /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|'([^']*)'|([^\n]*?))\s*(?:\s#[^\n]*)?$/;

export interface ParsedEnvFile {
  readonly variables: ReadonlyMap<string, string>;
  /** Numbers of the lines that are no assignment, from 1. */
  readonly faults: readonly number[];
}

/**
 * Double quotes may span lines and know escapes, single quotes take everything as it is. `$NAME` and `${NAME}` stand for what the
 * file has said before, else for what `outer` has; not in single quotes.
 */
export function parseEnvFile(text: string, outer: Readonly<Record<string, string | undefined>>): ParsedEnvFile {
  const variables = new Map<string, string>();
  const faults: number[] = [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    let line = lines[index] ?? '';
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    while (hasOpenQuote(line) && index + 1 < lines.length) line += `\n${lines[(index += 1)]}`;
    const [, name, double, single, plain] = LINE.exec(line) ?? [];
    if (name === undefined) {
      faults.push(start + 1);
      continue;
    }
    const lookUp = (key: string): string => variables.get(key) ?? outer[key] ?? '';
    variables.set(
      name,
      single ?? expand(double === undefined ? withoutComment(plain ?? '') : unescape(double), lookUp),
    );
  }
  return { variables, faults };
}

/** Does a double-quoted value begin on this line and not end? */
function hasOpenQuote(line: string): boolean {
  const [, rest] = /^\s*(?:export\s+)?[A-Za-z_][\w.]*\s*=\s*"([^]*)$/.exec(line) ?? [];
  return rest !== undefined && !/^(?:[^"\\]|\\[^])*"/.test(rest);
}

function withoutComment(text: string): string {
  return text.startsWith('#') ? '' : text.replace(/\s#.*$/s, '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
/** Keeps an escaped `$` from being taken for a variable. */
const DOLLAR = '\u0000';

function unescape(text: string): string {
  return text.replaceAll(/\\([^])/g, (_, escaped: string) =>
    escaped === '$' ? DOLLAR : (ESCAPES[escaped] ?? escaped),
  );
}

function expand(text: string, lookUp: (name: string) => string): string {
  return text
    .replaceAll(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (_, braced?: string, bare?: string) =>
      lookUp(braced ?? bare ?? ''),
    )
    .replaceAll(DOLLAR, '$');
}
