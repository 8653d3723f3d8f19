/**
 * pyenv: its shims are scripts that look up which version is chosen here and start that one. Doing the look-up ourselves
 * costs no process, and finds versions that no shim is active for.
 * @see https://github.com/pyenv/pyenv#understanding-python-version-selection
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compareVersions, tryParseVersion } from '@shoal/packaging';
import { hasErrorCode } from '@shoal/cache';
import { executableOfRoot } from './environment-paths.ts';
import { variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';
import { mayAcceptMinor } from './version-request.ts';
import type { VersionRequest } from './version-request.ts';

function pyenvRoot(host: PythonHost): string {
  return variable(host, 'PYENV_ROOT') ?? join(host.homeFolder, '.pyenv');
}

/** Whether `path` is one of pyenv's shims. */
export function isPyenvShim(path: string, host: PythonHost): boolean {
  return process.platform !== 'win32' && dirname(path) === join(pyenvRoot(host), 'shims');
}

/**
 * What the shim at `path` would start: the first chosen version that has the program. `undefined` when none has it, or when
 * the choice falls on `system`, which stands for the rest of the search path.
 */
export function programOfShim(path: string, host: PythonHost): string | undefined {
  const versions = join(pyenvRoot(host), 'versions');
  return chosenVersions(host)
    .map((version) => join(versions, installedVersion(versions, version), 'bin', basename(path)))
    .find((program) => existsSync(program));
}

function chosenVersions(host: PythonHost): readonly string[] {
  const fromVariable = variable(host, 'PYENV_VERSION');
  if (fromVariable !== undefined) return fromVariable.split(':');
  const start = variable(host, 'PYENV_DIR') ?? host.workingFolder;
  const files = [
    ...ancestors(start).map((folder) => join(folder, '.python-version')),
    join(pyenvRoot(host), 'version'),
  ];
  return files.map(wordsOf).find((words) => words.length > 0) ?? [];
}

/** `3.12` stands for the newest installed 3.12.x; `python-3.12.1` for 3.12.1. */
function installedVersion(versions: string, chosen: string): string {
  if (existsSync(join(versions, chosen))) return chosen;
  const name = chosen.replace(/^python-/, '');
  if (existsSync(join(versions, name))) return name;
  return versionNames(versions).find((one) => one.startsWith(`${name}.`)) ?? name;
}

/** Interpreters of the installed versions that may be accepted, newest first. Names that are no versions say nothing. */
export function pyenvInterpreters(request: VersionRequest, host: PythonHost): readonly string[] {
  const versions = join(pyenvRoot(host), 'versions');
  return versionNames(versions)
    .filter((name) => mayBeAccepted(name, request))
    .map((name) => executableOfRoot(join(versions, name)))
    .flatMap(({ path, exists }) => (exists ? [path] : []));
}

function mayBeAccepted(name: string, request: VersionRequest): boolean {
  const [major, minor] = tryParseVersion(name)?.release ?? [];
  return major === undefined || minor === undefined || mayAcceptMinor(request, major, minor);
}

function versionNames(versions: string): readonly string[] {
  const names = entriesOf(versions).filter(
    (name) => statSync(join(versions, name), { throwIfNoEntry: false })?.isDirectory() === true,
  );
  return names.sort((a, b) => compareNames(b, a));
}

/** Plain version numbers are the newest kind; other names (`pypy3.10-7.3.15`, environments) are below them, by name. */
function compareNames(a: string, b: string): number {
  const [first, second] = [tryParseVersion(a), tryParseVersion(b)];
  if (first !== undefined && second !== undefined) return compareVersions(first, second);
  if (first === undefined && second === undefined) return a < b ? -1 : 1;
  return first === undefined ? -1 : 1;
}

function wordsOf(path: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) return [];
    throw error;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

/** The folder and all above it, nearest first. */
export function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
