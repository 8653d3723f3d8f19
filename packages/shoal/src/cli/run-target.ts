/** What the words after `run` name: a command, a module, or a script from a file, a URL or standard input. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { hasScriptMetadata } from '../project/script-metadata.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';
import { statIfPresent } from '../host/stat-if-present.ts';

/** A script with a block of metadata: it runs in an environment of its own. */
export interface ScriptText {
  /** Absolute; absent for standard input. */
  readonly path: string | undefined;
  readonly text: string;
}

export interface RunTarget {
  /** `python`: the environment's interpreter, with `words` after its name. */
  readonly kind: 'python' | 'command';
  readonly program: string;
  readonly words: readonly string[];
  readonly script: ScriptText | undefined;
}

export interface TargetOptions {
  readonly isModule: boolean;
  /** `--script`: it is a Python script whatever its name is. */
  readonly isScript: boolean;
  readonly session: Session;
  /** Downloads a script. @returns the path of the file. */
  readonly download: (url: string) => Promise<string>;
}

/** @param words Not empty. */
export async function runTarget(words: readonly string[], options: TargetOptions): Promise<RunTarget> {
  const [first = '', ...rest] = words;
  const { isModule, isScript, session } = options;
  if (isModule) return python(['-m', first, ...rest], undefined);
  if (first === '-') {
    const text = await session.readStandardInput();
    return python(['-c', text, ...rest], scriptOf({ path: undefined, text }));
  }
  if (/^https?:\/\//i.test(first)) {
    const path = await options.download(first);
    return python([path, ...rest], scriptOf({ path, text: readFileSync(path, 'utf8') }));
  }
  if (first === 'python') return python(rest, undefined);
  const path = absolutePath(session, first);
  if (isScript || (/^\.pyw?$/i.test(extname(first)) && isFile(path)))
    return python([first, ...rest], scriptOf({ path, text: readFileSync(path, 'utf8') }));
  const isPython = (/^\.py[co]$/i.test(extname(first)) && isFile(path)) || isPackage(path) || isZipApplication(path);
  return isPython
    ? python([first, ...rest], undefined)
    : { kind: 'command', program: first, words: rest, script: undefined };
}

function python(words: readonly string[], script: ScriptText | undefined): RunTarget {
  return { kind: 'python', program: 'python', words, script };
}

function scriptOf(script: ScriptText): ScriptText | undefined {
  return hasScriptMetadata(script.text) ? script : undefined;
}

function isFile(path: string): boolean {
  return statIfPresent(path)?.isFile() === true;
}

function isPackage(path: string): boolean {
  return isFile(join(path, '__main__.py'));
}

/** Two bytes tell a zip file; only what is written as a path may be one. */
function isZipApplication(path: string): boolean {
  if (!/\.(?:pyz|zip)$/i.test(basename(path)) || !isFile(path)) return false;
  try {
    const descriptor = openSync(path, 'r');
    try {
      const start = Buffer.alloc(2);
      return readSync(descriptor, start, 0, 2, 0) === 2 && start.toString('latin1') === 'PK';
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'ENOENT')) return false;
    throw error;
  }
}
