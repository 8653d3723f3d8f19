/** The port through which resolving and installing get what must be built; nothing of building is loaded before it is needed. */
import type { PinnedTree } from '@shoal/cache';
import type { DirectUrl, NormalizedName, Version } from '@shoal/packaging';
import type { DependencyMetadata, DistributionFile } from '../project/distribution-file.ts';
import type { SourceBuilderOptions } from './source-builder.ts';

/** A requirement that names its source by URL or path. */
export interface UrlRequirement {
  /** As it was written. */
  readonly url: string;
  /** `undefined` when the requirement is a URL alone. */
  readonly name: NormalizedName | undefined;
  /** What its metadata said; the wheel must say the same. Absent before that is known. */
  readonly version?: Version;
}

export interface Builder {
  metadataOfFile(file: DistributionFile): Promise<DependencyMetadata>;
  metadataOfUrl(requirement: UrlRequirement): Promise<DependencyMetadata>;
  /** The tree of the wheel that the file gives, held until it is released. @param hashes `algorithm:hex`, one of which the file must have */
  treeOfFile(file: DistributionFile, hashes?: readonly string[]): Promise<PinnedTree>;
  treeOfUrl(requirement: UrlRequirement, hashes?: readonly string[]): Promise<PinnedTree>;
  directUrlOf(requirement: UrlRequirement): Promise<DirectUrl>;
}

/** A builder that is made at its first use. */
export function lazyBuilder(options: SourceBuilderOptions): Builder {
  let made: Promise<Builder> | undefined;
  const builder = (): Promise<Builder> =>
    (made ??= import('./source-builder.ts').then(({ SourceBuilder }) => new SourceBuilder(options)));
  return {
    metadataOfFile: async (file) => await (await builder()).metadataOfFile(file),
    metadataOfUrl: async (requirement) => await (await builder()).metadataOfUrl(requirement),
    treeOfFile: async (file, hashes) => await (await builder()).treeOfFile(file, hashes),
    treeOfUrl: async (requirement, hashes) => await (await builder()).treeOfUrl(requirement, hashes),
    directUrlOf: async (requirement) => await (await builder()).directUrlOf(requirement),
  };
}

/** Is it something other than a wheel that `written` names? */
export function isBuiltFrom(written: string): boolean {
  return !/\.whl(?:$|[?#])/i.test(written);
}
