/**
 * Where everything stands in a TOML text: tables, keys and values with their places, so that an edit can change the bytes that
 * it is about and no others. The text must be valid TOML; whoever edits has parsed it already.
 *
 * @see https://toml.io/en/v1.0.0
 */
import { parseTomlString } from './toml-string.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ArrayValue extends Span {
  readonly kind: 'array';
  readonly items: readonly TomlValue[];
  /** Where the commas stand, the last one after the last item when there is one. */
  readonly commas: readonly number[];
}

export interface InlineTable extends Span {
  readonly kind: 'inline-table';
  readonly entries: readonly KeyValue[];
}

export type TomlValue = ArrayValue | InlineTable | (Span & { readonly kind: 'scalar' });

/** `a.b = value`; the span is from the key to the end of the value. */
export interface KeyValue extends Span {
  readonly keys: readonly string[];
  /** From the first key to the last. */
  readonly keySpan: Span;
  readonly value: TomlValue;
}

/** A key and its value on lines of their own. */
export interface TomlEntry extends KeyValue {
  /** After the line's end, a comment included. */
  readonly lineEnd: number;
}

export interface TomlTable {
  readonly path: readonly string[];
  /** `[[path]]`. */
  readonly isArray: boolean;
  /** The header's line, its end included; empty at 0 for what stands before the first header. */
  readonly header: Span;
  readonly entries: readonly TomlEntry[];
}

/** All tables in the order of their headers, what stands before the first header in front. */
export function scanToml(text: string): readonly TomlTable[] {
  return new Scanner(text).document();
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\u{feff}')) this.#at = 1;
  }

  document(): readonly TomlTable[] {
    const tables: (TomlTable & { readonly entries: TomlEntry[] })[] = [
      { path: [], isArray: false, header: { start: this.#at, end: this.#at }, entries: [] },
    ];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#text[this.#at] === '[') tables.push({ ...this.#header(), entries: [] });
      else tables.at(-1)?.entries.push(this.#entry());
    }
    return tables;
  }

  #header(): Omit<TomlTable, 'entries'> {
    const start = this.#at;
    const isArray = this.#text.startsWith('[[', start);
    this.#at += isArray ? 2 : 1;
    const { keys } = this.#keyPath();
    this.#at += isArray ? 2 : 1;
    return { path: keys, isArray, header: { start, end: this.#lineEnd() } };
  }

  #entry(): TomlEntry {
    const entry = this.#keyValue();
    return { ...entry, lineEnd: this.#lineEnd() };
  }

  #keyValue(): KeyValue {
    const start = this.#at;
    const { keys, keySpan } = this.#keyPath();
    this.#at += 1;
    this.#skipSpaces();
    const value = this.#value();
    return { start, end: value.end, keys, keySpan, value };
  }

  /** Keys and dots up to what is neither: `=` or `]`. */
  #keyPath(): Pick<KeyValue, 'keys' | 'keySpan'> {
    this.#skipSpaces();
    const start = this.#at;
    const keys: string[] = [];
    let end = start;
    for (;;) {
      this.#skipSpaces();
      keys.push(this.#key());
      end = this.#at;
      this.#skipSpaces();
      if (this.#text[this.#at] !== '.') return { keys, keySpan: { start, end } };
      this.#at += 1;
    }
  }

  #key(): string {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === '"' || quote === "'") {
      this.#skipString();
      const raw = this.#text.slice(start, this.#at);
      return parseTomlString(raw);
    }
    this.#at = this.#endOf(/[^A-Za-z0-9_-]/g);
    return this.#text.slice(start, this.#at);
  }

  #value(): TomlValue {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '[') return this.#array(start);
    if (first === '{') return this.#inlineTable(start);
    if (first === '"' || first === "'") {
      this.#skipString();
      return { kind: 'scalar', start, end: this.#at };
    }
    const stop = this.#endOf(/[,\]}#\r\n]/g);
    this.#at = start + this.#text.slice(start, stop).trimEnd().length;
    return { kind: 'scalar', start, end: this.#at };
  }

  #array(start: number): ArrayValue {
    const items: TomlValue[] = [];
    const commas: number[] = [];
    this.#at += 1;
    for (this.#skipBlank(); this.#text[this.#at] !== ']'; this.#skipBlank()) {
      this.#failAtEnd();
      if (this.#text[this.#at] === ',') {
        commas.push(this.#at);
        this.#at += 1;
      } else items.push(this.#value());
    }
    this.#at += 1;
    return { kind: 'array', start, end: this.#at, items, commas };
  }

  #inlineTable(start: number): InlineTable {
    const entries: KeyValue[] = [];
    this.#at += 1;
    for (this.#skipBlank(); this.#text[this.#at] !== '}'; this.#skipBlank()) {
      this.#failAtEnd();
      if (this.#text[this.#at] === ',') this.#at += 1;
      else entries.push(this.#keyValue());
    }
    this.#at += 1;
    return { kind: 'inline-table', start, end: this.#at, entries };
  }

  #skipString(): void {
    const quote = this.#text[this.#at] ?? '';
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const closing = isLong ? quote.repeat(3) : quote;
    for (this.#at += closing.length; !this.#text.startsWith(closing, this.#at); this.#at += 1) {
      this.#failAtEnd();
      if (quote === '"' && this.#text[this.#at] === '\\') this.#at += 1;
    }
    this.#at += closing.length;
    // Up to two quotes may stand before the closing three.
    if (isLong) for (let extra = 0; extra < 2 && this.#text[this.#at] === quote; extra += 1) this.#at += 1;
  }

  #skipSpaces(): void {
    this.#at = this.#endOf(/[^ \t]/g);
  }

  /** Spaces, line ends and comments. */
  #skipBlank(): void {
    for (;;) {
      this.#at = this.#endOf(/[^ \t\r\n]/g);
      if (this.#text[this.#at] !== '#') return;
      this.#at = this.#endOf(/\n/g);
    }
  }

  /** Move to after the line's end. */
  #lineEnd(): number {
    this.#at = Math.min(this.#endOf(/\n/g) + 1, this.#text.length);
    return this.#at;
  }

  #endOf(stop: RegExp): number {
    stop.lastIndex = this.#at;
    return stop.exec(this.#text)?.index ?? this.#text.length;
  }

  #failAtEnd(): void {
    if (this.#at >= this.#text.length) throw new TypeError('the text is no TOML');
  }
}
