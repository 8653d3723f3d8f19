/** Settings of all files together. Of single values the first file counts, lists and tables are joined, the first file's in front. */
import { dirname, isAbsolute, join } from 'node:path';
import { indexSetting, isTable } from './settings-layer.ts';
import type { IndexSetting, SettingsLayer } from './settings-layer.ts';

export class Settings {
  /** In order of precedence; of each file what is for `pip` alone before the rest. */
  readonly #tables: readonly { readonly path: string; readonly table: Readonly<Record<string, unknown>> }[];

  /** @param isPip The command is one of those below `pip`. */
  constructor(layers: readonly SettingsLayer[], isPip: boolean) {
    const pip = isPip ? layers.map(({ path, pip: table }) => ({ path, table })) : [];
    this.#tables = [...pip, ...layers.map(({ path, top: table }) => ({ path, table }))];
  }

  has(key: string): boolean {
    return this.#first(key) !== undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#first(key);
    return typeof value === 'boolean' ? value : undefined;
  }

  text(key: string): string | undefined {
    const value = this.#first(key);
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' ? value : undefined;
  }

  texts(key: string): readonly string[] {
    return this.#all(key).flatMap((value) =>
      Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [],
    );
  }

  /** The first of several places that say something about a key decides. */
  pairs(key: string): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const table of this.#all(key)) {
      for (const [name, value] of isTable(table) ? Object.entries(table) : [])
        if (!found.has(name)) found.set(name, Array.isArray(value) ? value.map(String) : [String(value)]);
    }
    return found;
  }

  /** `name:key=value` of a table of tables. */
  nestedPairs(key: string): readonly string[] {
    return this.#all(key).flatMap((table) =>
      Object.entries(isTable(table) ? table : {}).flatMap(([name, inner]) =>
        Object.entries(isTable(inner) ? inner : {}).flatMap(([inside, value]) =>
          [value].flat().map((one) => `${name}:${inside}=${String(one)}`),
        ),
      ),
    );
  }

  /** Paths are absolute, from the folder of the file that they stand in on. */
  indexes(): readonly IndexSetting[] {
    return this.#tables.flatMap(({ path, table }) => {
      const { index } = table;
      return Array.isArray(index)
        ? index.map((one) => {
            const found = indexSetting(one);
            return { ...found, url: placed(found.url, path) };
          })
        : [];
    });
  }

  /** A list of places, each from the folder of its file on. */
  places(key: string): readonly string[] {
    return this.#tables.flatMap(({ path, table }) => {
      const value = table[key];
      return [value ?? []].flat().flatMap((one: unknown) => (typeof one === 'string' ? [placed(one, path)] : []));
    });
  }

  #first(key: string): unknown {
    return this.#tables.find(({ table }) => table[key] !== undefined)?.table[key];
  }

  #all(key: string): readonly unknown[] {
    return this.#tables.flatMap(({ table }) => (table[key] === undefined ? [] : [table[key]]));
  }
}

/** Relative paths start at the folder of the file. */
function placed(written: string, path: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(written) || isAbsolute(written) ? written : join(dirname(path), written);
}
