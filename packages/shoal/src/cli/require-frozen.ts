import type { OptionValues } from './option-values.ts';
import { RefusedOptionError } from './refused-option-error.ts';

/** Projects are edited, and not yet locked and synced. @throws {RefusedOptionError} */
export function requireFrozen(values: OptionValues): void {
  if (values.flag('frozen')) return;
  throw new RefusedOptionError({
    message: 'Locking and syncing the project after the change is not available in this release',
    hint: 'Change `pyproject.toml` alone with `--frozen`',
  });
}
