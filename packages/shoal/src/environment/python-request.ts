/** What a person asked for with `--python`, a version file, or nothing at all. */
import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { IMPLEMENTATION_WORDS, implementationOfWord, prettyImplementation } from './implementation-name.ts';
import type { ImplementationName } from './implementation-name.ts';
import { formatKeyRequest, tryParseKeyRequest } from './key-request.ts';
import type { KeyRequest } from './key-request.ts';
import { formatVersionRequest, tryParseVersionRequest, wantsPrerelease } from './version-request.ts';
import type { VersionRequest } from './version-request.ts';

export type PythonRequest =
  | { readonly kind: 'any' }
  | { readonly kind: 'default' }
  | { readonly kind: 'version'; readonly version: VersionRequest }
  /** Absolute path of the root of an environment or installation. */
  | { readonly kind: 'folder'; readonly path: string; readonly shown: string }
  /** Absolute path of an interpreter, which need not be there. */
  | { readonly kind: 'file'; readonly path: string; readonly shown: string }
  | { readonly kind: 'executable-name'; readonly name: string }
  | { readonly kind: 'implementation'; readonly implementation: ImplementationName }
  | {
      readonly kind: 'implementation-version';
      readonly implementation: ImplementationName;
      readonly version: VersionRequest;
    }
  | { readonly kind: 'key'; readonly key: KeyRequest };

export const defaultPythonRequest: PythonRequest = { kind: 'default' };

/**
 * Every text is a request: what is no version, implementation, path or key is the name of an executable.
 *
 * @param place.workingFolder Absolute: where a relative path starts.
 */
export function parsePythonRequest(text: string, { workingFolder }: { readonly workingFolder: string }): PythonRequest {
  const lower = text.toLowerCase();
  if (lower === 'any' || lower === 'default') return { kind: lower };
  return versionOrImplementation(lower) ?? existingPath(text, workingFolder) ?? keyOrName(text);
}

function versionOrImplementation(lower: string): PythonRequest | undefined {
  for (const prefix of ['python', '']) {
    const version = versionAfter(prefix, lower);
    if (version !== undefined) return { kind: 'version', version };
  }
  const implementation = implementationOfWord(lower);
  if (implementation !== undefined) return { kind: 'implementation', implementation };
  for (const [word, name] of IMPLEMENTATION_WORDS) {
    const version = versionAfter(word, lower);
    if (version !== undefined) return { kind: 'implementation-version', implementation: name, version };
  }
  return undefined;
}

/** `python3.12`, `python@3.12`, `3.12`. An `@` needs something before it. */
function versionAfter(prefix: string, lower: string): VersionRequest | undefined {
  if (lower.startsWith('@') || !lower.startsWith(prefix)) return undefined;
  const rest = lower.slice(prefix.length);
  return rest === '' ? undefined : tryParseVersionRequest(rest.startsWith('@') ? rest.slice(1) : rest);
}

/** Whatever has a separator is a path, even when nothing is there. */
function existingPath(text: string, workingFolder: string): PythonRequest | undefined {
  const path = resolve(workingFolder, text);
  const shown = displayPath(text, workingFolder);
  const found = statSync(path, { throwIfNoEntry: false });
  if (text !== '' && found?.isDirectory() === true) return { kind: 'folder', path, shown };
  if (text !== '' && found?.isFile() === true) return { kind: 'file', path, shown };
  if (
    process.platform === 'win32' &&
    !text.includes('.') &&
    statSync(`${path}.exe`, { throwIfNoEntry: false })?.isFile() === true
  ) {
    return { kind: 'file', path: `${path}.exe`, shown: `${shown}.exe` };
  }
  return text.includes(sep) || (process.platform === 'win32' && text.includes('/'))
    ? { kind: 'file', path, shown }
    : undefined;
}

/** An absolute path below the working folder is shown from there on; others as they are. */
function displayPath(path: string, workingFolder: string): string {
  if (!isAbsolute(path)) return path;
  const below = relative(workingFolder, path);
  if (below === '') return '.';
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}

function keyOrName(text: string): PythonRequest {
  const key = tryParseKeyRequest(text);
  return key === undefined ? { kind: 'executable-name', name: text } : { kind: 'key', key };
}

/** As errors name it: `Python 3.12`, `PyPy 3.10`, ``executable name `foo` ``. */
export function formatPythonRequest(request: PythonRequest): string {
  switch (request.kind) {
    case 'any':
      return 'any Python';
    case 'default':
      return 'a default Python';
    case 'version':
      return `Python ${formatVersionRequest(request.version)}`;
    case 'folder':
      return `directory \`${request.shown}\``;
    case 'file':
      return `path \`${request.shown}\``;
    case 'executable-name':
      return `executable name \`${request.name}\``;
    case 'implementation':
      return prettyImplementation(request.implementation);
    case 'implementation-version':
      return `${prettyImplementation(request.implementation)} ${formatVersionRequest(request.version)}`;
    case 'key':
    default:
      return formatKeyRequest(request.key);
  }
}

/** The versions that the request accepts, whatever else it says. */
export function versionOfRequest(request: PythonRequest): VersionRequest {
  if (request.kind === 'version' || request.kind === 'implementation-version') return request.version;
  if (request.kind === 'key') return request.key.version ?? { kind: 'default' };
  return { kind: request.kind === 'any' ? 'any' : 'default' };
}

/** The implementation that is asked for by name. */
export function implementationOfRequest(request: PythonRequest): ImplementationName | undefined {
  if (request.kind === 'key') return request.key.implementation;
  return request.kind === 'implementation' || request.kind === 'implementation-version'
    ? request.implementation
    : undefined;
}

/** Whether the request points at one program, which is then used whatever it is. */
function isExplicitRequest({ kind }: PythonRequest): boolean {
  return kind === 'any' || kind === 'file' || kind === 'folder' || kind === 'executable-name';
}

export function allowsPrereleases(request: PythonRequest): boolean {
  if (isExplicitRequest(request) || request.kind === 'implementation-version') return true;
  return (request.kind === 'version' || request.kind === 'key') && wantsPrerelease(versionOfRequest(request));
}

export function allowsDebug(request: PythonRequest): boolean {
  if (isExplicitRequest(request) || request.kind === 'implementation-version') return true;
  const version = versionOfRequest(request);
  return (version.kind === 'release' || version.kind === 'range') && version.variant.endsWith('debug');
}

export function allowsOtherImplementations(request: PythonRequest): boolean {
  const named = implementationOfRequest(request);
  return isExplicitRequest(request) || (named !== undefined && named !== 'cpython');
}
