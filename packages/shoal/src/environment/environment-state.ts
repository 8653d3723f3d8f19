/** What tells one state of an environment from another by names, places, sizes and times alone: no file is read. */
import { lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@shoal/cache';
import type { Digest } from '@shoal/cache';
import { statIfPresent } from '../host/stat-if-present.ts';
import { namesIn } from '../host/names-in.ts';

/**
 * The configuration and the interpreter, every name at the top of site-packages and of the scripts' folder, and the RECORD of
 * each distribution. Bytecode does not count, nor what is deeper inside of packages.
 *
 * @param root Absolute, of a virtual environment.
 * @param folders Relative to it: site-packages, and the scripts' folder.
 * @returns `undefined` while somebody is changing it, when a killed command has left it in the middle, and when it is no environment.
 */
export function stateOfEnvironment(root: string, folders: readonly string[]): Digest | undefined {
  if (statIfPresent(join(root, '.shoal')) !== undefined) return undefined;
  const configuration = statIfPresent(join(root, 'pyvenv.cfg'));
  if (configuration === undefined) return undefined;
  const facts = [stamp(configuration)];
  for (const folder of folders) facts.push(...factsOfFolder(join(root, folder)));
  return digestOf(facts.join('\n'));
}

function* factsOfFolder(folder: string): Generator<string> {
  for (const name of namesIn(folder).sort()) {
    if (name === '__pycache__') continue;
    const path = `${folder}/${name}`;
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    // What a folder holds changes its time, and importing from it is enough for that.
    if (found.isDirectory()) yield `${name} ${found.ino}`;
    else yield `${name} ${stamp(found.isSymbolicLink() ? (statIfPresent(path) ?? found) : found)}`;
    if (name.endsWith('.dist-info')) yield stamp(statIfPresent(`${path}/RECORD`));
  }
}

function stamp(found: Stats | undefined): string {
  return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
