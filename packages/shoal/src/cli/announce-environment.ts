/** The line that names the environment a `pip` command works on, where a person might not expect it. */
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { formatVersion } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { Session } from './session.ts';

/** uv's rule: every environment is named but `.venv` here and those inside the cache. */
export function announceEnvironment(session: Session, interpreter: InterpreterFacts, cacheFolder: string): void {
  const { reporter, workingFolder } = session;
  const root = realPath(interpreter.prefix);
  if (root === undefined || root.startsWith(`${cacheFolder}/`) || root === realPath(join(workingFolder, '.venv')))
    return;
  reporter.line(
    reporter.style.dim(
      `Using Python ${formatVersion(interpreter.version)} environment at: ${displayPath(interpreter.prefix, workingFolder)}`,
    ),
  );
}

/** A path as people are shown it: relative when it is the working folder or below it. */
export function displayPath(path: string, workingFolder: string): string {
  const below = relative(realPath(workingFolder) ?? workingFolder, path);
  if (below === '') return '.';
  return below.startsWith('..') || below === path ? path : below;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return undefined;
    throw error;
  }
}
