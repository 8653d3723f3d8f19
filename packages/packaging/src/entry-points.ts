/** `entry_points.txt`. @see https://packaging.python.org/en/latest/specifications/entry-points/ */
import { PackagingError } from './errors.ts';

/** `name = module:attribute [extra]` in `[group]`. */
export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  readonly module: string;
  /** Dotted path of the object; `undefined` when the entry is the module itself. */
  readonly attribute: string | undefined;
  readonly extras: readonly string[];
}

/** An `entry_points.txt` that cannot be read. */
export class InvalidEntryPointsError extends PackagingError {
  readonly line: number;

  constructor(reason: string, line: number) {
    super('INVALID_ENTRY_POINTS', `entry_points.txt is invalid: ${reason} (line ${line})`);
    this.line = line;
  }
}

const OBJECT_REFERENCE = /^([\p{L}\p{N}_.]+)\s*(?::\s*([\p{L}\p{N}_.]+))?\s*(?:\[([^\]]*)\])?$/u;

/** All entry points, in the order of the file. @throws {InvalidEntryPointsError} */
export function parseEntryPoints(text: string): EntryPoint[] {
  const found: EntryPoint[] = [];
  let group: string | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^\]]+)\]$/.exec(line);
    if (section !== null) group = (section[1] ?? '').trim();
    else found.push(entryOf(line, group, index + 1));
  }
  return found;
}

function entryOf(line: string, group: string | undefined, number: number): EntryPoint {
  if (group === undefined) throw new InvalidEntryPointsError(`\`${line}\` stands before the first group`, number);
  const border = line.indexOf('=');
  if (border < 1) throw new InvalidEntryPointsError(`expected \`name = module:attribute\`, found \`${line}\``, number);
  const reference = OBJECT_REFERENCE.exec(line.slice(border + 1).trim());
  if (reference === null)
    throw new InvalidEntryPointsError(
      `expected \`module:attribute\`, found \`${line.slice(border + 1).trim()}\``,
      number,
    );
  const [, module = '', attribute, extras = ''] = reference;
  return {
    group,
    name: line.slice(0, border).trim(),
    module,
    attribute,
    extras: extras
      .split(',')
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ''),
  };
}
