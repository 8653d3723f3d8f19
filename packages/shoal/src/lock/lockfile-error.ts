import { OperationalError } from '@shoal/cache';

/** `uv.lock` cannot be read or understood. */
export class LockfileError extends OperationalError {
  override readonly code = 'LOCKFILE';
  readonly path: string;

  constructor(path: string, message: string, options?: { readonly cause?: unknown; readonly hint?: string }) {
    super(message, options);
    this.path = path;
  }
}

/** The schema is one of the future. */
export class LockfileVersionError extends OperationalError {
  override readonly code = 'LOCKFILE_VERSION';

  constructor(shown: string, version: number, supported: number) {
    super(
      `The lockfile at \`${shown}\` uses an unsupported schema version (v${version}, but only v${supported} is supported)`,
      { hint: `Use a newer release, or remove \`${shown}\` and lock again` },
    );
  }
}
