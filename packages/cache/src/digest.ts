import { sha256 } from './checksums.ts';

declare const digestBrand: unique symbol;

/** A SHA-256, 64 lowercase hexadecimal characters. */
export type Digest = string & { readonly [digestBrand]: true };

const DIGEST = /^[0-9a-f]{64}$/u;

function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** @throws {TypeError} when `text` is not 64 lowercase hexadecimal characters: checking input is the caller's part. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new TypeError(`Not a SHA-256 in lowercase hexadecimal: ${JSON.stringify(text)}`);
  return text;
}

/** The SHA-256 of `content`; a string counts as its UTF-8 bytes. */
export function digestOf(content: string | Uint8Array): Digest {
  return parseDigest(sha256(content, 'hex'));
}
