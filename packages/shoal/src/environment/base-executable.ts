/** The interpreter that environments made from another interpreter lead back to. */
import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { InterpreterFacts } from './interpreter-facts.ts';

/**
 * Absolute. An environment's own base when the interpreter is one. Relocatable builds find their library from where they lie:
 * for them, links are followed up to the first place that has the library beside it.
 */
export function baseExecutableOf(interpreter: InterpreterFacts): string {
  const { baseExecutable, standalone, tags } = interpreter;
  if (!standalone || process.platform === 'win32') return baseExecutable;
  const landmark = join('..', 'lib', `python${tags.version.join('.')}${interpreter.gilDisabled ? 't' : ''}`, 'os.py');
  let path: string | undefined = baseExecutable;
  while (path !== undefined) {
    if (existsSync(join(dirname(path), landmark))) return path;
    path = linkTarget(path);
  }
  return interpreter.realExecutable;
}

function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch (error) {
    if (hasErrorCode(error, 'EINVAL', 'ENOENT')) return undefined;
    throw error;
  }
}
