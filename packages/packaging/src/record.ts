/**
 * RECORD: the list of a distribution's files, as CSV in the dialect of Python's `csv` module.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */
import { PackagingError } from './errors.ts';

/** One file. Without `hash` or `sizeBytes` where the row leaves them empty. */
export interface RecordRow {
  /** With forward slashes; relative to the folder that holds `.dist-info`, or absolute. */
  readonly path: string;
  readonly hash?: { readonly algorithm: string; /** URL-safe base64 without padding. */ readonly digest: string };
  readonly sizeBytes?: number;
}

/** A RECORD that is not one. */
export class InvalidRecordError extends PackagingError {
  readonly line: number;

  constructor(reason: string, line: number) {
    super('INVALID_RECORD', `RECORD file is invalid: ${reason} (line ${line})`);
    this.line = line;
  }
}

/** Parse the text of RECORD. Empty lines are skipped. @throws {InvalidRecordError} */
export function parseRecord(text: string): RecordRow[] {
  const rows: RecordRow[] = [];
  let line = 1;
  for (const { fields, lines } of csvRows(text.startsWith('\uFEFF') ? text.slice(1) : text)) {
    if (fields.length > 1 || fields[0] !== '') rows.push(rowOf(fields, line));
    line += lines;
  }
  return rows;
}

function rowOf(fields: readonly string[], line: number): RecordRow {
  const [path = '', hash = '', size = '', ...more] = fields;
  if (path === '') throw new InvalidRecordError('a row has no path', line);
  if (more.length > 0) throw new InvalidRecordError(`\`${path}\` has ${fields.length} fields, expected 3`, line);
  return { path: path.replaceAll('\\', '/'), ...hashOf(hash, line), ...sizeOf(size, line) };
}

function hashOf(text: string, line: number): Pick<RecordRow, 'hash'> {
  if (text === '') return {};
  const border = text.indexOf('=');
  if (border < 1) throw new InvalidRecordError(`expected \`algorithm=digest\`, found \`${text}\``, line);
  return { hash: { algorithm: text.slice(0, border), digest: text.slice(border + 1) } };
}

function sizeOf(text: string, line: number): Pick<RecordRow, 'sizeBytes'> {
  if (text === '') return {};
  if (!/^\d{1,15}$/.test(text)) throw new InvalidRecordError(`expected a size in bytes, found \`${text}\``, line);
  return { sizeBytes: Number(text) };
}

interface CsvRow {
  readonly fields: readonly string[];
  readonly lines: number;
}

function* csvRows(text: string): Generator<CsvRow> {
  // Nearly every RECORD has no quotes at all; then lines and commas are all there is.
  if (!text.includes('"')) {
    for (const line of text.split(/\r\n|\n|\r/)) yield { fields: line.split(','), lines: 1 };
    return;
  }
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let fields: string[] = [];
  let lines = 1;
  while (cell.lastIndex < text.length) {
    const start = cell.lastIndex;
    const found = cell.exec(text);
    if (found === null)
      throw new InvalidRecordError('a quoted field does not end', text.slice(0, start).split('\n').length);
    const [whole, quoted, plain = '', end] = found;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    lines += (quoted?.match(/\n/g) ?? []).length;
    if (end !== ',') {
      yield { fields, lines };
      fields = [];
      lines = 1;
    }
    if (whole === '') return;
  }
}

/** The text of RECORD with one row a line and a final line end; fields are quoted only where they must be. */
export function formatRecord(rows: readonly RecordRow[]): string {
  return rows.map(formatRow).join('');
}

function formatRow({ path, hash, sizeBytes }: RecordRow): string {
  const digest = hash === undefined ? '' : `${hash.algorithm}=${hash.digest}`;
  return `${quoted(path)},${quoted(digest)},${sizeBytes ?? ''}\n`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
