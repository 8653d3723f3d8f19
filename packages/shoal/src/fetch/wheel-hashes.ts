/** The hashes that a wheel must have. */
import { agreeWithClaims, algorithmsOf, HashMismatchError, listHashes, meetsHashes } from './hash-policy.ts';
import { describeWheel, type WheelSource } from './wheel-source.ts';

/** A file whose hashes are known: algorithm -> hexadecimal. */
interface Hashed {
  readonly hashes: Readonly<Record<string, string>>;
}

/** What the user demands, else what the index claims: `algorithm:hex`, of which one must be met. */
export function wantedHashes(
  source: WheelSource,
  options: { readonly requiredHashes?: readonly string[] | undefined },
): readonly string[] {
  return options.requiredHashes !== undefined && options.requiredHashes.length > 0
    ? options.requiredHashes
    : listHashes(source.hashes);
}

/** Does the file have what is demanded, and all that the index claims? */
export function isWanted(fact: Hashed, source: WheelSource, wanted: readonly string[]): boolean {
  return meetsHashes(wanted, fact.hashes) && agreeWithClaims(source.hashes, fact.hashes);
}

/** @throws {HashMismatchError} when it does not. */
export function requireWanted(fact: Hashed, source: WheelSource, wanted: readonly string[]): void {
  if (isWanted(fact, source, wanted)) return;
  const algorithms = algorithmsOf(wanted);
  throw new HashMismatchError(
    describeWheel(source),
    wanted,
    listHashes(fact.hashes).filter((hash) => algorithms.includes(hash.split(':')[0] ?? '')),
  );
}
