/**
 * The umask of the process, read once. Reading it means to set it and to set it back, and in between the files of other
 * threads get no mask at all; so it is read before there are any.
 */
let mask: number | undefined;

/** The permission bits that new files of this process do not get. */
export function fileCreationMask(): number {
  return (mask ??= process.umask());
}
