import type { NormalizedName } from '@shoal/packaging';
import type { ConfigSettings } from '../build/build-distribution.ts';
import type { ProjectSelection, SourcedRequirement } from '../resolve/resolve-input.ts';

/** How source distributions, folders and repositories are built. */
export interface BuildPolicy {
  /** `--no-build-isolation`: these are built with what the target environment holds. */
  readonly withoutIsolation: ProjectSelection;
  /** `--build-constraint`: bounds of what build environments may hold. */
  readonly constraints: readonly SourcedRequirement[];
  /** `--config-setting`. */
  readonly configSettings: ConfigSettings;
  /** `--config-settings-package`. */
  readonly configSettingsOf: ReadonlyMap<NormalizedName, ConfigSettings>;
  /** For the processes of backends. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Nothing out of the ordinary. */
export function plainBuildPolicy(variables: BuildPolicy['variables']): BuildPolicy {
  return { withoutIsolation: new Set(), constraints: [], configSettings: {}, configSettingsOf: new Map(), variables };
}
