import { OperationalError } from '@shoal/cache';

/** A distribution could not be brought from its server; the cause says why. */
export class DownloadFailedError extends OperationalError {
  override readonly code = 'DOWNLOAD_FAILED';

  constructor(subject: string, cause: unknown) {
    super(`Failed to download \`${subject}\``, { cause, hint: hintOf(cause) });
  }
}

/** A distribution could not be read from its file; the cause says why. */
export class LocalWheelError extends OperationalError {
  override readonly code = 'LOCAL_WHEEL';

  constructor(path: string, cause: unknown) {
    super(`Failed to read \`${path}\``, { cause, hint: hintOf(cause) });
  }
}

function hintOf(cause: unknown): string | undefined {
  return cause instanceof OperationalError ? cause.hint : undefined;
}
