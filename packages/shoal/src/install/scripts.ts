/**
 * Launchers of entry points and the first lines of scripts, byte for byte as uv writes them on POSIX systems
 * (entry points specification; binary distribution format, "Recommended installer features").
 */
import { posix } from 'node:path';
import type { ScriptEntryPoint } from '../fetch/wheel-note.ts';
import { InvalidWheelError, ReservedScriptNameError } from './install-errors.ts';

export interface ScriptHost {
  /** Absolute path of the interpreter. */
  readonly executable: string;
  /** Absolute folder that the scripts are put in. */
  readonly scripts: string;
  /** Scripts find the interpreter relative to themselves. */
  readonly relocatable: boolean;
}

/** Kernels cut a longer first line off. */
const LONGEST_SHEBANG = 127;

/**
 * The first line of a script, without newline. Where a kernel would not understand it (too long, or with a space), `/bin/sh`
 * reads a line that is a string to Python and starts the interpreter.
 */
export function formatShebang({ executable, scripts, relocatable }: ScriptHost): string {
  const path = relocatable ? posix.relative(scripts, executable) : executable;
  const length = 2 + Buffer.byteLength(path) + 1;
  if (length <= LONGEST_SHEBANG && !path.includes(' ') && !relocatable) return `#!${path}`;
  const prefix = relocatable ? `"$(dirname -- "$(realpath -- "$0")")"/` : '';
  return `#!/bin/sh\n'''exec' ${prefix}'${path.replaceAll("'", `'"'"'`)}' "$0" "$@"\n' '''`;
}

/** The whole text of a console or GUI script. */
export function formatLauncher(
  host: ScriptHost,
  entryPoint: { readonly module: string; readonly attribute: string },
): string {
  const { module, attribute } = entryPoint;
  return `${formatShebang(host)}
# -*- coding: utf-8 -*-
import sys
from ${module} import ${attribute.split('.', 1)[0] ?? attribute}
if __name__ == "__main__":
    if sys.argv[0].endswith("-script.pyw"):
        sys.argv[0] = sys.argv[0][:-11]
    elif sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit(${attribute}())
`;
}

export interface Launcher {
  readonly name: string;
  readonly module: string;
  readonly attribute: string;
}

/**
 * The scripts that a wheel's entry points ask for. pip declares `pip3.x` for the Python that it was built with; that one is left
 * out and made for the Python at hand.
 *
 * @throws {InvalidWheelError} for an entry point that names no function, or a name that leaves the scripts folder.
 * @throws {ReservedScriptNameError}
 */
export function launchersOf(
  wheel: { readonly filename: string; readonly entryPoints: readonly ScriptEntryPoint[] },
  pythonMinor: number,
): readonly Launcher[] {
  const launchers = wheel.entryPoints
    .filter(({ group, name }) => group !== 'console_scripts' || !/^pip3\.\d{1,3}$/.test(name))
    .map((point) => launcherOf(wheel.filename, point));
  const pip3 = launchers.find(({ name }) => name === 'pip3');
  return pip3 === undefined ? launchers : [...launchers, { ...pip3, name: `pip3.${pythonMinor}` }];
}

function launcherOf(wheel: string, { name, module, attribute }: ScriptEntryPoint): Launcher {
  if (attribute === undefined) throw new InvalidWheelError(wheel, `invalid console script: '${module}'`);
  const normalized = posix.normalize(name);
  if (normalized.startsWith('/') || normalized.split('/')[0] === '..' || normalized === '.' || normalized.endsWith('/'))
    throw new InvalidWheelError(wheel, `Script path must resolve to a file within the scripts directory: \`${name}\``);
  requireFreeName(wheel, normalized);
  return { name: normalized, module, attribute };
}

const RESERVED: ReadonlySet<string> = new Set(['python', 'pythonw', 'python3', 'graalpy', 'pypy', 'pypy2', 'pypy3']);

/** @throws {ReservedScriptNameError} when a file `name` in the scripts folder would be taken for an interpreter. */
export function requireFreeName(wheel: string, name: string): void {
  const stem = name
    .toLowerCase()
    .replace(/\.exe$/, '')
    .replace(/\.py$/, '');
  if (RESERVED.has(stem) || /^pythonw?3\.\d{1,3}t$/.test(stem) || /^python3\.\d{1,3}$/.test(stem))
    throw new ReservedScriptNameError(wheel, stem, name);
}

/** Is `name` one that an environment's own activation scripts have? */
export function isActivationName(name: string): boolean {
  return name === 'activate' || name === 'activate_this.py' || name.startsWith('activate.');
}

const PLACEHOLDER = Buffer.from('#!python');

/** The script with its placeholder line replaced, or `undefined` when `content` does not start with `#!python`. */
export function rewriteScript(content: Buffer, host: ScriptHost): Buffer | undefined {
  if (!content.subarray(0, PLACEHOLDER.length).equals(PLACEHOLDER)) return undefined;
  const end = content.findIndex((byte, index) => index >= PLACEHOLDER.length && (byte === 0x0a || byte === 0x0d));
  const next = content[end] === 0x0d && content[end + 1] === 0x0a ? end + 2 : end + 1;
  const rest = end < 0 ? Buffer.alloc(0) : content.subarray(next);
  return Buffer.concat([Buffer.from(`${formatShebang(host)}\n`), rest]);
}
