/**
 * The lock file of an interpreter's own environment: in the temporary folder, under the name that uv gives it, so that the
 * two programs exclude each other.
 */
import { join } from 'node:path';
import { variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';
import { digestOfPath } from './uv-path-digest.ts';

/** `<temporary folder>/uv-<digest of the path>.lock`. */
export function lockPathOfInterpreter(executable: string, host: Pick<PythonHost, 'variables'>): string {
  return join(temporaryFolder(host), `uv-${digestOfPath(executable)}.lock`);
}

/** As the C library of each system says, which is what uv asks; Node's answer differs when `TMP` is set. */
function temporaryFolder(host: Pick<PythonHost, 'variables'>): string {
  if (process.platform !== 'win32') return variable(host, 'TMPDIR') ?? '/tmp';
  return variable(host, 'TMP') ?? variable(host, 'TEMP') ?? variable(host, 'USERPROFILE') ?? 'C:\\Windows\\Temp';
}
