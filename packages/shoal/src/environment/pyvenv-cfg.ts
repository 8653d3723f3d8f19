/** `pyvenv.cfg`, the file that makes a folder a virtual environment (PEP 405): `key = value` lines, keys in any order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';

export interface PyvenvCfg {
  /** The folder of the interpreter that the environment was made from. */
  readonly home: string | undefined;
  /** `3.12.1`; `version` and `version_info` are both read. */
  readonly version: string | undefined;
  readonly includeSystemSitePackages: boolean;
  readonly relocatable: boolean;
  readonly seed: boolean;
  /** Made by this program or by uv, which put nothing into it that was not asked for. */
  readonly isManaged: boolean;
  readonly prompt: string | undefined;
}

/** @returns `undefined` when `root` has no readable `pyvenv.cfg`. */
export function readPyvenvCfg(root: string): PyvenvCfg | undefined {
  try {
    return parsePyvenvCfg(readFileSync(join(root, 'pyvenv.cfg'), 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) return undefined;
    throw error;
  }
}

/** Lines without `=` are passed over, as Python does. Absence of `include-system-site-packages` means yes. */
function parsePyvenvCfg(text: string): PyvenvCfg {
  const values = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    }),
  );
  const isTrue = (key: string): boolean => values.get(key)?.toLowerCase() === 'true';
  return {
    home: values.get('home'),
    version: values.get('version') ?? values.get('version_info'),
    includeSystemSitePackages: !values.has('include-system-site-packages') || isTrue('include-system-site-packages'),
    relocatable: isTrue('relocatable'),
    seed: isTrue('seed'),
    isManaged: values.has('shoal') || values.has('uv'),
    prompt: values.get('prompt'),
  };
}

/** The text of a `pyvenv.cfg`, in the order given. */
export function formatPyvenvCfg(entries: readonly (readonly [key: string, value: string])[]): string {
  return entries.map(([key, value]) => `${key} = ${value}\n`).join('');
}
