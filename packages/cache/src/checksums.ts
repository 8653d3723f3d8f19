/**
 * SHA-256 and CRC-32 of what is in memory. The port between runtimes: in Bun, `node:crypto` and `node:zlib` bring half of
 * Node's streams along, which costs a small command as much as everything else that it does; Bun's own come for nothing.
 */
interface BunHashes {
  readonly CryptoHasher: new (algorithm: 'sha256') => BunHasher;
  readonly hash: { crc32(bytes: Uint8Array): number };
}

interface BunHasher {
  update(content: string | Uint8Array): BunHasher;
  digest(encoding: 'hex' | 'base64url'): string;
}

const { Bun: bun } = globalThis as { readonly Bun?: BunHashes };

/** The SHA-256 of `content`; a string counts as its UTF-8 bytes. */
export function sha256(content: string | Uint8Array, encoding: 'hex' | 'base64url'): string {
  const hash =
    bun === undefined ? process.getBuiltinModule('node:crypto').createHash('sha256') : new bun.CryptoHasher('sha256');
  return hash.update(content).digest(encoding);
}

/** The CRC-32 of `bytes`, as zip archives have it. */
export function crc32(bytes: Uint8Array): number {
  return bun === undefined ? process.getBuiltinModule('node:zlib').crc32(bytes) : bun.hash.crc32(bytes);
}
