/**
 * The digest that uv gives a path: SeaHash over the path's parts, as 16 hexadecimal digits, least significant byte first.
 * Parts are hashed without the separators between them; a sum of their lengths at the end tells `a/b` from `ab`.
 */
const MASK = 0xffff_ffff_ffff_ffffn;
const MULTIPLIER = 0x6eed_0e9d_a4d9_4a4fn;
const SEEDS: readonly [bigint, bigint, bigint, bigint] = [
  0x16f1_1fe8_9b0d_677cn,
  0xb480_a793_d8e6_c86cn,
  0x6fe2_e5aa_f078_ebc9n,
  0x14f9_94a4_c525_9381n,
];

/** @param path Absolute, in the spelling of POSIX systems. */
export function digestOfPath(path: string): string {
  const parts = path
    .split('/')
    .filter((part, index) => part !== '' && !(part === '.' && index > 0))
    .map((part) => Buffer.from(part));
  const lengths = Buffer.alloc(8);
  lengths.writeBigUInt64LE(parts.reduce((sum, { length }) => rotateRight((sum + BigInt(length)) & MASK, 2n), 0n));
  const digest = Buffer.alloc(8);
  digest.writeBigUInt64LE(seaHash(Buffer.concat([...parts, lengths])));
  return digest.toString('hex');
}

function rotateRight(value: bigint, bits: bigint): bigint {
  return ((value >> bits) | (value << (64n - bits))) & MASK;
}

function seaHash(bytes: Uint8Array): bigint {
  let [a, b, c, d] = SEEDS;
  for (let start = 0; start < bytes.length; start += 8) {
    const mixed = diffuse(a ^ littleEndian(bytes.subarray(start, start + 8)));
    [a, b, c, d] = [b, c, d, mixed];
  }
  return diffuse(a ^ b ^ c ^ d ^ BigInt(bytes.length));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function diffuse(value: bigint): bigint {
  const first = (value * MULTIPLIER) & MASK;
  const shifted = first ^ ((first >> 32n) >> (first >> 60n));
  return (shifted * MULTIPLIER) & MASK;
}
