/** Requirements after `[tool.uv.sources]` has said where each comes from. */
import { pathToFileURL } from 'node:url';
import { emptySpecifierSet, isTrueMarker } from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import type { IndexLocation } from './distribution-file.ts';

export type LoweredSource =
  | {
      readonly kind: 'registry';
      readonly specifiers: SpecifierSet;
      /** The one index that it may be taken from. */
      readonly index: IndexLocation | undefined;
      /** The extra or group that the index is for. */
      readonly conflict:
        | {
            readonly package: NormalizedName;
            readonly extra: NormalizedName | undefined;
            readonly group: NormalizedName | undefined;
          }
        | undefined;
    }
  | { readonly kind: 'url'; readonly url: string; readonly subdirectory: string | undefined }
  | {
      readonly kind: 'git';
      readonly repository: string;
      readonly reference: { readonly kind: 'rev' | 'tag' | 'branch'; readonly name: string } | undefined;
      readonly subdirectory: string | undefined;
      readonly lfs: boolean;
    }
  | (LocalPlace & {
      /** A wheel or an archive. */
      readonly kind: 'path';
    })
  | FolderSource;

interface LocalPlace {
  /** Absolute. */
  readonly path: string;
  /** It stays so in the lockfile. */
  readonly isWrittenAbsolute: boolean;
}

/** A folder that is built and installed, or installed editable, or only asked for its dependencies. */
export interface FolderSource extends LocalPlace {
  readonly kind: 'directory' | 'editable' | 'virtual';
}

export interface LoweredRequirement {
  readonly name: NormalizedName;
  readonly extras: readonly NormalizedName[];
  readonly marker: Marker;
  readonly source: LoweredSource;
}

/** As the solver takes it. @param commit Of Git: instead of the reference. */
export function requirementOfLowered(lowered: LoweredRequirement, commit?: string): Requirement {
  const { name, extras, marker, source } = lowered;
  return {
    name,
    writtenName: name,
    extras,
    specifiers: source.kind === 'registry' ? source.specifiers : emptySpecifierSet,
    url: urlOfSource(source, commit),
    marker: isTrueMarker(marker) ? undefined : marker,
  };
}

/** A URL as requirements name it; `undefined` for what indexes have. */
export function urlOfSource(source: LoweredSource, commit?: string): string | undefined {
  switch (source.kind) {
    case 'registry':
      return undefined;
    case 'url':
      return source.url + fragmentOf({ subdirectory: source.subdirectory, lfs: false });
    case 'git': {
      const reference = commit ?? source.reference?.name;
      return `git+${source.repository}${reference === undefined ? '' : `@${reference}`}${fragmentOf(source)}`;
    }
    default:
      return pathToFileURL(source.path).href;
  }
}

function fragmentOf({
  subdirectory,
  lfs,
}: {
  readonly subdirectory: string | undefined;
  readonly lfs: boolean;
}): string {
  const parts = [...(subdirectory === undefined ? [] : [`subdirectory=${subdirectory}`]), ...(lfs ? ['lfs=true'] : [])];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}
