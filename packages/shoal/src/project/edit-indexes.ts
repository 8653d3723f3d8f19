/** `[[tool.uv.index]]`: an index that is named on the command line becomes the first of the list. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'smol-toml';
import type { EditTarget } from './dependency-place.ts';
import { endOfTable } from './edit-toml/toml-document.ts';
import { formatTomlString } from './edit-toml/toml-string.ts';
import { samePath, tablesBefore } from './edit-toml/find-in-toml.ts';
import type { TomlTable } from './edit-toml/scan-toml.ts';
import { MalformedProjectError } from './project-errors.ts';

const INDEX = ['tool', 'uv', 'index'] as const;
const SOURCES = ['tool', 'uv', 'sources'] as const;

export interface AddedIndex {
  readonly name: string | undefined;
  /** As it is to be written: a URL without credentials, or a path. */
  readonly url: string;
  readonly isDefault: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Put `index` in front of the others. One of the same name or place, or another default, gives way; what else it says stays.
 *
 * @param folder Where relative paths start.
 * @throws {MalformedProjectError} where the indexes are an inline array.
 */
export function addIndex({ document }: EditTarget, index: AddedIndex, folder: string): void {
  if (document.find(INDEX) !== undefined) throw new MalformedProjectError('Sources');
  const topLevelKeys = document.keysOf([]).length;
  const replaced = document.tables.filter(
    (table) => isIndex(table) && isReplacedBy(fieldsOf(document.text, table), index, folder),
  );
  const [kept] = replaced;
  const body = kept === undefined ? bodyOf(index) : updatedBody(document.text, kept, index);
  const alone = document.tables.filter(isIndex).length === replaced.length;
  if (kept !== undefined && alone && replaced.length === 1) {
    document.splice(
      { start: kept.header.end, end: endOfTable(kept) },
      body.map((line) => `${line}${document.newline}`).join(''),
    );
    return;
  }
  const comments = kept === undefined ? [] : commentsAbove(document, kept);
  for (const table of replaced.toReversed()) removeTable(document, table);
  document.insertTable({
    path: INDEX,
    isArray: true,
    body,
    comments,
    after: placeOfFirst(document.tables, topLevelKeys),
  });
}

function isIndex({ path, isArray }: TomlTable): boolean {
  return isArray && samePath(path, INDEX);
}

function fieldsOf(text: string, table: TomlTable): Fields {
  return parse(text.slice(table.header.end, endOfTable(table)));
}

function isReplacedBy(fields: Fields, index: AddedIndex, folder: string): boolean {
  if (index.name !== undefined && fields['name'] === index.name) return true;
  if (index.isDefault && fields['default'] === true) return true;
  return typeof fields['url'] === 'string' && placeOf(fields['url'], folder) === placeOf(index.url, folder);
}

/** The same place is written with and without a slash at its end, and as a path or as a URL. */
function placeOf(url: string, folder: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(url);
  const place = isUrl ? url : pathToFileURL(resolve(folder, url)).href;
  return (place.startsWith('file:') ? fileURLToPath(place) : place).replace(/\/+$/, '');
}

function bodyOf({ name, url, isDefault }: AddedIndex): string[] {
  return [
    ...(name === undefined ? [] : [`name = ${formatTomlString(name)}`]),
    `url = ${formatTomlString(url)}`,
    ...(isDefault ? ['default = true'] : []),
  ];
}

/** The lines of the table, with the fields that differ changed in their places and those that lack added. */
function updatedBody(text: string, table: TomlTable, { name, url, isDefault }: AddedIndex): string[] {
  const fields = fieldsOf(text, table);
  const wanted: Fields = {
    ...(name === undefined ? {} : { name }),
    url,
    ...(isDefault ? { default: true } : {}),
  };
  let body = text.slice(table.header.end, endOfTable(table));
  const missing: string[] = [];
  for (const [key, value] of Object.entries(wanted).toReversed()) {
    if (fields[key] === value) continue;
    const written = typeof value === 'string' ? formatTomlString(value) : String(value);
    const entry = table.entries.find(({ keys }) => samePath(keys, [key]));
    if (entry === undefined) missing.unshift(`${key} = ${written}`);
    else {
      const [start, end] = [entry.value.start - table.header.end, entry.value.end - table.header.end];
      body = `${body.slice(0, start)}${written}${body.slice(end)}`;
    }
  }
  const lines = body.replace(/\r?\n$/, '').split(/\r?\n/);
  return [...(body === '' ? [] : lines), ...missing];
}

/** They belong to the table, and go where it goes. */
function commentsAbove({ text, tables }: EditTarget['document'], table: TomlTable): readonly string[] {
  const index = tables.findIndex((one) => one.header.start === table.header.start);
  const lines = text.slice(endOfTable(tables[index - 1]), table.header.start).split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '');
}

function removeTable(document: EditTarget['document'], table: TomlTable): void {
  const { tables } = document;
  const index = tables.findIndex((one) => one.header.start === table.header.start);
  document.splice({ start: endOfTable(tables[index - 1]), end: endOfTable(table) }, '');
}

/**
 * Before the first index. Without any, where uv has it: it counts as many tables as the document has keys at its top, and of
 * two tables in one place the one that comes first in the tree stands first; sources stay above indexes.
 */
function placeOfFirst(tables: readonly TomlTable[], topLevelKeys: number): number {
  const first = tables.findIndex(isIndex);
  if (first !== -1) return endOfTable(tables[first - 1]);
  const counted = tables[topLevelKeys];
  if (counted === undefined) return endOfTable(tables.at(-1));
  const isBefore = tablesBefore(tables, INDEX).includes(counted);
  const last = isBefore ? topLevelKeys : topLevelKeys - 1;
  const isAboveSources = samePath(tables[last + 1]?.path ?? [], SOURCES);
  return endOfTable(tables[isAboveSources ? last + 1 : last]);
}
