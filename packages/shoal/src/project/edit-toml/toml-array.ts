/**
 * One array of strings as text: its items with what stands around them. Edits keep comments with the items that they stand
 * beside, and write one item on each line, indented as the first one is, with a comma after the last: as uv does it.
 */
import type { ArrayValue } from './scan-toml.ts';
import { parseTomlString } from './toml-string.ts';

interface Item {
  /** Blank space and comments between the comma (or bracket) before and the item. */
  prefix: string;
  text: string;
  /** The same between the item and the comma or bracket after it. */
  suffix: string;
}

export class TomlArray {
  readonly #items: Item[];
  /** What stands after the last comma. */
  #trailing: string;
  #hasTrailingComma: boolean;

  /** @param text the whole document. */
  constructor(text: string, { start, end, items, commas }: ArrayValue) {
    this.#items = items.map((item, index) => ({
      prefix: text.slice(index === 0 ? start + 1 : (commas[index - 1] ?? start) + 1, item.start),
      text: text.slice(item.start, item.end),
      suffix: text.slice(item.end, commas[index] ?? end - 1),
    }));
    this.#hasTrailingComma = items.length > 0 && commas.length === items.length;
    const after = this.#hasTrailingComma ? (commas.at(-1) ?? start) + 1 : items.length === 0 ? start + 1 : end - 1;
    this.#trailing = text.slice(after, end - 1);
  }

  get length(): number {
    return this.#items.length;
  }

  /** The items; `undefined` for what is no string. */
  strings(): readonly (string | undefined)[] {
    return this.#items.map(({ text }) => (/^["']/.test(text) ? parseTomlString(text) : undefined));
  }

  /** Put `itemText` before the item that has the place now, or at the end. */
  insert(index: number, itemText: string): void {
    const item: Item = { prefix: '', text: itemText, suffix: '' };
    const next = this.#items[index];
    if (next === undefined) {
      const last = this.#items.at(-1);
      // Comments after the last item stay with it.
      if (last !== undefined && !this.#hasTrailingComma && last.suffix.includes('#')) {
        this.#trailing = last.suffix + this.#trailing;
        last.suffix = '';
      }
      item.prefix = this.#trailing;
      this.#trailing = '';
    } else if (index === 0) splitPrefix(item, next);
    else {
      // A comment at the end of the line before stays there.
      item.prefix = next.prefix;
      next.prefix = '';
    }
    this.#items.splice(index, 0, item);
    this.#reformat();
  }

  /** Only the item itself changes. */
  replace(index: number, itemText: string): void {
    const item = this.#items[index];
    if (item !== undefined) item.text = itemText;
  }

  /** The same, and one item on each line. */
  replaceAndReformat(index: number, itemText: string): void {
    this.replace(index, itemText);
    this.#reformat();
  }

  /** Comments before the items stay, since they may be about others. */
  remove(indexes: readonly number[]): void {
    for (const index of indexes.toSorted((a, b) => b - a)) {
      const [item] = this.#items.splice(index, 1);
      if (item === undefined) continue;
      const next = this.#items[index];
      if (next === undefined) this.#trailing = item.prefix + this.#trailing;
      else next.prefix = item.prefix + next.prefix;
    }
    this.#reformat();
  }

  /** @param newline the document's. */
  format(newline: string): string {
    const items = this.#items.map(({ prefix, text, suffix }) => `${prefix}${text}${suffix}`).join(',');
    const raw = `${items}${this.#hasTrailingComma && this.#items.length > 0 ? ',' : ''}${this.#trailing}`;
    return `[${raw.replaceAll(/\r?\n/g, newline)}]`;
  }

  #reformat(): void {
    const last = this.#items.at(-1);
    if (!this.#hasTrailingComma && last?.suffix.includes('#') === true) {
      this.#trailing = last.suffix + this.#trailing;
      last.suffix = '';
    }
    const lineStart = `\n${indentationOf(this.#items[0]?.prefix) || '    '}`;
    for (const item of this.#items) {
      item.prefix = commentsOf(item.prefix, lineStart) + commentsOf(item.suffix, lineStart) + lineStart;
      item.suffix = '';
    }
    const comments = commentsOf(this.#trailing, lineStart);
    this.#trailing = comments !== '' || this.#items.length > 0 ? `${comments}\n` : '';
    this.#hasTrailingComma = true;
  }
}

/**
 * What stands before the first item, when another one comes before it: a comment on the bracket's line stays there, one on
 * lines of its own stays with the item.
 */
function splitPrefix(item: Item, next: Item): void {
  const [, first, rest] = /^(.*?)\r?\n(.*)$/s.exec(next.prefix) ?? [];
  if (first === undefined || rest === undefined) {
    item.prefix = next.prefix;
    return;
  }
  item.prefix = `${first}\n${linesOf(rest).at(-1) ?? ''}`;
  next.prefix = `\n${rest}`;
}

/** The end of a line ends it and begins no other. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The blank space that the line of an item begins with. */
function indentationOf(prefix = ''): string {
  const line = linesOf(prefix).at(-1) ?? '';
  const comment = line.indexOf('#');
  return comment === -1 ? line : line.slice(0, comment);
}

/** The comments of `text`: each on a line of its own, but for one that ends the line before. */
function commentsOf(text: string, lineStart: string): string {
  let found = '';
  let isAfterBlank = false;
  let isAfterComment = false;
  for (const line of linesOf(text)) {
    const at = line.indexOf('#');
    if (at !== -1) {
      const isOwnLine = isAfterBlank || isAfterComment;
      found += `${isOwnLine ? lineStart : (/\s*$/.exec(line.slice(0, at))?.[0] ?? '')}${line.slice(at).trimEnd()}`;
    }
    isAfterBlank = line.trim() === '';
    isAfterComment = at !== -1;
  }
  return found;
}
