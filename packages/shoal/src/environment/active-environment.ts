/** The environments that a person works in: the active one, a conda environment, `.venv` here or above. */
import { existsSync, lstatSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InvalidEnvironmentError } from './environment-errors.ts';
import { isVirtualEnvironment } from './environment-paths.ts';
import { ancestors } from './pyenv.ts';
import { variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';

/** The folder that `VIRTUAL_ENV` names; it need not be there. */
export function activeEnvironment(host: PythonHost): string | undefined {
  const named = variable(host, 'VIRTUAL_ENV');
  return named === undefined ? undefined : resolve(host.workingFolder, named);
}

/**
 * The folder of the active conda environment. `base` is conda's own environment, which counts as an installation rather than
 * as an environment to change.
 */
export function condaEnvironment(kind: 'base' | 'child', host: PythonHost): string | undefined {
  const prefix = variable(host, 'CONDA_PREFIX');
  return prefix === undefined || condaKind(prefix, host) !== kind ? undefined : prefix;
}

function condaKind(prefix: string, host: PythonHost): 'base' | 'child' {
  if (existsSync(join(prefix, 'conda-meta', 'pixi'))) return 'child';
  if (prefix === host.variables['_CONDA_ROOT']) return 'base';
  const current = host.variables['CONDA_DEFAULT_ENV'];
  return current === undefined || current === prefix || current === basename(prefix) ? 'child' : 'base';
}

/**
 * The nearest virtual environment: the working folder itself or one above when it is one, or a `.venv` in it.
 *
 * @throws {InvalidEnvironmentError} when the nearest `.venv` is a folder without `pyvenv.cfg`.
 */
export function nearestEnvironment(host: PythonHost): string | undefined {
  for (const folder of ancestors(host.workingFolder)) {
    if (isVirtualEnvironment(folder)) return folder;
    const candidate = join(folder, '.venv');
    const found = lstatSync(candidate, { throwIfNoEntry: false });
    if (found === undefined || !(found.isDirectory() || found.isSymbolicLink())) continue;
    if (isVirtualEnvironment(candidate)) return candidate;
    throw new InvalidEnvironmentError(candidate, { kind: 'missing-configuration' });
  }
  return undefined;
}
