import { InvalidSpecifierError } from './errors.ts';
import { parseSpecifier, type Specifier } from './specifier.ts';

/** The version specifier that an operator of a marker and the text after it make, or `undefined` when they make none. */
export function tryParseMarkerSpecifier(operator: string, text: string): Specifier | undefined {
  try {
    return parseSpecifier(`${operator}${text}`);
  } catch (error) {
    if (error instanceof InvalidSpecifierError) return undefined;
    throw error;
  }
}
