import { readFileSync, readlinkSync } from 'node:fs';

import { hasErrorCode } from './errors.ts';
import { once } from './once.ts';

/** The process namespace of a machine itself always has this number (PROC_PID_INIT_INO in Linux's proc_ns.h). */
const MACHINE_NAMESPACE = 'pid:[4026531836]';
/** Docker, Podman and Kubernetes mount files of the container's own folder into it. */
const CONTAINER_FOLDER = /\/(?:overlay-)?(?:containers|pods)\/([0-9a-f]{12}[0-9a-f-]*)\//u;

/** The container that this process runs in, as people know it; `undefined` outside of containers. */
export const currentContainer: () => string | undefined = once(() => {
  if (process.platform !== 'linux') return undefined;
  try {
    const namespace = readlinkSync('/proc/self/ns/pid');
    if (namespace === MACHINE_NAMESPACE) return undefined;
    const [, id] = CONTAINER_FOLDER.exec(readFileSync('/proc/self/mountinfo', 'utf8')) ?? [];
    return id === undefined ? namespace : id.slice(0, 12);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR')) return undefined;
    throw error;
  }
});
