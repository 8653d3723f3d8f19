/** Version specifiers (PEP 440): `>=1.2`, `==2.*`, and comma-separated sets of them. */
import { InvalidSpecifierError } from './errors.ts';
import { rangeOfSpecifier } from './specifier-range.ts';
import { rangeContains } from './version-range.ts';
import { describeInvalidVersion, formatVersion, isPrerelease, tryParseVersion, type Version } from './version.ts';

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

export interface Specifier {
  readonly operator: Operator;
  /** `undefined` when `===` compares with something that is no version. */
  readonly version: Version | undefined;
  /** Whether `.*` follows the version: `==1.2.*`. */
  readonly wildcard: boolean;
  /** The version as written, with its `.*`. */
  readonly versionText: string;
}

/** The specifiers in written order. An empty set allows every version. */
export interface SpecifierSet {
  readonly specifiers: readonly Specifier[];
}

export const emptySpecifierSet: SpecifierSet = { specifiers: [] };

const OPERATOR = /^\s*(===|[<>=~!]*)\s*(\S.*?)?\s*$/s;
const OPERATORS: ReadonlySet<string> = new Set<Operator>(['==', '!=', '<=', '>=', '<', '>', '~=', '===']);
const MEMO_LIMIT = 100_000;
const memo = new Map<string, Specifier>();
const setMemo = new Map<string, SpecifierSet>();

/** @throws {InvalidSpecifierError} */
export function parseSpecifier(text: string): Specifier {
  const specifier = readSpecifier(text);
  if (typeof specifier === 'string')
    throw new InvalidSpecifierError(specifier, { text, position: 0, length: text.length });
  return specifier;
}

/** An empty text is the empty set; one comma may trail. @throws {InvalidSpecifierError} `position` and `length` mark the specifier at fault. */
export function parseSpecifierSet(text: string): SpecifierSet {
  const known = setMemo.get(text);
  if (known !== undefined) return known;
  const set = text.trim() === '' ? emptySpecifierSet : { specifiers: readSpecifiers(text) };
  if (setMemo.size >= MEMO_LIMIT) setMemo.clear();
  setMemo.set(text, set);
  return set;
}

/** As `parseSpecifierSet`; `undefined` when the text is at fault. */
export function tryParseSpecifierSet(text: string): SpecifierSet | undefined {
  try {
    return parseSpecifierSet(text);
  } catch (error) {
    if (error instanceof InvalidSpecifierError) return undefined;
    throw error;
  }
}

/** Normalized: `>=1.0rc1` for `>= 1.0-RC1`. */
export function formatSpecifier({ operator, version, wildcard, versionText }: Specifier): string {
  if (version === undefined) return `${operator}${versionText}`;
  return `${operator}${formatVersion(version)}${wildcard ? '.*' : ''}`;
}

/** In written order, comma-separated without spaces: `>=1,<2`. Empty for the empty set. */
export function formatSpecifierSet(set: SpecifierSet): string {
  return set.specifiers.map(formatSpecifier).join(',');
}

/** Whether the version matches, whatever the pre-release policy. `===` compares normalized spellings. */
export function specifierContains(specifier: Specifier, version: Version): boolean {
  if (specifier.operator === '===') return specifier.versionText.toLowerCase() === formatVersion(version);
  return rangeContains(rangeOfSpecifier(specifier), version);
}

/**
 * Whether the version matches all specifiers.
 *
 * @param options With `prereleases: false` no pre-release matches. Otherwise they do: a version
 *   asked about alone has no final release beside it that PEP 440 would prefer.
 */
export function specifierSetContains(
  set: SpecifierSet,
  version: Version,
  options?: { readonly prereleases?: boolean },
): boolean {
  if (options?.prereleases === false && isPrerelease(version)) return false;
  return set.specifiers.every((specifier) => specifierContains(specifier, version));
}

/** Whether the set itself asks for pre-releases by naming one, which `!=` and `==….*` do not. */
export function allowsPrereleases(set: SpecifierSet): boolean {
  return set.specifiers.some(
    ({ operator, version, wildcard }) =>
      operator !== '!=' && !wildcard && version !== undefined && isPrerelease(version),
  );
}

function readSpecifiers(text: string): readonly Specifier[] {
  const parts = text.split(',');
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  let position = 0;
  return parts.map((part) => {
    const specifier = readSpecifier(part);
    if (typeof specifier === 'string')
      throw new InvalidSpecifierError(specifier, { text, ...spanOfTrimmed(part, position) });
    position += part.length + 1;
    return specifier;
  });
}

function spanOfTrimmed(part: string, position: number): { position: number; length: number } {
  return { position: position + part.length - part.trimStart().length, length: part.trim().length };
}

/** @returns What is wrong, when the text is no specifier. */
function readSpecifier(text: string): Specifier | string {
  const known = memo.get(text);
  if (known !== undefined) return known;
  const [, operator = '', versionText] = OPERATOR.exec(text) ?? [];
  if (operator === '') return missingOperator(versionText);
  if (!OPERATORS.has(operator))
    return `no such comparison operator "${operator}", must be one of ~= == != <= >= < > ===`;
  if (versionText === undefined) return 'Unexpected end of version specifier, expected version';
  const trailing = /\s\s*(.*)$/s.exec(versionText)?.[1];
  if (trailing !== undefined) return `Trailing \`${trailing}\` is not allowed`;
  const specifier = makeSpecifier(operator as Operator, versionText);
  if (typeof specifier === 'string') return specifier;
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(text, specifier);
  return specifier;
}

function missingOperator(versionText: string | undefined): string {
  const complaint = 'Unexpected end of version specifier, expected operator';
  const isVersion = versionText !== undefined && tryParseVersion(versionText) !== undefined;
  return isVersion ? `${complaint}. Did you mean \`==${versionText}\`?` : complaint;
}

function makeSpecifier(operator: Operator, versionText: string): Specifier | string {
  const wildcard = operator !== '===' && versionText.endsWith('.*');
  const version = tryParseVersion(wildcard ? versionText.slice(0, -2) : versionText);
  if (version === undefined) {
    if (operator !== '===' || /[;)]/.test(versionText)) return describeInvalidVersion(versionText);
  } else {
    const complaint = complaintAbout(operator, version, wildcard);
    if (complaint !== undefined) return complaint;
  }
  return { operator, version, wildcard, versionText };
}

function complaintAbout(operator: Operator, version: Version, wildcard: boolean): string | undefined {
  if (wildcard && operator !== '==' && operator !== '!=') {
    return `Operator ${operator} cannot be used with a wildcard version specifier`;
  }
  if (wildcard && version.local !== undefined) return describeInvalidVersion(`${version.text}.*`);
  if (wildcard && (isPrerelease(version) || version.post !== undefined)) {
    return `after parsing \`${version.text}\`, found \`.*\`, which is not part of a valid version`;
  }
  if (version.local !== undefined && operator !== '==' && operator !== '!=' && operator !== '===') {
    return `Operator ${operator} is incompatible with versions containing non-empty local segments (\`+${version.local.join('.')}\`)`;
  }
  if (operator === '~=' && version.release.length < 2) {
    return 'The ~= operator requires at least two segments in the release version';
  }
  return undefined;
}
