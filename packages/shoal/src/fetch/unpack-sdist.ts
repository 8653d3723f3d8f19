/**
 * Source distributions and other source archives as folders, with the limits that wheels have.
 *
 * Links are kept when they stay inside; devices, absolute paths and paths that leave the folder are refused.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InvalidArchiveError, UnpackError } from './archive-errors.ts';
import { MAX_ENTRIES, MAX_EXPANSION, MAX_UNPACKED_BYTES } from './archive-limits.ts';
import { unpackArchive } from './unpack-archive.ts';

/**
 * Unpack into the existing, empty `folder`.
 *
 * @param filename For messages.
 * @returns the root of the source tree: the archive's one top-level folder, else `folder`.
 * @throws {UnpackError} with the reason as cause.
 */
export async function unpackSdist(archivePath: string, folder: string, filename: string): Promise<string> {
  try {
    await unpackAny(archivePath, folder);
  } catch (error) {
    if (error instanceof Error) throw new UnpackError(filename, error);
    throw error;
  }
  const names = readdirSync(folder).filter((name) => name !== 'pax_global_header');
  const [only = ''] = names;
  return names.length === 1 && statSync(join(folder, only)).isDirectory() ? join(folder, only) : folder;
}

async function unpackAny(archivePath: string, folder: string): Promise<void> {
  const magic = await firstBytes(archivePath, 4);
  if (magic.startsWith('504b')) await unpackArchive(archivePath, folder);
  else if (magic.startsWith('1f8b')) await unpackTar(archivePath, folder, true);
  else if (magic.startsWith('425a68'))
    throw new InvalidArchiveError('method', 'archives packed with bzip2 are not supported');
  else if (magic.startsWith('fd377a58'))
    throw new InvalidArchiveError('method', 'archives packed with xz are not supported');
  else await unpackTar(archivePath, folder, false);
}

async function firstBytes(path: string, count: number): Promise<string> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead).toString('hex');
}

async function unpackTar(archivePath: string, folder: string, isPacked: boolean): Promise<void> {
  const { unpackTar: extract } = await import('modern-tar/fs');
  const limit = Math.max(MAX_UNPACKED_BYTES, statSync(archivePath).size * MAX_EXPANSION);
  const counted = { entries: 0, bytes: 0 };
  const source = createReadStream(archivePath);
  const target = extract(folder, {
    strict: true,
    map: (header) => {
      counted.entries += 1;
      counted.bytes += header.size;
      if (counted.entries > MAX_ENTRIES || counted.bytes > limit)
        throw new InvalidArchiveError('too-large', 'it unpacks to more than is allowed', header.name);
      if (header.type === 'character-device' || header.type === 'block-device' || header.type === 'fifo')
        throw new InvalidArchiveError('link', 'it is a device', header.name);
      return { ...header, mode: modeOf(header) };
    },
  });
  if (isPacked) await pipeline(source, createGunzip(), target);
  else await pipeline(source, target);
}

/** Ours to read and write, whatever the archive says; executable when it says so. */
function modeOf({ mode, type }: { readonly mode?: number | undefined; readonly type?: string | undefined }): number {
  if (type === 'directory') return 0o755;
  return ((mode ?? 0) & 0o111) === 0 ? 0o644 : 0o755;
}
