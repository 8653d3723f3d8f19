/** Reading every byte of a tree and comparing it with the manifest: what sizes and times cannot tell. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { hasErrorCode } from './errors.ts';
import type { ManifestFile, TreeManifest } from './manifest.ts';

const PIECE_BYTES = 1 << 20;
const TURN_MS = 10;

/**
 * Read all files of the tree at `folder`.
 *
 * The CRC-32 is the one of the content as it was unpacked; the SHA-256 is what a wheel says of itself, which is not always
 * right, and serves trees that have no CRC-32.
 *
 * @returns what is wrong with the first that is missing, has another length or another content; `undefined` when none is.
 * @throws the signal's reason.
 */
export async function findWrongContent(
  folder: string,
  manifest: TreeManifest,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let turnStartedMs = performance.now();
  for (const file of manifest.files) {
    const reason = wrongness(join(folder, file.path), file, buffer);
    if (reason !== undefined) return `\`${file.path}\` ${reason}`;
    if (performance.now() - turnStartedMs < TURN_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    turnStartedMs = performance.now();
  }
  return undefined;
}

function wrongness(path: string, file: ManifestFile, buffer: Buffer): string | undefined {
  try {
    const found = summarize(path, file, buffer);
    if (found.sizeBytes !== file.sizeBytes) return `has ${found.sizeBytes} bytes instead of ${file.sizeBytes}`;
    const expected = file.crc32 ?? file.sha256;
    return expected === '' || expected === found.sum ? undefined : 'has another content than it had when it was cached';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE', 'EISDIR')) return 'is missing';
    if (hasErrorCode(error, 'EIO')) return 'cannot be read';
    throw error;
  }
}

function summarize(path: string, file: ManifestFile, buffer: Buffer): { sizeBytes: number; sum: string } {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const hash = file.crc32 === undefined ? process.getBuiltinModule('node:crypto').createHash('sha256') : undefined;
  let sizeBytes = 0;
  let sum = 0;
  const descriptor = openSync(path, 'r');
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      const piece = buffer.subarray(0, read);
      if (hash === undefined) sum = crc32(piece, sum);
      else hash.update(piece);
      sizeBytes += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return { sizeBytes, sum: hash?.digest('base64url') ?? sum.toString(16).padStart(8, '0') };
}
