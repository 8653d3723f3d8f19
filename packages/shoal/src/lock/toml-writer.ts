/** Writes TOML in the layout of `uv.lock`. Values come in as TOML; keys are bare or quoted as they need. */

const CONTROL = /[\p{Cc}--\t]/v;
const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/** A string as TOML: between quotes that need no escapes, where there are such. */
export function textOf(text: string): string {
  if (CONTROL.test(text)) return escaped(text);
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return text.includes("'") ? escaped(text) : `'${text}'`;
}

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', String.raw`\u007F`);
}

/** `{ a = 1, b = 2 }`; entries without a value are left out. */
export function inlineTable(entries: readonly (readonly [string, string | undefined])[]): string {
  const filled = entries.filter(([, value]) => value !== undefined && value !== '');
  return filled.length === 0 ? '{}' : `{ ${filled.map(([key, value]) => `${keyOf(key)} = ${value}`).join(', ')} }`;
}

export class TomlWriter {
  readonly #parts: string[] = [];

  table(path: string): void {
    this.#parts.push(`\n[${path}]\n`);
  }

  tableOfArray(path: string): void {
    this.#parts.push(`\n[[${path}]]\n`);
  }

  entry(key: string, value: string): void {
    this.#parts.push(`${keyOf(key)} = ${value}\n`);
  }

  /** Nothing when there is no text. */
  text(key: string, text: string | undefined): void {
    if (text !== undefined) this.entry(key, textOf(text));
  }

  /** An array on one line. */
  inline(key: string, values: readonly string[]): void {
    this.entry(key, `[${values.join(', ')}]`);
  }

  /** An array with a line for each value; nothing when there are none. */
  lines(key: string, values: readonly string[]): void {
    if (values.length > 0) this.entry(key, `[\n${values.map((value) => `    ${value},\n`).join('')}]`);
  }

  /** A single value on the line of the key, several on lines of their own; nothing when there are none. */
  list(key: string, values: readonly string[]): void {
    if (values.length === 1) this.inline(key, values);
    else this.lines(key, values);
  }

  toString(): string {
    return this.#parts.join('');
  }
}

function keyOf(key: string): string {
  return BARE_KEY.test(key) ? key : textOf(key);
}
