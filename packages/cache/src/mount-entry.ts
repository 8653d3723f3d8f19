/** The mount that a path lies on, as `/proc/self/mountinfo` tells it (proc_pid_mountinfo(5)). */
import { readFileSync } from 'node:fs';

import { hasErrorCode } from './errors.ts';

export interface MountEntry {
  readonly id: string;
  readonly mountPoint: string;
  /** `nfs4`, `fuse.sshfs`. */
  readonly type: string;
  /** Of the mount and of the file system: `rw`, `nolock`, `local_lock=all`. */
  readonly options: readonly string[];
}

/** `undefined` where the system tells no mounts. `path` is real and absolute. */
export function findMount(path: string): MountEntry | undefined {
  try {
    return mountOf(path, readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** The entry with the longest mount point above `path`; of several at one point the last, which covers the others. */
export function mountOf(path: string, table: string): MountEntry | undefined {
  let best: MountEntry | undefined;
  for (const line of table.split('\n')) {
    const entry = parseEntry(line);
    if (entry === undefined || !isAbove(entry.mountPoint, path)) continue;
    if (best === undefined || entry.mountPoint.length >= best.mountPoint.length) best = entry;
  }
  return best;
}

function isAbove(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue` */
function parseEntry(line: string): MountEntry | undefined {
  const [before = '', after = ''] = line.split(' - ');
  const [id, , , , mountPoint, mountOptions] = before.split(' ');
  const [type, , superOptions] = after.split(' ');
  if (id === undefined || mountPoint === undefined || type === undefined) return undefined;
  const options = [...new Set(`${mountOptions ?? ''},${superOptions ?? ''}`.split(','))].filter((word) => word !== '');
  return { id, mountPoint: unescape(mountPoint), type, options };
}

/** Blanks, tabs, newlines and backslashes are written as three octal digits. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
