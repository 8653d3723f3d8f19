/**
 * The oracles of the tests: a scratch Python environment that holds `packaging`, pip and the real uv, made once per machine
 * and shared by all test processes. Made in a private folder and renamed into place, so that two test runs never meet half of it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The release of uv that this repository compares itself with. */
const UV_VERSION = '0.13.9';
const PACKAGES = [`uv==${UV_VERSION}`, 'packaging==26.2', 'pip', 'virtualenv'];

export interface PythonTools {
  /** Absolute path of a Python that can import `packaging`. */
  readonly python: string;
  /** Absolute path of the real uv. */
  readonly uv: string;
}

let made: Promise<PythonTools> | undefined;

/** The tools, installing them at the first call on a machine. @throws when there is no Python or no package index to install from. */
export function pythonTools(): Promise<PythonTools> {
  made ??= makeTools();
  return made;
}

async function makeTools(): Promise<PythonTools> {
  const home = join(tmpdir(), `shoal-test-tools-${process.getuid?.() ?? 'user'}-uv-${UV_VERSION}`);
  const tools = toolsBelow(home);
  if (existsSync(tools.uv)) return tools;
  const workshop = await mkdtemp(`${home}.`);
  await run(anyPython(), ['-m', 'venv', workshop]);
  await run(join(workshop, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  try {
    await rename(workshop, home);
  } catch (error) {
    if (!existsSync(tools.uv)) throw error;
    await rm(workshop, { recursive: true });
  }
  return tools;
}

function toolsBelow(folder: string): PythonTools {
  return { python: join(folder, 'bin', 'python'), uv: join(folder, 'bin', 'uv') };
}

/** Absolute paths of the Pythons of this machine that tests may use, oldest first: pyenv's versions, else the one on PATH. */
export function availablePythons(): readonly { readonly version: string; readonly executable: string }[] {
  const versions = join(homedir(), '.pyenv', 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => /^3\.\d+\.\d+$/.test(name))
    .map((version) => ({ version, executable: join(versions, version, 'bin', 'python') }))
    .filter(({ executable }) => existsSync(executable))
    .sort((a, b) => Number(a.version.split('.')[1]) - Number(b.version.split('.')[1]));
}

/** The Python of this version (`3.12`, `3.13.0`); `undefined` where the machine has none. */
export function findPython(version: string): string | undefined {
  const wanted = (found: string): boolean => found === version || found.startsWith(`${version}.`);
  return availablePythons().find((python) => wanted(python.version))?.executable ?? pythonOnPath(version);
}

/** `python3.12`, if that is the version wanted. */
function pythonOnPath(version: string): string | undefined {
  const name = `python${version.split('.').slice(0, 2).join('.')}`;
  const { status, stdout } = spawnSync(name, ['-c', 'import sys; print(sys.version.split()[0], sys.executable)'], {
    encoding: 'utf8',
  });
  const [found = '', executable] = status === 0 ? stdout.trim().split(' ') : [];
  return found === version || found.startsWith(`${version}.`) ? executable : undefined;
}

/** The Python that tests run on where any will do: 3.9 or newer. */
export function anyPython(): string {
  const usable = availablePythons().filter(({ version }) => Number(version.split('.')[1]) >= 9);
  return usable.find(({ version }) => version.startsWith('3.12'))?.executable ?? usable.at(-1)?.executable ?? 'python3';
}
