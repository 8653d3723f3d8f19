/** Versions whose metadata could not be had, for hints. */
import type { NormalizedName, Version } from '@shoal/packaging';
import type { MetadataGap } from './provider.ts';

export interface GapNote {
  readonly version: Version;
  readonly gap: MetadataGap;
}

export class GapNotes {
  readonly #byName: Map<NormalizedName, GapNote[]> = new Map();

  note(name: NormalizedName, version: Version, gap: MetadataGap): void {
    const notes = this.#byName.get(name);
    if (notes === undefined) this.#byName.set(name, [{ version, gap }]);
    else notes.push({ version, gap });
  }

  of(name: NormalizedName): readonly GapNote[] {
    return this.#byName.get(name) ?? [];
  }
}
