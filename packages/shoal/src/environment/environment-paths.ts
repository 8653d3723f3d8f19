/** Where things are inside the folder of an environment, on this system. */
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';

/** Ways that an interpreter lies below the root of an environment, in the order they are looked for. */
const EXECUTABLES: readonly (readonly string[])[] =
  process.platform === 'win32'
    ? [['Scripts', 'python.exe'], ['bin', 'python.exe'], ['python.exe']]
    : [
        ['bin', 'python'],
        ['bin', 'python3'],
      ];

/** The interpreter of the environment at `root`. When there is none, `path` is where it should be. A broken link exists. */
export function executableOfRoot(root: string): { readonly path: string; readonly exists: boolean } {
  const paths = EXECUTABLES.map((segments) => join(root, ...segments));
  const working = paths.find((path) => existsSync(path));
  if (working !== undefined) return { path: working, exists: true };
  const [usual = root] = paths;
  return { path: usual, exists: lstatSync(usual, { throwIfNoEntry: false }) !== undefined };
}

/** Whether `folder` is the root of a virtual environment (PEP 405). */
export function isVirtualEnvironment(folder: string): boolean {
  return existsSync(join(folder, 'pyvenv.cfg'));
}
