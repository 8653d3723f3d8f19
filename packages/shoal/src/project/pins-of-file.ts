/** What an output file of an earlier run pins: preferences of the next one. */
import { readFileSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';
import { InvalidRequirementsFileError, parseRequirementsFile } from '@shoal/packaging';
import type { Marker, NormalizedName, Version } from '@shoal/packaging';
import { RequirementsFileError } from './requirement-errors.ts';

/** One `name==version`, with its marker and hashes. */
export interface FilePin {
  readonly version: Version;
  readonly marker?: Marker;
  readonly hashes?: readonly string[];
}

/** Pins by name, in the order of the file; none when there is no file. @throws {RequirementsFileError} for a file that is no requirements file. */
export function pinsOfFile(path: string, shown: string): ReadonlyMap<NormalizedName, readonly FilePin[]> {
  const pins = new Map<NormalizedName, FilePin[]>();
  for (const entry of entriesOf(path, shown)) {
    if (entry.kind !== 'requirement') continue;
    const { name, specifiers, marker } = entry.requirement;
    const [specifier, ...others] = specifiers.specifiers;
    if (specifier?.operator !== '==' || specifier.wildcard || specifier.version === undefined || others.length > 0)
      continue;
    const pin = {
      version: specifier.version,
      ...(marker === undefined ? {} : { marker }),
      ...(entry.hashes.length === 0 ? {} : { hashes: entry.hashes }),
    };
    pins.set(name, [...(pins.get(name) ?? []), pin]);
  }
  return pins;
}

function entriesOf(path: string, shown: string): ReturnType<typeof parseRequirementsFile> {
  try {
    return parseRequirementsFile(readFileSync(path, 'utf8'), { variables: {} });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    if (hasErrorCode(error, 'EISDIR', 'ENOTDIR', 'EACCES'))
      throw new RequirementsFileError(path, `Failed to read the output file \`${shown}\``, { cause: error });
    if (!(error instanceof InvalidRequirementsFileError)) throw error;
    throw new RequirementsFileError(
      path,
      `The output file \`${shown}\` exists and cannot be read: ${error.message} at ${shown}:${error.line}:${error.column}`,
      {
        cause: error.cause,
        hint: 'Remove the file, or name another one with `-o`',
      },
    );
  }
}
