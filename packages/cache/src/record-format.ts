/**
 * A record on disk: one line with the format and the CRC-32 of the rest, then the content. An empty, truncated or
 * bit-flipped file is thereby known for what it is.
 */
import { crc32 } from './checksums.ts';

const FORMAT = 'shoal-record-1 ';
const HEADER_BYTES = FORMAT.length + 9;

export function formatRecord(content: Uint8Array | string): Uint8Array {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([Buffer.from(headerOf(body)), body]);
}

/** The content, sharing memory with `bytes`; `undefined` when damaged. */
export function parseRecord(bytes: Buffer): Buffer | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const body = bytes.subarray(HEADER_BYTES);
  return bytes.toString('latin1', 0, HEADER_BYTES) === headerOf(body) ? body : undefined;
}

function headerOf(body: Uint8Array): string {
  return `${FORMAT}${crc32(body).toString(16).padStart(8, '0')}\n`;
}
