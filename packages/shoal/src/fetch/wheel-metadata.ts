/** METADATA out of a wheel: of a file by reading its end, of a URL by fetching its end, so that the rest need not be fetched. */
import type { WheelFilename } from '@shoal/packaging';
import { ArchiveFile } from './archive-file.ts';
import { InvalidWheelError } from './archive-errors.ts';
import { type HttpClient, type HttpContent } from './http-client.ts';
import { HttpStatusError } from './http-errors.ts';
import { MissingPieceError, SparseArchive } from './sparse-archive.ts';
import { findDistInfo } from './wheel-identity.ts';
import type { RemoteWheel } from './wheel-source.ts';
import { type ByteSource, findZipMembers, readZipDirectory } from './zip-directory.ts';
import { readEntry } from './zip-entry.ts';

/** Nine of ten wheels have directory and METADATA in their last 16 KiB; the tenth costs one more request. */
const TAIL_BYTES = 16 * 1024;
/** METADATA is far from the end, or the archive is not what it seems. */
const MAX_REQUESTS = 6;

/** The text of METADATA. @throws {InvalidArchiveError} {InvalidWheelError} ENOENT */
export function readLocalWheelMetadata(path: string, filename: WheelFilename): string {
  using archive = new ArchiveFile(path);
  return metadataIn(archive, filename);
}

/**
 * The text of METADATA by range requests.
 *
 * @returns `undefined` when the server does not answer ranges: then only the whole wheel will do.
 * @throws {InvalidArchiveError} {InvalidWheelError} {HttpStatusError} {NetworkError}
 */
export async function fetchWheelMetadata(
  http: HttpClient,
  source: RemoteWheel,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const tail = await requestRange(http, source.url, { range: tailRange(source.sizeBytes), signal });
  const place = tail === undefined ? undefined : placeOf(tail);
  if (tail === undefined || place === undefined) return undefined;
  const archive = new SparseArchive(place.sizeBytes);
  archive.add(place.position, tail.content);
  for (let requests = 1; requests < MAX_REQUESTS; requests += 1) {
    const found = tryMetadataIn(archive, source.filename);
    if (typeof found === 'string') return found;
    const range = `bytes=${found.position}-${found.position + found.length - 1}`;
    const piece = await requestRange(http, source.url, { range, signal });
    const at = piece === undefined ? undefined : placeOf(piece);
    if (piece === undefined || at === undefined || at.sizeBytes !== place.sizeBytes) return undefined;
    archive.add(at.position, piece.content);
  }
  return undefined;
}

function tailRange(sizeBytes: number | undefined): string {
  return sizeBytes === undefined
    ? `bytes=-${TAIL_BYTES}`
    : `bytes=${Math.max(0, sizeBytes - TAIL_BYTES)}-${sizeBytes - 1}`;
}

/** `undefined` when the answer is not the range: such an answer is not read, because it is the whole wheel. */
async function requestRange(
  http: HttpClient,
  url: string,
  options: { range: string; signal: AbortSignal | undefined },
): Promise<HttpContent | undefined> {
  const response = await http.send({
    url,
    headers: { range: options.range, 'accept-encoding': 'identity' },
    signal: options.signal,
  });
  if (response.status !== 206) {
    await response.discard();
    if (response.status === 200 || response.status === 416 || response.status === 501 || response.status === 405)
      return undefined;
    throw new HttpStatusError(response.status, response.url);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return { status: response.status, url: response.url, headers: response.headers, content: Buffer.concat(pieces) };
}

function placeOf(piece: HttpContent): { position: number; sizeBytes: number } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(piece.headers['content-range'] ?? '');
  if (match === null) return undefined;
  const [position, last, sizeBytes] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return last - position + 1 === piece.content.length ? { position, sizeBytes } : undefined;
}

function tryMetadataIn(archive: SparseArchive, filename: WheelFilename): string | MissingPieceError {
  try {
    return metadataIn(archive, filename);
  } catch (error) {
    if (error instanceof MissingPieceError) return error;
    throw error;
  }
}

function metadataIn(archive: ByteSource, filename: WheelFilename): string {
  const members = findZipMembers(archive, '.dist-info/METADATA');
  const paths = (members.length > 0 ? members : readZipDirectory(archive)).map(({ path }) => path);
  const path = `${findDistInfo(paths, filename)}/METADATA`;
  const member = members.find((one) => one.path === path);
  if (member === undefined) throw new InvalidWheelError(`\`${path}\` is missing`);
  return readEntry(archive, member).toString('utf8');
}
