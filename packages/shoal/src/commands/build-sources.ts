/** From what a requirement or an index names to a source that can be built: each is looked at once in a process. */
import { formatVersion, InvalidSdistFilenameError, parseSdistFilename } from '@shoal/packaging';
import type { DirectUrl, NormalizedName } from '@shoal/packaging';
import { digestOfFolder } from '../build/source-digest.ts';
import { archiveSource, folderSource, gitTreeSource } from '../build/source-tree.ts';
import type { BuildableSource, SourceSurroundings } from '../build/source-tree.ts';
import { resolveCommit } from '../fetch/git-repository.ts';
import type { DistributionFile } from '../project/distribution-file.ts';
import { formatSourceLocation, parseSourceLocation } from '../project/source-location.ts';
import type { SourceLocation } from '../project/source-location.ts';

/** A source, and what `direct_url.json` says of it. */
export interface LocatedSource {
  readonly source: BuildableSource;
  readonly directUrl: DirectUrl;
}

export class BuildSources {
  readonly #surroundings: SourceSurroundings;
  readonly #folder: string;
  readonly #editables: ReadonlySet<string>;
  readonly #known = new Map<string, Promise<LocatedSource>>();

  /** @param place.editables The URLs, as written, of `-e`. */
  constructor(
    surroundings: SourceSurroundings,
    { folder, editables }: { readonly folder: string; readonly editables: ReadonlySet<string> },
  ) {
    this.#surroundings = surroundings;
    this.#folder = folder;
    this.#editables = editables;
  }

  isEditable(written: string): boolean {
    return this.#editables.has(written);
  }

  /** A source distribution that an index lists. */
  async ofFile(file: DistributionFile, requiredHashes?: readonly string[]): Promise<BuildableSource> {
    const { filename, url, hashes, sizeBytes } = file;
    const archive = { url, hashes, sizeBytes, filename: filename.filename, requiredHashes };
    const identity = {
      subject: `${filename.name}==${formatVersion(filename.version)}`,
      name: filename.name,
      version: filename.version,
    };
    const located = await this.#once(`${url} ${requiredHashes?.join(' ') ?? ''}`, async () => ({
      source: await archiveSource(archive, identity, this.#surroundings),
      directUrl: { url, origin: { kind: 'archive', hashes } },
    }));
    return located.source;
  }

  /**
   * What a requirement names by URL or path.
   *
   * @param name Of the requirement; `undefined` when it names none.
   * @throws {SourceLocationError} {DownloadFailedError} {GitError}
   */
  ofUrl(written: string, name: NormalizedName | undefined, requiredHashes?: readonly string[]): Promise<LocatedSource> {
    const location = parseSourceLocation(written, this.#folder);
    return this.#once(
      `${written} ${name ?? ''}`,
      async () => await this.#locate(location, { written, name, requiredHashes }),
    );
  }

  #once(key: string, make: () => Promise<LocatedSource>): Promise<LocatedSource> {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }

  async #locate(
    location: SourceLocation,
    asked: {
      readonly written: string;
      readonly name: NormalizedName | undefined;
      readonly requiredHashes: readonly string[] | undefined;
    },
  ): Promise<LocatedSource> {
    const shown = formatSourceLocation(location);
    const subject = asked.name === undefined ? shown : `${asked.name} @ ${shown}`;
    const identity = { subject, name: asked.name, subdirectory: location.subdirectory };
    const below = location.subdirectory === undefined ? {} : { subdirectory: location.subdirectory };
    if (location.kind === 'folder') {
      const digest = digestOfFolder(location.path, this.#surroundings.variables);
      const source = folderSource(location.path, { ...identity, digest }, this.#surroundings);
      return {
        source,
        directUrl: { url: shown, origin: { kind: 'directory', editable: this.isEditable(asked.written) } },
      };
    }
    if (location.kind === 'archive') {
      const archive = { ...location, requiredHashes: asked.requiredHashes };
      const version = versionInName(location.filename, asked.name);
      const source = await archiveSource(archive, { ...identity, version }, this.#surroundings);
      return { source, directUrl: { url: shown, ...below, origin: { kind: 'archive', hashes: source.hashes } } };
    }
    const commit = await resolveCommit(location, this.#surroundings);
    const revision = location.reference === undefined ? {} : { requestedRevision: location.reference };
    return {
      source: gitTreeSource({ ...location, commit }, identity, this.#surroundings),
      directUrl: { url: shown, ...below, origin: { kind: 'vcs', vcs: 'git', commit, ...revision } },
    };
  }
}

/** An archive's name promises a version when it begins with the project's name; branches (`main.zip`) promise none. */
function versionInName(filename: string, name: NormalizedName | undefined): BuildableSource['version'] {
  if (name === undefined) return undefined;
  try {
    return parseSdistFilename(filename, name).version;
  } catch (error) {
    if (error instanceof InvalidSdistFilenameError) return undefined;
    throw error;
  }
}
