/** Several of one name in one environment are a fault that commands speak of, so all are kept. */
import type { NormalizedName } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';

/** Installed distributions by name, in the order in which they come. */
export function groupByName(installed: readonly InstalledDistribution[]): Map<NormalizedName, InstalledDistribution[]> {
  return Map.groupBy(installed, ({ name }) => name);
}
