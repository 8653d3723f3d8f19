/** Strings and keys as TOML text. */
import { parse } from 'smol-toml';

const CONTROL = String.raw`[\u0000-\u001f\u007f]`;

/** In double quotes, or in single ones where that saves escapes. */
export function formatTomlString(value: string): string {
  if (/["\\]/.test(value) && !value.includes("'") && !new RegExp(CONTROL).test(value)) return `'${value}'`;
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(new RegExp(CONTROL, 'g'), escapeOf)}"`;
}

const SHORT: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r' };

function escapeOf(character: string): string {
  const short = SHORT[character];
  return short === undefined ? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` : `\\${short}`;
}

/** Bare where it can be. */
export function formatTomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : formatTomlString(key);
}

/** `{ key = "text", flag = true }`; what is `undefined` is left out. */
export function formatInlineTable(fields: Readonly<Record<string, string | boolean | undefined>>): string {
  const parts = Object.entries(fields).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [`${formatTomlKey(key)} = ${typeof value === 'string' ? formatTomlString(value) : String(value)}`];
  });
  return `{ ${parts.join(', ')} }`;
}

/** What a string in quotes says. @throws {TomlError} for text that is no string. */
export function parseTomlString(raw: string): string {
  const { value } = parse(`value = ${raw}`);
  return typeof value === 'string' ? value : raw;
}
