import type { OptionValues } from './option-values.ts';
import { UsageError } from './usage-error.ts';

/** @throws {UsageError} when `--torch-backend` is asked for: this release cannot choose PyTorch's indexes by itself. */
export function refuseTorchBackend(values: OptionValues): void {
  if (values.text('torchBackend') === undefined) return;
  throw new UsageError(
    '`--torch-backend` is not available in this release',
    'name the index of the backend with `--index` instead, and `--index-strategy unsafe-best-match` where other packages come from PyPI',
  );
}
