/**
 * Interpreters that Windows knows of: those in the registry (PEP 514), read with `reg.exe`, else those that the `py`
 * launcher lists. Elsewhere there are none.
 */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { setting, variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';

const ROOTS: readonly string[] = [
  'HKCU\\Software\\Python',
  'HKLM\\Software\\Python',
  'HKLM\\Software\\Wow6432Node\\Python',
];

/** Paths of interpreters, in the order of the registry: the user's own before those of the machine. */
export function registeredInterpreters(host: PythonHost): readonly string[] {
  if (process.platform !== 'win32' || isTrue(setting(host, 'PYTHON_NO_REGISTRY'))) return [];
  const system = join(variable(host, 'SystemRoot') ?? 'C:\\Windows', 'System32', 'reg.exe');
  const found = ROOTS.flatMap((root) => parseRegistry(outputOf(system, ['query', root, '/s'])));
  return found.length > 0 ? [...new Set(found)] : parseLauncherList(outputOf('py.exe', ['--list-paths']));
}

/** `reg query /s` prints a line with the key, then an indented line for each value: `    ExecutablePath    REG_SZ    C:\…`. */
function parseRegistry(text: string): string[] {
  const keys = text.split(/\r?\n(?=HKEY_)/).filter((block) => /^HKEY_[^\r\n]*\\InstallPath\s*$/im.test(block));
  return keys.flatMap((block) => {
    if (/\\PyLauncher\\/i.test(block)) return [];
    const program = /^\s+ExecutablePath\s+REG_(?:EXPAND_)?SZ\s+(.+?)\s*$/im.exec(block)?.[1];
    const folder = /^\s+\([^)]*\)\s+REG_(?:EXPAND_)?SZ\s+(.+?)\s*$/im.exec(block)?.[1];
    if (program !== undefined) return [program];
    return folder === undefined ? [] : [`${folder.replace(/\\$/, '')}\\python.exe`];
  });
}

/** ` -V:3.12 *        C:\Python312\python.exe`, or ` -3.12-64  C:\…` from older launchers. */
function parseLauncherList(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => /^\s*-\S+\s+(?:\*\s+)?([A-Za-z]:\\.+?)\s*$/.exec(line)?.[1] ?? []);
}

/**
 * Whether `path` is a stand-in of Windows that opens the Store instead of running Python: a link in `WindowsApps` to the
 * installer's `AppInstallerPythonRedirector.exe`.
 */
export function isWindowsStoreShim(path: string): boolean {
  if (process.platform !== 'win32' || !/\\WindowsApps\\python[^\\]*$/i.test(path)) return false;
  try {
    return /AppInstallerPythonRedirector\.exe/i.test(readlinkSync(path));
  } catch (error) {
    // The reparse point of an app cannot be read as a link: it then is a Python from the Store.
    if (hasErrorCode(error, 'EINVAL', 'UNKNOWN', 'ENOENT', 'EACCES', 'EPERM')) return false;
    throw error;
  }
}

/** What a program prints; nothing when it is missing or fails, as `reg` does for a key that is not there. */
function outputOf(program: string, words: readonly string[]): string {
  try {
    return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  } catch (error) {
    if (error instanceof Error && ('status' in error || hasErrorCode(error, 'ENOENT', 'EACCES'))) return '';
    throw error;
  }
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:1|true|t|yes|y|on)$/i.test(text);
}
