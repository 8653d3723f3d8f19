/** Executables in the folders of PATH. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { PythonHost } from './python-host.ts';
import { setting, variable } from './python-host.ts';
import { isWindowsStoreShim } from './windows-pythons.ts';

/** The folders of the search path that are there, each once, by identity: links to a folder already searched are passed over. */
export function searchFolders(host: PythonHost): readonly string[] {
  const written = setting(host, 'PYTHON_SEARCH_PATH') ?? variable(host, 'PATH') ?? '';
  const seen = new Set<string>();
  return written.split(delimiter).flatMap((folder) => {
    if (folder === '') return [];
    const path = resolve(host.workingFolder, folder);
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (found?.isDirectory() !== true) return [];
    const identity = `${found.dev} ${found.ino}`;
    if (seen.has(identity)) return [];
    seen.add(identity);
    return [path];
  });
}

/** The program `name` in `folder`; on Windows with the first suffix of PATHEXT that there is. */
export function programIn(folder: string, name: string, host: PythonHost): string | undefined {
  return suffixes(host)
    .map((suffix) => join(folder, `${name}${suffix}`))
    .find((path) => isProgram(path) && !isWindowsStoreShim(path));
}

/** The programs of `folder` whose names pass `accepts`, in the order of their names. */
export function programsIn(folder: string, accepts: (name: string) => boolean): readonly string[] {
  return namesIn(folder)
    .filter(accepts)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => isProgram(path) && !isWindowsStoreShim(path));
}

function suffixes(host: PythonHost): readonly string[] {
  if (process.platform !== 'win32') return [''];
  return ['', ...(variable(host, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';')];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EPERM')) return false;
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}
