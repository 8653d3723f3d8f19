/** Files that requirements are read from, local or behind a URL, as text. */
import { readFileSync } from 'node:fs';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import { decodeText } from './decode-text.ts';
import { RequirementsFileError } from './requirement-errors.ts';

export interface FilePlace {
  /** Its absolute path, its URL, or `-`. */
  readonly place: string;
  /** How messages name it. */
  readonly shown: string;
}

interface TextHost {
  /** The content behind an `http(s):` URL. */
  readonly fetchText: (url: string) => Promise<Uint8Array>;
}

/** @throws {RequirementsFileError} when it is not there, cannot be read, or is no text. */
export async function readTextFile(file: FilePlace, host: TextHost): Promise<string> {
  const { place, shown } = file;
  const content = /^https?:/i.test(place) ? await fetched(file, host) : readExisting(file);
  try {
    return decodeText(content);
  } catch (error) {
    if (error instanceof RangeError || (error instanceof TypeError && 'code' in error))
      throw new RequirementsFileError(place, `\`${shown}\` is not text in its encoding`, {
        cause: error,
        hint: 'Save the file as UTF-8',
      });
    throw error;
  }
}

async function fetched({ place, shown }: FilePlace, { fetchText }: TextHost): Promise<Uint8Array> {
  try {
    return await fetchText(place);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    throw new RequirementsFileError(place, `Error while accessing remote requirements file: \`${shown}\``, {
      cause: error,
    });
  }
}

function readExisting({ place, shown }: FilePlace): Uint8Array {
  try {
    return readFileSync(place);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR'))
      throw new RequirementsFileError(place, `File not found: ${shown}`, {
        hint: `Is the path right? It was looked for at \`${place}\``,
      });
    if (hasErrorCode(error, 'EACCES', 'EISDIR', 'EPERM'))
      throw new RequirementsFileError(place, `Failed to read \`${shown}\``, { cause: error });
    throw error;
  }
}
