import { OperationalError } from '@shoal/cache';

/** A local path was asked for, and there is nothing. */
export class DistributionNotFoundError extends OperationalError {
  override readonly code = 'DISTRIBUTION_NOT_FOUND';

  /** @param url The `file:` URL of the path. */
  constructor(url: string) {
    super(`Distribution not found at: ${url}`);
  }
}
