import { emptySpecifierSet } from '@shoal/packaging';
import type { Marker, NormalizedName } from '@shoal/packaging';
import type { SourcedRequirement } from '../resolve/resolve-input.ts';
import type { Builder } from './builder.ts';

/** A requirement that is a URL or path alone, and where it was read. */
export interface LocatedRequirement {
  /** Absolute. */
  readonly url: string;
  readonly extras: readonly NormalizedName[];
  readonly marker: Marker | undefined;
  readonly origin: string | undefined;
}

/** Each with the name that its source gives itself. @throws what getting the metadata throws */
export async function nameRequirements(
  located: readonly LocatedRequirement[],
  builder: Builder,
): Promise<readonly SourcedRequirement[]> {
  return await Promise.all(
    located.map(async ({ url, extras, marker, origin }) => {
      const { name } = await builder.metadataOfUrl({ url, name: undefined });
      return { requirement: { name, writtenName: name, extras, specifiers: emptySpecifierSet, url, marker }, origin };
    }),
  );
}
