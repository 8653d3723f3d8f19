/** Names of projects, extras and dependency groups (PEP 503, PEP 508, PEP 685). */
import { InvalidNameError } from './errors.ts';

declare const nameBrand: unique symbol;

/** A name in its one spelling: lowercase, runs of `-`, `_` and `.` made one `-`. */
export type NormalizedName = string & { readonly [nameBrand]: true };

const VALID_NAME = /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/i;
const NORMALIZED_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** @throws {InvalidNameError} when `text` is not a name: letters, digits and `-_.` inside, a letter or digit at both ends. */
export function normalizeName(text: string): NormalizedName {
  const name = tryNormalizeName(text);
  if (name === undefined) throw new InvalidNameError(text);
  return name;
}

/** As `normalizeName`; `undefined` when `text` is not a name. */
export function tryNormalizeName(text: string): NormalizedName | undefined {
  if (NORMALIZED_NAME.test(text)) return text as NormalizedName;
  if (!VALID_NAME.test(text)) return undefined;
  return text.replace(/[-_.]+/g, '-').toLowerCase() as NormalizedName;
}

/** Whether `text` already is in the normalized spelling. */
export function isNormalizedName(text: string): text is NormalizedName {
  return NORMALIZED_NAME.test(text);
}
