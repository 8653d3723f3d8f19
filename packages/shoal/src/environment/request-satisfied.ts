import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { isImplementation } from './implementation-name.ts';
import type { InterpreterFacts } from './interpreter-facts.ts';
import { acceptsByKey } from './key-request.ts';
import { implementationOfRequest, versionOfRequest } from './python-request.ts';
import type { PythonRequest } from './python-request.ts';
import { acceptsInterpreter } from './version-request.ts';

/** Is an interpreter that is there already one of those that the request asks for? */
export function satisfiesRequest(request: PythonRequest, facts: InterpreterFacts): boolean {
  switch (request.kind) {
    case 'any':
    case 'default':
      return true;
    case 'file':
      return (
        [facts.executable, facts.realExecutable].includes(request.path) || isSame(request.path, facts.realExecutable)
      );
    case 'folder':
      return [facts.prefix, facts.basePrefix].some((prefix) => isSame(request.path, prefix));
    case 'executable-name':
      return [facts.executable, facts.realExecutable].some((path) => basename(path) === request.name);
    case 'key':
      return acceptsByKey(request.key, facts);
    case 'version':
    case 'implementation':
    case 'implementation-version':
    default: {
      const implementation = implementationOfRequest(request);
      if (implementation !== undefined && !isImplementation(facts, implementation)) return false;
      const version = versionOfRequest(request);
      return acceptsInterpreter(version.kind === 'default' ? { kind: 'any' } : version, facts);
    }
  }
}

function isSame(path: string, other: string): boolean {
  return realPath(path) === realPath(other);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return path;
    throw error;
  }
}
