/**
 * A TOML text that is edited: only what an edit is about changes. Line ends, a missing one at the end of the file, comments,
 * order and quoting stay. New tables and keys go where uv puts them.
 */
import { hasPrefix, lookUp, placeOfNewTable, samePath } from './find-in-toml.ts';
import type { Found } from './find-in-toml.ts';
import { scanToml } from './scan-toml.ts';
import type { InlineTable, Span, TomlTable } from './scan-toml.ts';
import { TomlArray } from './toml-array.ts';
import { formatTomlKey } from './toml-string.ts';

type Path = readonly string[];

export class TomlDocument {
  #text: string;
  /** Of its line ends. */
  readonly newline: string;

  /** @param text valid TOML. */
  constructor(text: string) {
    this.#text = text;
    this.newline = /\r\n/.test(text) ? '\r\n' : '\n';
  }

  get text(): string {
    return this.#text;
  }

  get tables(): readonly TomlTable[] {
    return scanToml(this.#text);
  }

  /** The value that stands at `path` as written; `undefined` when there is none, or when it is spread over several places. */
  valueText(path: Path): string | undefined {
    const found = this.find(path);
    return found === undefined ? undefined : this.#text.slice(found.pair.value.start, found.pair.value.end);
  }

  find(path: Path): Found | undefined {
    return lookUp(this.tables, path);
  }

  /** Is there a table at `path`, however it is written? */
  hasTable(path: Path): boolean {
    return this.tables.some(
      (table) =>
        hasPrefix(table.path, path) || table.entries.some(({ keys }) => hasPrefix([...table.path, ...keys], path)),
    );
  }

  /** The keys of the table at `path`, however it is written, in the order of the text. */
  keysOf(path: Path): readonly string[] {
    const value = this.find(path)?.pair.value;
    const keys = this.tables.flatMap((table) => {
      if (table.path.length > path.length) return hasPrefix(table.path, path) ? [table.path[path.length] ?? ''] : [];
      if (!hasPrefix(path, table.path)) return [];
      const rest = path.slice(table.path.length);
      return table.entries.flatMap((one) =>
        one.keys.length > rest.length && hasPrefix(one.keys, rest) ? [one.keys[rest.length] ?? ''] : [],
      );
    });
    const inline = value?.kind === 'inline-table' ? value.entries.map(({ keys: [first = ''] }) => first) : [];
    return [...new Set([...keys, ...inline])];
  }

  /** The array of strings at `path`; `undefined` when there is none. */
  array(path: Path): TomlArray | undefined {
    const value = this.find(path)?.pair.value;
    return value?.kind === 'array' ? new TomlArray(this.#text, value) : undefined;
  }

  writeArray(path: Path, array: TomlArray): void {
    this.replaceValue(path, array.format(this.newline));
  }

  /** Put another value in the place of the one at `path`. */
  replaceValue(path: Path, valueText: string): void {
    const found = this.find(path);
    if (found === undefined) throw new TypeError(`no value at ${path.join('.')}`);
    this.splice(found.pair.value, valueText);
    const outer = this.find(path)?.inline;
    if (outer !== undefined) this.#reformatInline(outer);
  }

  /**
   * Put a new key into the table at `path`, which is made when it is missing: after its last key, or with `sorted` before the
   * first key that comes after it.
   */
  insertKey(
    path: Path,
    key: string,
    { valueText, sorted }: { readonly valueText: string; readonly sorted?: boolean },
  ): void {
    const pair = `${formatTomlKey(key)} = ${valueText}`;
    const inline = this.find(path)?.pair.value;
    if (inline?.kind === 'inline-table') return this.#insertInline(inline, pair);
    const table = this.tables.find(
      (one) => !one.isArray && samePath(one.path, path) && (path.length === 0 || one.header.end > 0),
    );
    if (table !== undefined) return this.insertEntry(table, pair, sorted === true ? key : undefined);
    const dotted = this.#dottedHome(path);
    if (dotted !== undefined) return this.#insertLine(dotted.after, `${dotted.prefix}${pair}`);
    this.insertTable({ path, isArray: false, body: [pair] });
  }

  /** `line` in the table; before the first key after `sortKey`, when one is given. */
  insertEntry(table: TomlTable, line: string, sortKey?: string): void {
    const { entries, header } = table;
    const next = sortKey === undefined ? -1 : entries.findIndex(({ keys: [first = ''] }) => first > sortKey);
    const before = next === -1 ? entries.at(-1) : entries[next - 1];
    const sibling = entries[0];
    const indent = sibling === undefined ? '' : this.#indentBefore(sibling.start);
    this.#insertLine(before?.lineEnd ?? header.end, `${indent}${line}`);
  }

  /** A new table with its header, after `after` or where uv puts one; `comments` stand above it. */
  insertTable(table: {
    readonly path: Path;
    readonly isArray: boolean;
    readonly body: readonly string[];
    readonly after?: number;
    readonly comments?: readonly string[];
  }): void {
    const name = table.path.map(formatTomlKey).join('.');
    const header = table.isArray ? `[[${name}]]` : `[${name}]`;
    const at = table.after ?? placeOfNewTable(this.tables, table.path);
    const isFirst = this.#text.slice(0, at).trim() === '';
    const isBeforeText = isFirst && /^[^\r\n]/.test(this.#text.slice(at));
    const lines = [
      ...(isFirst ? [] : ['']),
      ...(table.comments ?? []),
      header,
      ...table.body,
      ...(isBeforeText ? [''] : []),
    ];
    this.#insertLine(at, lines.join(this.newline));
  }

  /** Remove a key with its line, and the comments above that belong to it. */
  removeKey(path: Path): void {
    const found = this.find(path);
    if (found === undefined) return;
    if (found.inline !== undefined) return this.#removeInline(found.inline, found.pair.start);
    const { table, index } = found;
    this.splice(
      { start: table.entries[index - 1]?.lineEnd ?? table.header.end, end: table.entries[index]?.lineEnd ?? 0 },
      '',
    );
  }

  /** Remove a table without keys: its header, and what stands above it. */
  removeEmptyTable(path: Path): void {
    const tables = this.tables;
    const index = tables.findIndex((table) => !table.isArray && samePath(table.path, path));
    const table = tables[index];
    if (table === undefined || index === 0 || table.entries.length > 0) return;
    this.splice({ start: endOfTable(tables[index - 1]), end: table.header.end }, '');
  }

  splice({ start, end }: Span, replacement: string): void {
    this.#text = this.#text.slice(0, start) + replacement + this.#text.slice(end);
  }

  /** Put `line` at a place where a line begins, or after a last line without end. */
  #insertLine(at: number, line: string): void {
    const isAfterOpenLine = at > 0 && !/[\n\u{feff}]/u.test(this.#text[at - 1] ?? '');
    this.splice({ start: at, end: at }, `${isAfterOpenLine ? this.newline : ''}${line}${this.newline}`);
  }

  #indentBefore(start: number): string {
    return /[ \t]*$/.exec(this.#text.slice(0, start))?.[0] ?? '';
  }

  /** Where the keys of a table stand that is written as `a.b = …` in a table above it. */
  #dottedHome(path: Path): { readonly after: number; readonly prefix: string } | undefined {
    for (const table of this.tables) {
      if (table.isArray || table.path.length >= path.length || !hasPrefix(path, table.path)) continue;
      const rest = path.slice(table.path.length);
      const last = table.entries.findLast(({ keys }) => keys.length > rest.length && hasPrefix(keys, rest));
      if (last !== undefined)
        return {
          after: last.lineEnd,
          prefix: `${this.#indentBefore(last.start)}${rest.map(formatTomlKey).join('.')}.`,
        };
    }
    return undefined;
  }

  #insertInline(table: InlineTable, pair: string): void {
    this.#writeInline(table, [...table.entries.map((entry) => this.#pairText(entry)), pair]);
  }

  #removeInline(table: InlineTable, start: number): void {
    this.#writeInline(
      table,
      table.entries.filter((entry) => entry.start !== start).map((entry) => this.#pairText(entry)),
    );
  }

  #reformatInline(table: InlineTable): void {
    this.#writeInline(
      table,
      table.entries.map((entry) => this.#pairText(entry)),
    );
  }

  #pairText({ keySpan, value }: InlineTable['entries'][number]): string {
    return `${this.#text.slice(keySpan.start, keySpan.end)} = ${this.#text.slice(value.start, value.end)}`;
  }

  #writeInline(table: InlineTable, pairs: readonly string[]): void {
    this.splice(table, pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`);
  }
}

/** Where the last key of a table ends, or its header. */
export function endOfTable(table: TomlTable | undefined): number {
  return table?.entries.at(-1)?.lineEnd ?? table?.header.end ?? 0;
}
