/** Version files: `.python-version` and `.python-versions`, which say which Python a folder and those below it want. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { ancestors } from './pyenv.ts';
import { variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';
import { parsePythonRequest } from './python-request.ts';
import type { PythonRequest } from './python-request.ts';

/** The one with a single version decides where both are. */
const NAMES = ['.python-version', '.python-versions'] as const;

export interface VersionFile {
  readonly path: string;
  readonly name: string;
  /** The first line that says something; `undefined` when none does. */
  readonly request: PythonRequest | undefined;
  /** Lines that no version file can ask for: names of executables. */
  readonly unsupported: readonly string[];
}

interface SearchBounds {
  /** Absolute: the first folder. */
  readonly start: string;
  /** Absolute: the last folder, such as the root of the project; `undefined` goes up to the root of the file system. */
  readonly stop: string | undefined;
}

/** The nearest version file, else that of the person in `<configuration>/uv/`; `undefined` when there is none. */
export function findVersionFile({ start, stop }: SearchBounds, host: PythonHost): VersionFile | undefined {
  const above = ancestors(start);
  const end = stop === undefined ? -1 : above.indexOf(stop);
  const folders = [...(end === -1 ? above : above.slice(0, end + 1)), personalFolder(host)];
  for (const folder of folders) {
    for (const name of NAMES) {
      const text = readIfPresent(join(folder, name));
      if (text !== undefined) return parseVersionFile(text, { path: join(folder, name), name, host });
    }
  }
  return undefined;
}

function personalFolder(host: PythonHost): string {
  if (process.platform === 'win32')
    return join(variable(host, 'APPDATA') ?? join(host.homeFolder, 'AppData', 'Roaming'), 'uv');
  return join(variable(host, 'XDG_CONFIG_HOME') ?? join(host.homeFolder, '.config'), 'uv');
}

function parseVersionFile(
  text: string,
  { path, name, host }: { readonly path: string; readonly name: string; readonly host: PythonHost },
): VersionFile {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const requests = lines.map((line) => parsePythonRequest(line, host));
  const unsupported = requests.flatMap((request) => (request.kind === 'executable-name' ? [request.name] : []));
  return { path, name, request: requests.find(({ kind }) => kind !== 'executable-name'), unsupported };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) return undefined;
    throw error;
  }
}
