/**
 * Environments: where Python imports from, and where distributions are installed to.
 *
 * `system` is an interpreter's own folder; `target` a plain folder of modules (`--target`); `prefix` a folder laid out like an
 * installation (`--prefix`). The last two borrow the interpreter that will use them.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InterpreterFacts, Scheme } from './interpreter-facts.ts';
import { InvalidEnvironmentError, MissingEnvironmentError } from './environment-errors.ts';
import { executableOfRoot } from './environment-paths.ts';
import { readPyvenvCfg } from './pyvenv-cfg.ts';
import { lockPathOfInterpreter } from './interpreter-lock-path.ts';
import { queryInterpreter } from './query-interpreter.ts';
import type { PythonHost } from './python-host.ts';

export type EnvironmentKind = 'virtual' | 'system' | 'target' | 'prefix';

export interface Environment {
  /** Absolute. `sys.prefix` of virtual and system ones. */
  readonly root: string;
  readonly interpreter: InterpreterFacts;
  readonly scheme: Scheme;
  /** The file that commands lock before they change or read the environment; its folder exists. */
  readonly lockPath: string;
  readonly kind: EnvironmentKind;
  /** Scripts find their interpreter beside themselves (`venv --relocatable`). */
  readonly relocatable: boolean;
}

/**
 * The environment at the folder `root`, virtual or not.
 *
 * @throws {MissingEnvironmentError} when there is nothing at `root`.
 * @throws {InvalidEnvironmentError} when it is a file, empty, or has no interpreter.
 */
export async function openEnvironment(root: string, host: PythonHost): Promise<Environment> {
  const found = statSync(root, { throwIfNoEntry: false });
  if (found === undefined) throw new MissingEnvironmentError(root);
  if (!found.isDirectory()) throw new InvalidEnvironmentError(root, { kind: 'not-a-folder' });
  if (readdirSync(root).length === 0) throw new InvalidEnvironmentError(root, { kind: 'empty' });
  const executable = executableOfRoot(root);
  if (executable.exists) return environmentOfInterpreter(await queryInterpreter(executable.path, host), host);
  throw new InvalidEnvironmentError(root, { kind: 'missing-executable', executable: executable.path });
}

/** The environment that an interpreter runs in. */
export function environmentOfInterpreter(
  interpreter: InterpreterFacts,
  host: Pick<PythonHost, 'variables'>,
): Environment {
  const { prefix, scheme, isVirtual } = interpreter;
  if (!isVirtual) {
    const lockPath = lockPathOfInterpreter(interpreter.executable, host);
    return { root: prefix, interpreter, scheme, lockPath, kind: 'system', relocatable: false };
  }
  const relocatable = readPyvenvCfg(prefix)?.relocatable ?? false;
  return { root: prefix, interpreter, scheme, lockPath: join(prefix, '.lock'), kind: 'virtual', relocatable };
}

/** `--target`: modules at the top of `folder`, scripts in its `bin`. The folder need not exist yet. */
export function targetEnvironment(folder: string, interpreter: InterpreterFacts): Environment {
  const root = resolve(folder);
  const scheme = {
    purelib: root,
    platlib: root,
    scripts: join(root, interpreter.markers.os_name === 'nt' ? 'Scripts' : 'bin'),
    data: root,
    headers: join(root, 'include'),
  };
  return { root, interpreter, scheme, lockPath: join(root, '.lock'), kind: 'target', relocatable: false };
}

/** `--prefix`: `folder` laid out as a virtual environment of the interpreter would be. The folder need not exist yet. */
export function prefixEnvironment(folder: string, interpreter: InterpreterFacts): Environment {
  const root = resolve(folder);
  const scheme = schemeBelow(root, interpreter.virtualScheme);
  return { root, interpreter, scheme, lockPath: join(root, '.lock'), kind: 'prefix', relocatable: false };
}

/** A relative scheme as absolute paths below `root`. */
function schemeBelow(root: string, { purelib, platlib, scripts, data, headers }: Scheme): Scheme {
  return {
    purelib: join(root, purelib),
    platlib: join(root, platlib),
    scripts: join(root, scripts),
    data: join(root, data),
    headers: join(root, headers),
  };
}
