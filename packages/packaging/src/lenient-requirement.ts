/**
 * Requirements and specifiers of published metadata that do not follow the
 * standards, but whose meaning is plain: `>=1.9.*`, `>=3.6,`, `>=7.2.0<8.0.0`.
 *
 * The repairs are uv's, in uv's order. They are tried only on a text that does
 * not parse, each on the result of those before it, until it parses.
 */
import { InvalidRequirementError, InvalidSpecifierError } from './errors.ts';
import { parseRequirement, type Requirement } from './requirement.ts';
import { parseSpecifierSet, type SpecifierSet } from './specifier.ts';

const REPAIRS: readonly ((text: string) => string)[] = [
  // `>=7.2.0<8.0.0`: a comma is missing.
  (text) => text.replace(/(\d)([<>=~^!])/g, '$1,$2'),
  // `!=~5.0`: a wildcard is meant.
  (text) => text.replace(/!=~((?:\d\.)*\d)/g, '!=$1.*'),
  // `>=1.9.*`: only `==` and `!=` have wildcards.
  (text) => text.replace(/(<=|>=|<|>)(\d+(?:\.\d+)*)\.\*/g, '$1$2'),
  // `!=3.0*`: a dot is missing.
  (text) => text.replace(/(\d\.\d)+\*/g, '$1.*'),
  // `>=3.6,`
  (text) => text.replace(/,\s*$/, ''),
  // `>dev`: above the lowest of all versions.
  (text) => text.replaceAll('>dev', '>0.0.0dev'),
  // `>=9.0.0a1.0`: nothing follows a pre-release number.
  (text) => text.replace(/(\d+(?:\.\d)*(?:a|b|rc|post|dev)\d+)\.0/g, '$1'),
  removeStrayQuotes,
];

/** As `parseRequirement`, after repairs. @throws {InvalidRequirementError} about the text as given. */
export function parseLenientRequirement(text: string): Requirement {
  return parseRepaired(text, parseRequirement);
}

/** As `parseSpecifierSet`, after repairs. @throws {InvalidSpecifierError} about the text as given. */
export function parseLenientSpecifierSet(text: string): SpecifierSet {
  return parseRepaired(text, parseSpecifierSet);
}

function parseRepaired<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
    const repaired = firstThatParses(repairsOf(text), parse);
    if (repaired === undefined) throw error;
    return repaired.value;
  }
}

/** The text after one, two, … repairs, where a repair changes it. */
function* repairsOf(text: string): Generator<string> {
  let current = text;
  for (const repair of REPAIRS) {
    const repaired = repair(current);
    if (repaired === current) continue;
    current = repaired;
    yield current;
  }
}

function firstThatParses<T>(texts: Iterable<string>, parse: (text: string) => T): { readonly value: T } | undefined {
  for (const text of texts) {
    try {
      return { value: parse(text) };
    } catch (error) {
      if (!isSyntaxError(error)) throw error;
    }
  }
  return undefined;
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof InvalidRequirementError || error instanceof InvalidSpecifierError;
}

/** `>=3.6'`; the quotes of a marker are not stray. */
function removeStrayQuotes(text: string): string {
  const end = text.includes(';') ? text.indexOf(';') : text.length;
  return text.slice(0, end).replace(/['"]/g, '') + text.slice(end);
}
