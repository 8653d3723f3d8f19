/** The settings of one file, each in the kind that it should have. */
import { parse, TomlError } from 'smol-toml';
import { OperationalError } from '@shoal/cache';
import { PIP, PROJECT_ONLY, TOP_LEVEL } from './known-settings.ts';
import type { SettingKind } from './known-settings.ts';

type Table = Readonly<Record<string, unknown>>;

/** `[[index]]`. */
export interface IndexSetting {
  readonly name: string | undefined;
  /** As written. */
  readonly url: string;
  readonly isDefault: boolean;
  readonly explicit: boolean;
  readonly format: 'simple' | 'flat';
}

export interface SettingsLayer {
  /** Absolute: of the file. */
  readonly path: string;
  /** Checked values by their keys. */
  readonly top: Table;
  readonly pip: Table;
  /** What is to be said of the file. */
  readonly warnings: readonly string[];
}

/** A settings file cannot be understood. */
export class SettingsError extends OperationalError {
  override readonly code = 'SETTINGS';
  readonly path: string;

  constructor(path: string, message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, options);
    this.path = path;
  }
}

/**
 * Read `uv.toml`.
 *
 * @throws {SettingsError} for what is no TOML, for values that do not fit, and for keys of projects.
 */
export function readUvToml(text: string, path: string): SettingsLayer {
  const document = parseToml(text, path);
  const own = Object.keys(document).find((key) => PROJECT_ONLY[key] !== undefined);
  if (own !== undefined)
    throw new SettingsError(
      path,
      `Failed to parse: \`${path}\`. The \`${own}\` field is not allowed in a \`uv.toml\` file. \`${own}\` is only applicable in the context of a project, and should be placed in a \`pyproject.toml\` file instead.`,
    );
  const reader = new LayerReader(path, '');
  const layer = reader.layer(document);
  const [fault] = reader.faults;
  if (fault !== undefined) throw new SettingsError(path, fault);
  return { ...layer, warnings: reader.unknown };
}

/** `[tool.uv]`; `undefined` when the file has none. Values that do not fit are named, and left out. @throws {SettingsError} for what is no TOML. */
export function readToolTable(text: string, path: string): SettingsLayer | undefined {
  const { tool } = parseToml(text, path);
  const uv = isTable(tool) ? tool['uv'] : undefined;
  if (!isTable(uv)) return undefined;
  const reader = new LayerReader(path, 'tool.uv.');
  const layer = reader.layer(uv);
  return { ...layer, warnings: [...reader.unknown, ...reader.faults.map((fault) => `${fault}; it is ignored`)] };
}

class LayerReader {
  readonly unknown: string[] = [];
  readonly faults: string[] = [];
  readonly #path: string;
  readonly #prefix: string;

  constructor(path: string, prefix: string) {
    this.#path = path;
    this.#prefix = prefix;
  }

  layer(document: Table): Omit<SettingsLayer, 'warnings'> {
    const { pip } = document;
    return {
      path: this.#path,
      top: this.#checked(document, { ...TOP_LEVEL, ...PROJECT_ONLY }, this.#prefix),
      pip: isTable(pip) ? this.#checked(pip, PIP, `${this.#prefix}pip.`) : {},
    };
  }

  #checked(table: Table, kinds: Readonly<Record<string, SettingKind>>, prefix: string): Table {
    const found: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(table)) {
      const kind = kinds[key];
      if (kind === undefined) this.unknown.push(`Unknown setting \`${prefix}${key}\` in \`${this.#path}\``);
      else if (fits(value, kind)) found[key] = value;
      else this.faults.push(`\`${prefix}${key}\` in \`${this.#path}\` must be ${WORDS[kind]}`);
    }
    return found;
  }
}

const WORDS: Readonly<Record<SettingKind, string>> = {
  flag: '`true` or `false`',
  text: 'a string',
  number: 'a whole number above zero',
  texts: 'a list of strings',
  map: 'a table of strings',
  maps: 'a table of tables of strings',
  indexes: 'a list of tables, each with a `url`; an `explicit` one has a `name`',
  other: 'something else',
};

function fits(value: unknown, kind: SettingKind): boolean {
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0;
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'map':
      return isTable(value) && Object.values(value).every(isMapped);
    case 'maps':
      return isTable(value) && Object.values(value).every((one) => isTable(one) && Object.values(one).every(isMapped));
    case 'indexes':
      return Array.isArray(value) && value.every(isIndex);
    case 'other':
      return true;
  }
}

/** `exclude-newer-package` says `false` for projects that no limit holds for. */
function isMapped(value: unknown): boolean {
  return typeof value === 'string' || value === false || fits(value, 'texts');
}

function isIndex(value: unknown): boolean {
  return (
    isTable(value) &&
    typeof value['url'] === 'string' &&
    (value['explicit'] !== true || typeof value['name'] === 'string')
  );
}

/** An element of `index` that was checked. */
export function indexSetting(value: unknown): IndexSetting {
  const table = isTable(value) ? value : {};
  const { name, url } = table;
  return {
    name: typeof name === 'string' ? name : undefined,
    url: typeof url === 'string' ? url : '',
    isDefault: table['default'] === true,
    explicit: table['explicit'] === true,
    format: table['format'] === 'flat' ? 'flat' : 'simple',
  };
}

function parseToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new SettingsError(path, `Failed to parse: \`${path}\` at ${path}:${error.line}:${error.column}`, {
      cause: error,
    });
  }
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
