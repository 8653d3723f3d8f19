import { closeSync, openSync, readSync } from 'node:fs';
import { parseDigest } from '@shoal/cache';
import type { FileFact } from './file-fact.ts';

const PIECE_BYTES = 1024 * 1024;

/** The digests of the file at `path`, SHA-256 among `algorithms`. @throws system errors */
export function hashFile(path: string, algorithms: readonly string[]): FileFact {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hashes = [...new Set(algorithms)].map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  const descriptor = openSync(path, 'r');
  let sizeBytes = 0;
  try {
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
      for (const { hash } of hashes) hash.update(buffer.subarray(0, count));
      sizeBytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
  const digests = Object.fromEntries(hashes.map(({ algorithm, hash }) => [algorithm, hash.digest('hex')]));
  return { digest: parseDigest(digests['sha256'] ?? ''), sizeBytes, hashes: digests, fetchedMs: Date.now() };
}
