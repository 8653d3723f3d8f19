/**
 * Sort keys of versions (PEP 440, "Summary of permitted suffixes and relative
 * ordering"): comparing two keys as strings, code unit by code unit, compares
 * the versions. Numbers are kept as decimal digits behind their digit count, so
 * a number of any size sorts right.
 *
 * No key is a prefix of another key, which leaves room for points *between*
 * versions: a key that is extended or cut short sorts where no version is.
 */

/** The parts of a version as they stand in its text: numbers as digits without leading zeros. */
export interface VersionDigits {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: string } | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[];
}

/** Marks of the parts; all sort below the digit count of a number, so that a shorter release sorts first. */
const PHASES = { dev: '\u0002', a: '\u0003', b: '\u0004', rc: '\u0005', final: '\u0006' } as const;
const BEFORE_DEV = '\u0001';
const NO_POST = '\u0001';
const POST = '\u0002';
const AFTER_POSTS = '\u0003';
const DEV = '\u0001';
const NO_DEV = '\u0002';
const NO_LOCAL = '\u0001';
const LOCAL = '\u0002';
const AFTER_LOCALS = '\u0003';
const END_OF_LOCAL = '\u0001';
const LOCAL_WORD = '\u0002';
const LOCAL_NUMBER = '\u0003';

/** The key of the version itself. */
export function versionKey(digits: VersionDigits): string {
  return publicKey(digits) + localKey(digits.local);
}

/** The key of the point before every version of the release: below its `.dev0`. */
export function keyBeforeRelease(digits: VersionDigits): string {
  return releaseKey(digits) + BEFORE_DEV;
}

/** The key of the point after the version and all its local versions, before its next post-release. */
export function keyAfterLocals(digits: VersionDigits): string {
  return publicKey(digits) + AFTER_LOCALS;
}

/** The key of the point after the version and all its post-releases. For a version without post and dev part. */
export function keyAfterPosts(digits: VersionDigits): string {
  return releaseKey(digits) + phaseKey(digits) + AFTER_POSTS;
}

/**
 * A number that never sorts two versions wrongly, and tells most apart: epoch and
 * three release numbers in 53 bits. Equal ranks leave the decision to the keys.
 */
export function versionRank(epoch: number, release: readonly number[]): number {
  if (epoch > 0) return Number.MAX_SAFE_INTEGER;
  const first = release[0] ?? 0;
  if (first >= MAX_FIRST) return Number.MAX_SAFE_INTEGER;
  const second = release[1] ?? 0;
  if (second >= MAX_OTHER) return (first + 1) * 2 ** 28 - 1;
  return first * 2 ** 28 + second * 2 ** 14 + Math.min(release[2] ?? 0, MAX_OTHER);
}

const MAX_FIRST = 2 ** 25 - 1;
const MAX_OTHER = 2 ** 14 - 1;

function publicKey(digits: VersionDigits): string {
  const post = digits.post === undefined ? NO_POST : POST + numberKey(digits.post);
  const dev = digits.dev === undefined ? NO_DEV : DEV + numberKey(digits.dev);
  return releaseKey(digits) + phaseKey(digits) + post + dev;
}

/** Trailing zeros do not count: `1.0` and `1` are one version. */
function releaseKey(digits: VersionDigits): string {
  let last = digits.release.length;
  while (last > 0 && digits.release[last - 1] === '0') last -= 1;
  let key = numberKey(digits.epoch);
  for (let index = 0; index < last; index += 1) key += numberKey(digits.release[index] ?? '0');
  return key;
}

/** A development release without pre and post part sorts before the pre-releases. */
function phaseKey({ pre, post, dev }: VersionDigits): string {
  if (pre !== undefined) return PHASES[pre.kind] + numberKey(pre.number);
  return post === undefined && dev !== undefined ? PHASES.dev : PHASES.final;
}

/** Words sort before numbers, and a local version before its own extensions. */
function localKey(local: readonly string[]): string {
  if (local.length === 0) return NO_LOCAL;
  let key = LOCAL;
  for (const part of local) {
    key += /^\d+$/.test(part) ? LOCAL_NUMBER + numberKey(part) : LOCAL_WORD + part + END_OF_LOCAL;
  }
  return key + END_OF_LOCAL;
}

function numberKey(digits: string): string {
  return String.fromCharCode(0x20 + digits.length) + digits;
}
