/** Versions to prefer: those given with the input, and those that forks solved so far have chosen. */
import { compareVersions, type NormalizedName } from '@shoal/packaging';
import type { RankedPreference } from './candidate-selector.ts';
import type { Preference } from './resolve-input.ts';

export class PreferenceStore {
  readonly #byName: Map<NormalizedName, RankedPreference[]> = new Map();

  constructor(given: ReadonlyMap<NormalizedName, readonly Preference[]>) {
    for (const [name, preferences] of given) this.#byName.set(name, [...preferences]);
  }

  of(name: NormalizedName): readonly RankedPreference[] {
    return this.#byName.get(name) ?? [];
  }

  add(name: NormalizedName, preference: RankedPreference): void {
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [preference]);
    else known.push(preference);
  }

  /** The digests recorded for a version. */
  hashesOf(name: NormalizedName, version: RankedPreference['version']): readonly string[] {
    const found = this.of(name).find(
      (entry) => compareVersions(entry.version, version) === 0 && (entry.hashes?.length ?? 0) > 0,
    );
    return found?.hashes ?? [];
  }
}
