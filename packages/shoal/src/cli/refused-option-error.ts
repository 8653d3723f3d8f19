import { OperationalError } from '@shoal/cache';
import type { OptionRefusal } from './option-spec.ts';

/** An option of uv that this release does not have was given. */
export class RefusedOptionError extends OperationalError {
  override readonly code = 'REFUSED_OPTION';

  constructor({ message, hint }: OptionRefusal) {
    super(message, { hint });
  }
}
