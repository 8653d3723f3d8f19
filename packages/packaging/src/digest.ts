/** Digests as indexes, URLs and requirements files write them. */
import { PackagingError } from './errors.ts';

const HEXADECIMAL_DIGITS: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  blake2b: 128,
};

/** A text that is no digest of the algorithm it is said to be of. */
export class InvalidDigestError extends PackagingError {
  constructor(algorithm: string, digest: string) {
    super(
      'INVALID_DIGEST',
      `Invalid hash digest \`${algorithm}=${digest}\` (expected ${HEXADECIMAL_DIGITS[algorithm]} hexadecimal characters)`,
    );
  }
}

/** Algorithms that are not known are not looked at. @throws {InvalidDigestError} */
export function checkDigest(algorithm: string, digest: string): void {
  const digits = HEXADECIMAL_DIGITS[algorithm];
  if (digits !== undefined && (digest.length !== digits || !/^[0-9a-f]*$/i.test(digest)))
    throw new InvalidDigestError(algorithm, digest);
}
