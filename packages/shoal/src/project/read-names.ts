/** Names, requirements, markers and specifiers read from TOML tables; what is none of them is an error of the file. */
import { normalizeName, PackagingError, parseMarker, parseRequirement, parseSpecifierSet } from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import type { TomlTable } from './toml-table.ts';

/** @throws when the key is absent. */
export function readName(table: TomlTable, key: string): NormalizedName {
  const name = table.required(key, table.text(key));
  return table.reading(key, isPackagingError, () => normalizeName(name));
}

/** `undefined` when the key is absent. */
export function readOptionalName(table: TomlTable, key: string): NormalizedName | undefined {
  return table.has(key) ? readName(table, key) : undefined;
}

export function readNames(table: TomlTable, key: string): readonly NormalizedName[] {
  return table.reading(key, isPackagingError, () => table.texts(key).map((name) => normalizeName(name)));
}

/** The keys of a table, normalized, in written order. */
export function readKeys(table: TomlTable): readonly (readonly [NormalizedName, string])[] {
  return table.keys().map((key) => [table.reading(key, isPackagingError, () => normalizeName(key)), key] as const);
}

export function readRequirements(table: TomlTable, key: string): readonly Requirement[] {
  return table.reading(key, isPackagingError, () => table.texts(key).map((text) => parseRequirement(text)));
}

/** `undefined` when the key is absent. */
export function readSpecifiers(table: TomlTable, key: string): SpecifierSet | undefined {
  const text = table.text(key);
  return text === undefined ? undefined : table.reading(key, isPackagingError, () => parseSpecifierSet(text));
}

/** `undefined` when the key is absent. */
export function readMarker(table: TomlTable, key: string): Marker | undefined {
  const text = table.text(key);
  return text === undefined ? undefined : table.reading(key, isPackagingError, () => parseMarker(text));
}

/** A marker or a list of them. */
export function readMarkers(table: TomlTable, key: string): readonly Marker[] {
  const texts = Array.isArray(table.raw[key])
    ? table.texts(key)
    : [table.text(key)].filter((text) => text !== undefined);
  return table.reading(key, isPackagingError, () => texts.map((text) => parseMarker(text)));
}

function isPackagingError(error: unknown): error is PackagingError {
  return error instanceof PackagingError;
}
