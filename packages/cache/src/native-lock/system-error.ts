import { constants } from 'node:os';

const CODES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([code, errno]) => [errno, code]),
);

/** `EIO` for 5; `ERRNO_524` for one that has no name here. */
export function codeOfErrno(errno: number): string {
  return CODES.get(errno) ?? `ERRNO_${errno}`;
}

/** An error like those of `node:fs`, for a call that was not made through it. */
export class SystemCallError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path: string;

  constructor(syscall: string, path: string, failure: { readonly code: string; readonly errno: number }) {
    super(`${failure.code}: ${syscall} '${path}'`);
    this.name = 'SystemCallError';
    this.code = failure.code;
    this.errno = failure.errno;
    this.syscall = syscall;
    this.path = path;
  }
}
