/**
 * Requirements files: pip's format, one entry a line. Pure text; whoever reads the file follows its `-r` and `-c` entries.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
import { PackagingError } from './errors.ts';
import { logicalLines } from './logical-lines.ts';
import type { LogicalLine } from './logical-lines.ts';
import { parseRequirement } from './requirement.ts';
import type { Requirement } from './requirement.ts';

/** One entry and the line that it begins on, counted from 1. */
export type RequirementsFileEntry = { readonly line: number } & (
  | { readonly kind: 'requirement'; readonly requirement: Requirement; readonly hashes: readonly string[] }
  | {
      readonly kind: 'unnamed';
      /** A URL or path, with extras and marker as written. */ readonly location: string;
      readonly hashes: readonly string[];
    }
  | { readonly kind: 'editable'; readonly location: string }
  | { readonly kind: 'include'; readonly path: string }
  | { readonly kind: 'constraint'; readonly path: string }
  | { readonly kind: 'index-url' | 'extra-index-url' | 'find-links'; readonly location: string }
  | { readonly kind: 'no-index' | 'pre' | 'require-hashes' }
  | { readonly kind: 'no-binary' | 'only-binary'; /** `:all:`, `:none:` or names. */ readonly names: readonly string[] }
  /** An option of pip that changes nothing here, or is asked for in another way. */
  | { readonly kind: 'unsupported'; readonly option: string }
);

/** A line of a requirements file that cannot be read. `line` and `column` count from 1. */
export class InvalidRequirementsFileError extends PackagingError {
  readonly line: number;
  readonly column: number;

  constructor(
    reason: string,
    { line, column, cause }: { readonly line: number; readonly column: number; readonly cause?: unknown },
  ) {
    super('INVALID_REQUIREMENTS_FILE', reason, cause === undefined ? {} : { cause });
    this.line = line;
    this.column = column;
  }
}

export interface RequirementsFileOptions {
  /** Values for `${NAME}`; names that are absent stay as they are written. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** All entries of a file, in order. @throws {InvalidRequirementsFileError} */
export function parseRequirementsFile(text: string, options: RequirementsFileOptions): RequirementsFileEntry[] {
  return logicalLines(text).map((line) => entryOf({ ...line, text: expandVariables(line.text, options.variables) }));
}

/** `${NAME}` with capital letters, digits and underscores only, as in pip. */
function expandVariables(text: string, variables: RequirementsFileOptions['variables']): string {
  return text.includes('${')
    ? text.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (written, name: string) => variables[name] || written)
    : text;
}

type EntryBody<Entry = RequirementsFileEntry> = Entry extends { readonly line: number } ? Omit<Entry, 'line'> : never;
type OptionReader = (value: string) => EntryBody;

const WITH_VALUE: ReadonlyMap<string, OptionReader> = new Map<string, OptionReader>([
  ...spelled(['-r', '--requirement', '--requirements'], (path) => ({ kind: 'include', path })),
  ...spelled(['-c', '--constraint', '--constraints'], (path) => ({ kind: 'constraint', path })),
  ...spelled(['-e', '--editable'], (location) => ({ kind: 'editable', location })),
  ...spelled(['-i', '--index-url', '--pypi-url'], (location) => ({ kind: 'index-url', location })),
  ...spelled(['--extra-index-url'], (location) => ({ kind: 'extra-index-url', location })),
  ...spelled(['-f', '--find-links'], (location) => ({ kind: 'find-links', location })),
  ...spelled(['--no-binary'], (names) => ({ kind: 'no-binary', names: splitNames(names) })),
  ...spelled(['--only-binary'], (names) => ({ kind: 'only-binary', names: splitNames(names) })),
  ...spelled(['--trusted-host'], () => ({ kind: 'unsupported', option: '--trusted-host' })),
  ...spelled(['--use-feature'], () => ({ kind: 'unsupported', option: '--use-feature' })),
]);

const SWITCHES: ReadonlyMap<string, EntryBody> = new Map<string, EntryBody>([
  ['--no-index', { kind: 'no-index' }],
  ['--pre', { kind: 'pre' }],
  ['--require-hashes', { kind: 'require-hashes' }],
  ['--prefer-binary', { kind: 'unsupported', option: '--prefer-binary' }],
]);

function spelled(flags: readonly string[], reader: OptionReader): (readonly [string, OptionReader])[] {
  return flags.map((flag) => [flag, reader] as const);
}

function splitNames(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

function entryOf(line: LogicalLine): RequirementsFileEntry {
  return line.text.startsWith('-')
    ? { ...optionOf(line), line: line.number }
    : { ...requirementOf(line), line: line.number };
}

function optionOf({ text, number, column }: LogicalLine): EntryBody {
  const [, flag = '', rest = ''] = /^(--?[A-Za-z][\w-]*)(.*)$/s.exec(text) ?? [];
  const fixed = SWITCHES.get(flag);
  if (fixed !== undefined && rest.trim() === '') return fixed;
  const [spelling, value] = WITH_VALUE.has(flag) ? [flag, rest] : [text.slice(0, 2), text.slice(2)];
  const reader = WITH_VALUE.get(spelling);
  if (reader === undefined)
    throw new InvalidRequirementsFileError(`Unexpected option \`${flag || text}\``, { line: number, column });
  const argument = unquoted(value.replace(/^\s*=\s*|^\s+/, '').trim());
  if (argument === '')
    throw new InvalidRequirementsFileError(`\`${spelling}\` must be followed by an argument`, {
      line: number,
      column: column + spelling.length,
    });
  return reader(argument);
}

function unquoted(text: string): string {
  const found = /^(["'])(.*)\1$/s.exec(text);
  return found?.[2] ?? text;
}

const HASH = /\s--hash(?:=|\s+)(\S+)/g;

function requirementOf(line: LogicalLine): EntryBody {
  const { text, number, column } = line;
  const option = /\s--[A-Za-z]/.exec(text)?.index ?? text.length;
  const written = text.slice(0, option).trim();
  const hashes = hashesOf(line, text.slice(option));
  if (isLocation(written)) return { kind: 'unnamed', location: written, hashes };
  try {
    return { kind: 'requirement', requirement: parseRequirement(written), hashes };
  } catch (error) {
    if (error instanceof PackagingError)
      throw new InvalidRequirementsFileError(`Couldn't parse requirement`, { line: number, column, cause: error });
    throw error;
  }
}

/** A path or URL without a name: `./six.whl`, `https://…`, `dir/six.whl`. */
function isLocation(text: string): boolean {
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/|file:|\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[/\\]|\.{1,2}(?:$|\[))/i.test(text) ||
    /^[^\s@[;]+(?:\.whl|\.tar\.gz|\.zip)(?:[\s[;#]|$)/i.test(text) ||
    /^[\w.-]+[/\\][^@]*$/.test(text)
  );
}

function hashesOf({ text, number, column }: LogicalLine, options: string): string[] {
  const hashes = [...options.matchAll(HASH)].map(([, hash = '']) => hash);
  const left = options.replaceAll(HASH, '').trim();
  if (left !== '')
    throw new InvalidRequirementsFileError(`Expected \`--hash\`, found \`${left.split(/\s/)[0]}\``, {
      line: number,
      column: column + text.indexOf(left),
    });
  const wrong = hashes.find((hash) => !/^(?:md5|sha1|sha224|sha256|sha384|sha512|blake2b):[0-9a-fA-F]+$/.test(hash));
  if (wrong === undefined) return hashes.map((hash) => hash.toLowerCase());
  throw new InvalidRequirementsFileError(`Expected \`--hash=algorithm:digest\`, found \`${wrong}\``, {
    line: number,
    column: column + text.indexOf(wrong),
  });
}
