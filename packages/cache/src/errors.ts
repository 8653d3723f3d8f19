export interface OperationalErrorOptions {
  /** One thing that will probably help. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Something outside the program went wrong and a person can act on it. Everything else that is thrown is a defect.
 * Codes are public: they are never renamed.
 */
export abstract class OperationalError extends Error {
  abstract readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, options: OperationalErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The cache folder could not be created or written to. Reading it may still work. */
export class CacheUnwritableError extends OperationalError {
  override readonly code = 'CACHE_UNWRITABLE';
  readonly root: string;

  constructor(root: string, cause: unknown) {
    super(`Failed to write to the cache at \`${root}\``, {
      hint: 'Choose a folder that you may write to with `--cache-dir`, or give yourself write access to this one',
      cause,
    });
    this.root = root;
  }
}

/** The disk, or this user's share of it, is full. */
export class CacheFullError extends OperationalError {
  override readonly code = 'CACHE_FULL';
  readonly root: string;

  constructor(root: string, cause: unknown) {
    super(`Failed to write to the cache at \`${root}\`: no space is left`, {
      hint: 'Free some space: `cache prune` removes what is no longer needed, `cache clean` everything that is not in use',
      cause,
    });
    this.root = root;
  }
}

/** The cache folder, or this user's part of it, may have been prepared by somebody else to be taken for a cache. */
export class CacheUntrustedError extends OperationalError {
  override readonly code = 'CACHE_UNTRUSTED';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`The cache at \`${path}\` cannot be trusted: ${reason}, and everybody may write to the folder above it`, {
      hint: 'Choose a folder of your own with `--cache-dir`, or one that only your group may write to',
    });
    this.path = path;
  }
}

/** An entry was found damaged or was removed again and again while it was being used. */
export class CacheUnstableError extends OperationalError {
  override readonly code = 'CACHE_UNSTABLE';

  constructor(resource: string, root: string, cause?: unknown) {
    super(`Could not keep ${resource} in the cache at \`${root}\`: it vanished each time it was stored`, {
      hint: 'Is another program deleting the cache folder? Run the command again when it has finished',
      cause,
    });
  }
}

/** Is `error` a system error (or one of ours) with one of these codes? */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** The same question of `error` and of everything that it names as its cause. */
export function causedByCode(error: unknown, ...codes: readonly string[]): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 16; current = current.cause, depth += 1) {
    if (hasErrorCode(current, ...codes)) return true;
  }
  return false;
}

/** What a failed write to the cache at `root` means to its user; `error` itself when that is nothing special. */
export function explainWriteFailure(root: string, error: unknown): unknown {
  if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR')) return new CacheUnwritableError(root, error);
  return hasErrorCode(error, 'ENOSPC', 'EDQUOT') ? new CacheFullError(root, error) : error;
}
