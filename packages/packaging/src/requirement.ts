/**
 * Requirements (PEP 508): `name[extra]>=1; marker` and `name @ URL`.
 *
 * ## Limits
 * - A requirement has a name: bare URLs and paths belong to requirements files and the command line.
 * - Variables in URLs are not expanded.
 */
import { InvalidMarkerError, InvalidSpecifierError } from './errors.ts';
import { formatMarker, parseMarker, type Marker } from './marker.ts';
import { normalizeName, type NormalizedName } from './name.ts';
import { RequirementCursor } from './requirement-cursor.ts';
import { readUrl } from './requirement-url.ts';
import { emptySpecifierSet, formatSpecifierSet, parseSpecifierSet, type SpecifierSet } from './specifier.ts';

export interface Requirement {
  readonly name: NormalizedName;
  /** The name as written. */
  readonly writtenName: string;
  /** In written order, without repetitions. */
  readonly extras: readonly NormalizedName[];
  /** Empty when every version will do, and when there is a URL. */
  readonly specifiers: SpecifierSet;
  /** A URL, or a path where the author wrote one; as written. */
  readonly url: string | undefined;
  /** `undefined` when there is none. */
  readonly marker: Marker | undefined;
}

const NAME = /[A-Za-z0-9._-]*/y;
const UNNAMED = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/|file:|\.{0,2}[/\\])/i;
const MEMO_LIMIT = 50_000;
const memo = new Map<string, Requirement>();

/** @throws {InvalidRequirementError} its message shows the text with carets below the part at fault. */
export function parseRequirement(text: string): Requirement {
  const known = memo.get(text);
  if (known !== undefined) return known;
  const requirement = readRequirement(new RequirementCursor(text));
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(text, requirement);
  return requirement;
}

/** Name and extras normalized, specifiers in written order: `name[extra]>=1,<2 ; os_name == 'nt'`. */
export function formatRequirement({ name, extras, specifiers, url, marker }: Requirement): string {
  const names = extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
  const wanted = url === undefined ? formatSpecifierSet(specifiers) : ` @ ${url}`;
  const condition = marker && formatMarker(marker);
  return names + wanted + (condition === undefined ? '' : ` ; ${condition}`);
}

function readRequirement(cursor: RequirementCursor): Requirement {
  cursor.skipSpace();
  const writtenName = readName(cursor);
  cursor.skipSpace();
  const extras = cursor.next === '[' ? readExtras(cursor) : [];
  cursor.skipSpace();
  const wanted = readWanted(cursor);
  cursor.skipSpace();
  return { name: normalizeName(writtenName), writtenName, extras, ...wanted, marker: readMarker(cursor) };
}

function readName(cursor: RequirementCursor): string {
  if (cursor.next === '') throw cursor.fault('Empty field is not allowed for PEP508', { position: 0 });
  if (UNNAMED.test(cursor.text)) {
    throw cursor.fault(
      'URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ https://...`).',
      { length: cursor.text.trim().length },
    );
  }
  if (!/[A-Za-z0-9]/.test(cursor.next)) {
    throw cursor.fault(`Expected package name starting with an alphanumeric character, found \`${cursor.next}\``);
  }
  return endOfName(cursor, cursor.take(NAME), 'Package');
}

function endOfName(cursor: RequirementCursor, name: string, kind: 'Package' | 'Extra'): string {
  const last = name.charAt(name.length - 1);
  if (/[-_.]/.test(last)) {
    throw cursor.fault(`${kind} name must end with an alphanumeric character, not \`${last}\``, {
      position: cursor.position - 1,
    });
  }
  return name;
}

/** From the `[` to the `]`. */
function readExtras(cursor: RequirementCursor): readonly NormalizedName[] {
  const opening = cursor.position;
  cursor.position += 1;
  const extras = new Set<NormalizedName>();
  for (cursor.skipSpace(); cursor.next !== ']'; cursor.skipSpace()) {
    if (extras.size > 0) readSeparator(cursor, opening);
    else if (cursor.next === ',') {
      throw cursor.fault(
        'Expected either alphanumerical character (starting the extra name) or `]` (ending the extras section), found `,`',
      );
    }
    extras.add(readExtra(cursor, opening));
  }
  cursor.position += 1;
  return [...extras];
}

function readSeparator(cursor: RequirementCursor, opening: number): void {
  requireMoreExtras(cursor, opening);
  if (cursor.next !== ',') {
    throw cursor.fault(
      `Expected either \`,\` (separating extras) or \`]\` (ending the extras section), found \`${cursor.next}\``,
    );
  }
  cursor.position += 1;
  cursor.skipSpace();
}

function readExtra(cursor: RequirementCursor, opening: number): NormalizedName {
  requireMoreExtras(cursor, opening);
  if (!/[A-Za-z0-9]/.test(cursor.next)) {
    throw cursor.fault(`Expected an alphanumeric character starting the extra name, found \`${cursor.next}\``);
  }
  return normalizeName(endOfName(cursor, cursor.take(NAME), 'Extra'));
}

function requireMoreExtras(cursor: RequirementCursor, opening: number): void {
  if (cursor.next !== '') return;
  throw cursor.fault("Missing closing bracket (expected ']', found end of dependency specification)", {
    position: opening,
  });
}

function readWanted(cursor: RequirementCursor): Pick<Requirement, 'specifiers' | 'url'> {
  const { next } = cursor;
  if (next === '' || next === ';') return { specifiers: emptySpecifierSet, url: undefined };
  if (next === '@') {
    cursor.position += 1;
    return { specifiers: emptySpecifierSet, url: readUrl(cursor) };
  }
  if (next === '(') return { specifiers: readParenthesized(cursor), url: undefined };
  if ('<=>~!'.includes(next)) return { specifiers: readSpecifiers(cursor, cursor.take(/[^;]*/y)), url: undefined };
  throw cursor.fault(`Expected one of \`@\`, \`(\`, \`<\`, \`=\`, \`>\`, \`~\`, \`!\`, \`;\`, found \`${next}\``);
}

/** `(>=1,<2)`, as old metadata writes specifiers. */
function readParenthesized(cursor: RequirementCursor): SpecifierSet {
  const opening = cursor.position;
  cursor.position += 1;
  const text = cursor.take(/[^)]*/y);
  if (cursor.next === '') {
    throw cursor.fault("Missing closing parenthesis (expected ')', found end of dependency specification)", {
      position: opening,
    });
  }
  if (text.trim() === '') throw cursor.fault('Unexpected end of version specifier, expected operator');
  const specifiers = readSpecifiers(cursor, text);
  cursor.position += 1;
  return specifiers;
}

/** @param text What stands before the cursor. */
function readSpecifiers(cursor: RequirementCursor, text: string): SpecifierSet {
  try {
    return parseSpecifierSet(text);
  } catch (error) {
    if (!(error instanceof InvalidSpecifierError)) throw error;
    const position = cursor.position - text.length + error.position;
    throw cursor.fault(error.reason, { position, length: error.length, cause: error });
  }
}

function readMarker(cursor: RequirementCursor): Marker | undefined {
  if (cursor.next === '') return undefined;
  if (cursor.next !== ';') throw cursor.fault(`Expected end of input or \`;\`, found \`${cursor.next}\``);
  cursor.position += 1;
  try {
    return parseMarker(cursor.text.slice(cursor.position));
  } catch (error) {
    if (!(error instanceof InvalidMarkerError)) throw error;
    throw cursor.fault(error.reason, {
      position: cursor.position + error.position,
      length: error.length,
      cause: error,
    });
  }
}
