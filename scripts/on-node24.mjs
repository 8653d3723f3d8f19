/**
 * Runs a TypeScript file of this repository on the Node 24 that `npm ci` brought, whatever Node started it:
 * `node scripts/on-node24.mjs FILE [ARG...]`. Exits as FILE does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const systems = { darwin: 'darwin', linux: 'linux', win32: 'win' };
const executable = process.platform === 'win32' ? 'node.exe' : 'node';
const carried = join(root, 'node_modules', `node-${systems[process.platform]}-${process.arch}`, 'bin', executable);
const isRecent = Number(process.versions.node.split('.')[0]) >= 24;
const node = existsSync(carried) ? carried : isRecent ? process.execPath : undefined;
if (node === undefined) {
  console.error('error: this repository needs Node 24: run `npm ci` first, which brings it');
  process.exit(2);
}
const { status, signal } = spawnSync(
  node,
  ['--conditions=source', '--disable-warning=ExperimentalWarning', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
