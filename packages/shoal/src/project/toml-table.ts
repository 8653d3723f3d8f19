/** A parsed TOML table that is read key by key, each in the kind that is expected; what does not fit is an error of the file. */
import { parse, TomlError } from 'smol-toml';

type Table = Readonly<Record<string, unknown>>;

/** Makes the error of a file out of what is wrong with it. */
export type TomlFault = (message: string, cause?: Error) => Error;

export class TomlTable {
  /** As the parser gave it. */
  readonly raw: Table;
  readonly #place: string;
  readonly #fault: TomlFault;

  /** @param place How messages name the table: `tool.uv`; empty for the document. */
  constructor(raw: Table, place: string, fault: TomlFault) {
    this.raw = raw;
    this.#place = place;
    this.#fault = fault;
  }

  /** @throws what `fault` makes, with line and column, when `text` is no TOML. */
  static parse(text: string, shown: string, fault: TomlFault): TomlTable {
    try {
      return new TomlTable(parse(text), '', fault);
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      throw fault(`Failed to parse \`${shown}\` at ${shown}:${error.line}:${error.column}`, error);
    }
  }

  keys(): readonly string[] {
    return Object.keys(this.raw);
  }

  has(key: string): boolean {
    return this.raw[key] !== undefined;
  }

  text(key: string): string | undefined {
    return this.#of(key, 'a string', isText);
  }

  boolean(key: string): boolean | undefined {
    return this.#of(key, 'true or false', isBoolean);
  }

  integer(key: string): number | undefined {
    return this.#of(key, 'an integer', isInteger);
  }

  table(key: string): TomlTable | undefined {
    const raw = this.#of(key, 'a table', isTable);
    return raw === undefined ? undefined : new TomlTable(raw, this.nameOf(key), this.#fault);
  }

  /** Empty when the key is absent. */
  list(key: string): readonly unknown[] {
    return this.#of(key, 'an array', isList) ?? [];
  }

  texts(key: string): readonly string[] {
    return this.list(key).map((value) => {
      if (!isText(value)) throw this.fault(`\`${this.nameOf(key)}\` holds something that is no string`);
      return value;
    });
  }

  tables(key: string): readonly TomlTable[] {
    return this.list(key).map((value) => this.element(key, value));
  }

  /** An element of the list at `key`, which must be a table. */
  element(key: string, value: unknown): TomlTable {
    if (!isTable(value)) throw this.fault(`\`${this.nameOf(key)}\` holds something that is no table`);
    return new TomlTable(value, this.nameOf(key), this.#fault);
  }

  /** A table of the same name with other entries. */
  with(raw: Table): TomlTable {
    return new TomlTable(raw, this.#place, this.#fault);
  }

  /** @throws when the key is absent. */
  required<Value>(key: string, value: Value | undefined): Value {
    if (value === undefined) throw this.fault(`\`${this.nameOf(key)}\` is missing`);
    return value;
  }

  /** Run `read`, and make an error of the file out of what it throws and `isExpected` knows. */
  reading<Result>(key: string, isExpected: (error: unknown) => error is Error, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (!isExpected(error)) throw error;
      throw this.#fault(`\`${this.nameOf(key)}\` is not valid`, error);
    }
  }

  fault(message: string): Error {
    return this.#fault(message);
  }

  nameOf(key: string): string {
    return this.#place === '' ? key : `${this.#place}.${key}`;
  }

  #of<Value>(key: string, kind: string, is: (value: unknown) => value is Value): Value | undefined {
    const value = this.raw[key];
    if (value === undefined || is(value)) return value;
    throw this.fault(`\`${this.nameOf(key)}\` must be ${kind}`);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
