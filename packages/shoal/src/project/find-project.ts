/** The project that a folder belongs to, as far as making environments for it needs to know. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { readRequiresPython } from './pyproject.ts';

export interface FoundProject {
  /** Absolute: the folder of `pyproject.toml`. */
  readonly root: string;
  /** The text of `project.requires-python`; `undefined` when the project does not say. */
  readonly requiresPython: string | undefined;
}

/**
 * The project of the nearest `pyproject.toml` in `folder` or above it; `undefined` when there is none.
 *
 * @throws {RequirementsFileError} when the file is no TOML.
 */
export function findProject(folder: string): FoundProject | undefined {
  for (let root = folder; ; root = dirname(root)) {
    const path = join(root, 'pyproject.toml');
    const text = readIfPresent(path);
    if (text !== undefined) return { root, requiresPython: readRequiresPython(text, path) };
    if (dirname(root) === root) return undefined;
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) return undefined;
    throw error;
  }
}
