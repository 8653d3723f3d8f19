/**
 * RECORD as lines: a path and the rest of the row as it is written. Installing changes paths and adds rows, and must not
 * change what else a wheel says, so hashes and sizes are carried along unread (binary distribution format, "The RECORD file").
 */

export interface RecordLine {
  /** Unquoted, without leading `/`. */
  readonly path: string;
  /** `,sha256=…,123` or `,,`. */
  readonly rest: string;
}

export function splitRecord(text: string): readonly RecordLine[] {
  return text.includes('"') ? splitQuoted(text) : splitPlain(text);
}

/** Is `text`, which `lines` were read from, what a RECORD is to be: rows of three fields, and quotes that end? */
export function isSoundRecord(text: string, lines: readonly RecordLine[]): boolean {
  const quotes = text.split('"').length - 1;
  return quotes % 2 === 0 && lines.every(({ rest }) => /^,[^,]*,[^,]*$/.test(rest));
}

function splitPlain(text: string): readonly RecordLine[] {
  const lines: RecordLine[] = [];
  for (const line of text.split('\n')) {
    const end = line.endsWith('\r') ? line.length - 1 : line.length;
    const comma = line.indexOf(',');
    if (end === 0) continue;
    const stop = comma < 0 ? end : comma;
    lines.push({ path: withoutRoot(line.slice(0, stop)), rest: comma < 0 ? ',,' : line.slice(stop, end) });
  }
  return lines;
}

const QUOTED_ROW = /"((?:[^"]|"")*)"([^\n]*)(?:\n|$)|([^",\n][^,\n]*)([^\n]*)(?:\n|$)|\n/g;

function splitQuoted(text: string): readonly RecordLine[] {
  const lines: RecordLine[] = [];
  for (const [, quoted, quotedRest, plain, plainRest] of text.matchAll(QUOTED_ROW)) {
    const path = plain ?? quoted?.replaceAll('""', '"');
    if (path === undefined || path === '\r') continue;
    const rest = (plainRest ?? quotedRest ?? '').replace(/\r$/, '');
    lines.push({ path: withoutRoot(path), rest: rest === '' ? ',,' : rest });
  }
  return lines;
}

/** Some wheels write absolute paths; as pip and uv do, they are taken as relative ones. */
function withoutRoot(path: string): string {
  return path.startsWith('/') ? path.replace(/^\/+/, '') : path;
}

/** Rows in the order of their paths' bytes, each ended by a newline, as uv writes them. */
export function joinRecord(lines: readonly RecordLine[]): string {
  // NUL sorts before everything, so whole rows compare as their paths do.
  const rows = lines.map(({ path, rest }) => `${path}\0${rest}`);
  const sorted = rows.some((row) => SURROGATE.test(row)) ? rows.sort(byCodePoints) : rows.sort();
  return `${sorted.map(formatRow).join('\n')}\n`;
}

const SURROGATE = /[\ud800-\udfff]/;
const NEEDS_QUOTES = /[",\n\r]/;

function formatRow(row: string): string {
  const split = row.indexOf('\0');
  const path = row.slice(0, split);
  return (NEEDS_QUOTES.test(path) ? `"${path.replaceAll('"', '""')}"` : path) + row.slice(split + 1);
}

function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
