/** Sources of a build: each has a digest of its content, and can be opened as a folder that a backend may work in. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, hasErrorCode } from '@shoal/cache';
import type { Cache, Digest } from '@shoal/cache';
import type { NormalizedName, Version } from '@shoal/packaging';
import { fetchSdist } from '../fetch/fetch-sdist.ts';
import type { SourceArchive } from '../fetch/fetch-sdist.ts';
import { checkOut } from '../fetch/git-repository.ts';
import type { GitSource } from '../fetch/git-repository.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import { unpackSdist } from '../fetch/unpack-sdist.ts';
import { SourceLocationError } from '../project/requirement-errors.ts';

/** An open source tree. Closing it lets others into a local folder. */
export interface OpenSource extends Disposable {
  readonly folder: string;
}

export interface BuildableSource {
  /** As messages name it: `pymongo==4.0`, `file:///path/package`. */
  readonly subject: string;
  /** Of the content, subdirectory included. */
  readonly digest: Digest;
  /** What the index or the filename says; checked against what is built. */
  readonly name: NormalizedName | undefined;
  readonly version: Version | undefined;
  /** Whether the content may change from one look to the next. */
  readonly isLocalFolder: boolean;
  /** `algorithm -> hexadecimal` of an archive. */
  readonly hashes: Readonly<Record<string, string>>;
  /** @param workFolder Private to the caller: what is not a local folder is unpacked in it. */
  open(workFolder: string): Promise<OpenSource>;
}

export interface SourceSurroundings {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isOffline: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface SourceIdentity {
  readonly subject: string;
  readonly name?: NormalizedName | undefined;
  readonly version?: Version | undefined;
  readonly subdirectory?: string | undefined;
}

/** An archive, fetched now and unpacked each time it is opened. @throws what `fetchSdist` throws */
export async function archiveSource(
  archive: SourceArchive,
  identity: SourceIdentity,
  surroundings: SourceSurroundings,
): Promise<BuildableSource> {
  const { subject, name, version, subdirectory } = identity;
  using blob = await fetchSdist(archive, surroundings);
  const { digest } = blob;
  const known: SourceArchive = { ...archive, hashes: { sha256: digest }, requiredHashes: undefined };
  return {
    subject,
    name,
    version,
    isLocalFolder: false,
    hashes: { sha256: digest },
    digest: subdirectory === undefined ? digest : digestOf(`${digest} ${subdirectory}`),
    open: async (workFolder) => {
      const folder = join(workFolder, 'source');
      mkdirSync(folder);
      using held = await fetchSdist(known, surroundings);
      const root = await unpackSdist(held.path, folder, archive.filename);
      return openFolder(join(root, subdirectory ?? ''));
    },
  };
}

/** @param source `commit` is a full one. */
export function gitTreeSource(
  source: GitSource & { readonly commit: string },
  identity: SourceIdentity,
  surroundings: SourceSurroundings,
): BuildableSource {
  const { subject, name, version, subdirectory } = identity;
  return {
    subject,
    name,
    version,
    isLocalFolder: false,
    hashes: {},
    digest: digestOf(`git ${source.repository} ${source.commit} ${subdirectory ?? ''} ${source.lfs}`),
    open: async (workFolder) => {
      const folder = join(workFolder, 'source');
      await checkOut({ ...source, folder }, surroundings);
      return openFolder(join(folder, subdirectory ?? ''));
    },
  };
}

/**
 * A local folder, in which backends work in place, as build front ends do: one at a time.
 *
 * @param digest Of its content as it is now.
 */
export function folderSource(
  folder: string,
  { digest, ...identity }: SourceIdentity & { readonly digest: Digest },
  { cache, signal }: SourceSurroundings,
): BuildableSource {
  return {
    subject: identity.subject,
    name: identity.name,
    version: identity.version,
    isLocalFolder: true,
    hashes: {},
    digest,
    open: async () => {
      const lock = await cache.lock(`source-${digestOf(folder)}`, {
        mode: 'exclusive',
        resource: `the source tree at \`${folder}\``,
        signal,
      });
      return { folder, [Symbol.dispose]: () => lock.release() };
    },
  };
}

function openFolder(folder: string): OpenSource {
  return { folder, [Symbol.dispose]: () => undefined };
}

/** The text of a file of the source tree; `undefined` when it is not there. @throws {SourceLocationError} for an absent tree */
export function readSourceFile(folder: string, name: string, subject: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EISDIR')) return undefined;
    if (hasErrorCode(error, 'ENOTDIR'))
      throw new SourceLocationError(subject, `\`${folder}\` is no folder`, 'Correct the subdirectory');
    throw error;
  }
}
