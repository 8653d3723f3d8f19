import { OperationalError } from '@shoal/cache';

/** A local path was asked for, and there is nothing. */
export class DistributionNotFoundError extends OperationalError {
  override readonly code = 'DISTRIBUTION_NOT_FOUND';

  /** @param url The `file:` URL of the path. */
  constructor(url: string) {
    const variable = /\$(?:\{|%7B)([A-Z0-9_]+)(?:\}|%7D)/i.exec(url)?.[1];
    super(`Distribution not found at: ${url}`, {
      hint: variable === undefined ? undefined : `Set the variable \`${variable}\`, which has no value`,
    });
  }
}
