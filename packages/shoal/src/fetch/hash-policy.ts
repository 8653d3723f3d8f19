/** Comparing what was fetched with what was promised, by the index and by the user. */
import { OperationalError } from '@shoal/cache';

/** The hash of a file is none of those that were asked for. */
export class HashMismatchError extends OperationalError {
  override readonly code = 'HASH_MISMATCH';
  /** `algorithm:hex` */
  readonly expected: readonly string[];
  readonly computed: readonly string[];

  constructor(subject: string, expected: readonly string[], computed: readonly string[]) {
    const list = (hashes: readonly string[]): string => hashes.map((hash) => `\n  ${hash}`).join('');
    super(`Hash mismatch for \`${subject}\`\n\nExpected:${list(expected)}\n\nComputed:${list(computed)}`);
    this.expected = expected;
    this.computed = computed;
  }
}

/** A file is longer or shorter than the index says. */
export class SizeMismatchError extends OperationalError {
  override readonly code = 'SIZE_MISMATCH';

  constructor(subject: string, expectedBytes: number, computedBytes: number) {
    super(
      `Size mismatch for \`${subject}\`\n\nExpected:\n  ${expectedBytes} bytes\n\nComputed:\n  ${computedBytes} bytes`,
    );
  }
}

const KNOWN_ALGORITHMS: ReadonlySet<string> = new Set([
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha3-256',
  'sha3-512',
  'blake2b512',
]);
/** Too weak to trust, and yet what some indexes give: they are checked against damage. */
const STRENGTH: readonly string[] = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'];

/** `algorithm:hex` of each hash that can be computed. */
export function listHashes(hashes: Readonly<Record<string, string>>): string[] {
  return Object.entries(hashes)
    .filter(([algorithm]) => KNOWN_ALGORITHMS.has(algorithm))
    .map(([algorithm, digest]) => `${algorithm}:${digest.toLowerCase()}`);
}

/** The algorithms that must be computed to check against `required`, which are `algorithm:hex`. */
export function algorithmsOf(required: readonly string[]): string[] {
  return [...new Set(required.map((hash) => hash.slice(0, hash.indexOf(':'))))].filter((algorithm) =>
    KNOWN_ALGORITHMS.has(algorithm),
  );
}

/** Is one of `required` among the computed hashes? Nothing required is always met. */
export function meetsHashes(required: readonly string[], computed: Readonly<Record<string, string>>): boolean {
  if (required.length === 0) return true;
  const found = new Set(listHashes(computed));
  return required.some((hash) => found.has(hash.toLowerCase()));
}

/** Every algorithm that `claimed` and `computed` both have agrees. */
export function agreeWithClaims(
  claimed: Readonly<Record<string, string>>,
  computed: Readonly<Record<string, string>>,
): boolean {
  return STRENGTH.every(
    (algorithm) =>
      claimed[algorithm] === undefined ||
      computed[algorithm] === undefined ||
      claimed[algorithm].toLowerCase() === computed[algorithm],
  );
}
