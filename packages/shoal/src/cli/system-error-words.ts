/** What the operating system says, for people: the reason and the path, without codes and names of calls. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'The file is in use',
  EDQUOT: 'Disk quota exceeded',
  EEXIST: 'File exists',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in the system',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ETXTBSY: 'The program is being run',
};

/** `undefined` when `error` is not one of the system about a file. */
export function systemErrorWords(error: Error): string | undefined {
  if (!('code' in error) || typeof error.code !== 'string' || !error.message.startsWith(`${error.code}: `))
    return undefined;
  const reason = REASONS[error.code];
  if (reason === undefined) return undefined;
  const path = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? `${reason}: \`${path}\`` : reason;
}
