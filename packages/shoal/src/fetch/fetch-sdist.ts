/** Source archives as blobs of the cache: fetched and checked once for all processes, named by their content. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, parseDigest, removeIfPresent, renamePath } from '@shoal/cache';
import type { Cache, Digest, PinnedBlob } from '@shoal/cache';
import { download } from './download.ts';
import type { Downloaded } from './download.ts';
import { DownloadFailedError } from './distribution-errors.ts';
import { formatFileFact, keyOfUrl, parseFileFact } from './file-fact.ts';
import type { FileFact } from './file-fact.ts';
import { hashFile } from './hash-file.ts';
import { agreeWithClaims, algorithmsOf, HashMismatchError, listHashes, meetsHashes } from './hash-policy.ts';
import type { HttpClient } from './http-client.ts';
import { fetchFailure } from './http-errors.ts';

export interface SourceArchive {
  /** `https:`, `http:` or `file:`. */
  readonly url: string;
  readonly filename: string;
  /** What the index or the URL's fragment claims: algorithm -> hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly sizeBytes?: number | undefined;
  /** `algorithm:hex`, one of which it must have. */
  readonly requiredHashes?: readonly string[] | undefined;
}

export interface FetchSdistSurroundings {
  readonly cache: Cache;
  readonly http: HttpClient;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The archive, held until it is released.
 *
 * @throws {DownloadFailedError} with the reason as cause; {HashMismatchError}; ENOENT for a file that is not there.
 */
export async function fetchSdist(archive: SourceArchive, surroundings: FetchSdistSurroundings): Promise<PinnedBlob> {
  if (archive.url.startsWith('file:')) return await takeLocal(archive, surroundings);
  const claimed = archive.hashes['sha256']?.toLowerCase();
  const required = archive.requiredHashes ?? [];
  const isEnough = required.every((hash) => hash.startsWith('sha256:'));
  if (claimed === undefined || !isEnough) return await fetchUnnamed(archive, surroundings);
  if (!meetsHashes(required, { sha256: claimed }))
    throw new HashMismatchError(archive.filename, required, [`sha256:${claimed}`]);
  return await fetchNamed(archive, parseDigest(claimed), surroundings);
}

async function fetchNamed(
  archive: SourceArchive,
  digest: Digest,
  surroundings: FetchSdistSurroundings,
): Promise<PinnedBlob> {
  const { cache, signal } = surroundings;
  return await cache.blobs.pinOrProduce({
    digest,
    resource: archive.filename,
    signal,
    produce: async ({ path, partialPath }) => {
      await downloadChecked(archive, { path: partialPath, digest }, surroundings);
      renamePath(partialPath, path);
    },
  });
}

/** The digest is not known before the file is here; it is remembered for the URL. */
async function fetchUnnamed(archive: SourceArchive, surroundings: FetchSdistSurroundings): Promise<PinnedBlob> {
  const { cache, signal } = surroundings;
  const wanted = archive.requiredHashes ?? listHashes(archive.hashes);
  const accept = (content: Uint8Array): FileFact | undefined => {
    const fact = parseFileFact(content);
    const isKnown = fact !== undefined && algorithmsOf(wanted).every((one) => fact.hashes[one] !== undefined);
    return isKnown ? fact : undefined;
  };
  let made: PinnedBlob | undefined;
  const fact = await cache.records.readOrProduce({
    bucket: 'files',
    key: keyOfUrl(archive.url),
    resource: archive.filename,
    signal,
    accept,
    produce: async () => {
      const learnt = await learn(archive, wanted, surroundings);
      made = learnt.blob;
      return formatFileFact(learnt.fact);
    },
  });
  if (!meetsHashes(wanted, fact.hashes)) {
    made?.release();
    throw new HashMismatchError(archive.filename, wanted, listHashes(fact.hashes));
  }
  return made ?? (await fetchNamed(archive, fact.digest, surroundings));
}

async function learn(
  archive: SourceArchive,
  wanted: readonly string[],
  surroundings: FetchSdistSurroundings,
): Promise<{ readonly fact: FileFact; readonly blob: PinnedBlob }> {
  const { cache, signal } = surroundings;
  const path = join(cache.root, 'partial', digestOf(`url ${archive.url}`));
  mkdirSync(dirname(path), { recursive: true });
  try {
    const { hashes, sizeBytes } = await downloadChecked(
      archive,
      { path, algorithms: algorithmsOf(wanted) },
      surroundings,
    );
    const digest = parseDigest(hashes['sha256'] ?? '');
    const blob = await cache.blobs.pinOrProduce({
      digest,
      resource: archive.filename,
      signal,
      produce: (work) => Promise.resolve(renamePath(path, work.path)),
    });
    return { blob, fact: { digest, sizeBytes, hashes, fetchedMs: Date.now() } };
  } finally {
    removeIfPresent(path);
  }
}

async function downloadChecked(
  archive: SourceArchive,
  target: { readonly path: string; readonly digest?: Digest; readonly algorithms?: readonly string[] },
  { http, signal }: FetchSdistSurroundings,
): Promise<Downloaded> {
  const { url, filename, hashes, sizeBytes } = archive;
  try {
    const request = { url, path: target.path, resource: filename, sha256: target.digest, sizeBytes, signal };
    const downloaded = await download(http, { ...request, algorithms: target.algorithms ?? [] });
    const isRight =
      agreeWithClaims(hashes, downloaded.hashes) &&
      (target.digest === undefined || downloaded.hashes['sha256'] === target.digest);
    if (isRight) return downloaded;
    removeIfPresent(target.path);
    throw new HashMismatchError(filename, listHashes(hashes), listHashes(downloaded.hashes));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HashMismatchError) throw new DownloadFailedError(filename, error);
    throw new DownloadFailedError(filename, fetchFailure(error, url, http.settings));
  }
}

/** A copy, because the file is not ours and may change. */
async function takeLocal(archive: SourceArchive, { cache, signal }: FetchSdistSurroundings): Promise<PinnedBlob> {
  const path = fileURLToPath(archive.url);
  const wanted = archive.requiredHashes ?? listHashes(archive.hashes);
  const fact = hashFile(path, ['sha256', ...algorithmsOf(wanted)]);
  if (!meetsHashes(wanted, fact.hashes)) throw new HashMismatchError(archive.filename, wanted, listHashes(fact.hashes));
  return await cache.blobs.pinOrProduce({
    digest: fact.digest,
    resource: archive.filename,
    signal,
    produce: (work) => Promise.resolve(copyFileSync(path, work.path)),
  });
}
