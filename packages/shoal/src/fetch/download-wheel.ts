import { type Digest, removeIfPresent } from '@shoal/cache';
import { download, type Downloaded } from './download.ts';
import { agreeWithClaims, algorithmsOf, HashMismatchError, listHashes, SizeMismatchError } from './hash-policy.ts';
import type { HttpClient } from './http-client.ts';
import { fetchFailure } from './http-errors.ts';
import { describeWheel, type RemoteWheel } from './wheel-source.ts';

export interface DownloadTarget {
  /** May hold the beginning of the file. */
  readonly path: string;
  /** `undefined` when the index does not tell it. */
  readonly sha256: Digest | undefined;
  /** Further algorithms to compute. */
  readonly algorithms: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Download a wheel and compare it with what its index claims; a file that is not what it should be is removed.
 * @throws {FetchFailedError} {HashMismatchError} {SizeMismatchError} {OfflineError}
 */
export async function downloadWheel(
  http: HttpClient,
  source: RemoteWheel,
  target: DownloadTarget,
): Promise<Downloaded> {
  const downloaded = await downloadFile(http, source, target);
  try {
    checkDownload(source, downloaded, target.sha256);
    return downloaded;
  } catch (error) {
    removeIfPresent(target.path);
    throw error;
  }
}

function checkDownload(source: RemoteWheel, downloaded: Downloaded, sha256: Digest | undefined): void {
  const subject = describeWheel(source);
  const expected = sha256 === undefined ? listHashes(source.hashes) : [`sha256:${sha256}`];
  const isRight =
    agreeWithClaims(source.hashes, downloaded.hashes) &&
    (sha256 === undefined || downloaded.hashes['sha256'] === sha256);
  if (!isRight) throw new HashMismatchError(subject, expected, computedFor(expected, downloaded));
  if (source.sizeBytes === undefined || downloaded.sizeBytes === source.sizeBytes) return;
  throw new SizeMismatchError(subject, source.sizeBytes, downloaded.sizeBytes);
}

function computedFor(expected: readonly string[], downloaded: Downloaded): string[] {
  const algorithms = algorithmsOf(expected);
  return listHashes(downloaded.hashes).filter((hash) => algorithms.includes(hash.slice(0, hash.indexOf(':'))));
}

async function downloadFile(http: HttpClient, source: RemoteWheel, target: DownloadTarget): Promise<Downloaded> {
  const { filename, url, sizeBytes } = source;
  try {
    return await download(http, { ...target, url, resource: filename.filename, sizeBytes });
  } catch (error) {
    target.signal?.throwIfAborted();
    throw fetchFailure(error, url, http.settings);
  }
}
