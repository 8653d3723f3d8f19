/**
 * Cuts of the version line: places between two versions, where ranges begin and end.
 *
 * PEP 440 needs more places than "before V" and "after V": `<=1.0` ends after the
 * local versions of 1.0, `>1.0` begins after its post-releases, `<1.0` ends before
 * its pre-releases. Each place has a sort key beside those of the versions.
 *
 * Two cuts between which no version can be are one place with one key
 * (`<=1.0` ends where `>=1.0.post0.dev0` begins), so a range that holds no version
 * is recognised as empty. They still print differently.
 */
import { keyAfterLocals, keyAfterPosts, keyBeforeRelease, type VersionDigits } from './version-key.ts';
import { versionDigits, type Version } from './version.ts';

/**
 * - `before`: V and what sorts above it is on the upper side.
 * - `before-release`: as `before`, but the pre-releases of V are on the upper side as well.
 * - `after`: V is on the lower side, its local versions on the upper.
 * - `after-locals`, `after-posts`: V's local versions, or also its post-releases, are on the lower side.
 */
export type CutPlace = 'before' | 'before-release' | 'after' | 'after-locals' | 'after-posts';

export interface VersionCut {
  readonly version: Version;
  readonly place: CutPlace;
  /** Order among cuts and versions: by `rank`, then by `key`. A version whose key is not less lies above the cut. */
  readonly rank: number;
  readonly key: string;
}

/** The first place of all: no version lies below it. */
export const FLOOR_KEY: string = '!0\u0001';

/** @param version Without a local part, unless `place` is `before` or `after`. */
export function cutAt(version: Version, place: CutPlace): VersionCut {
  return { version, place, rank: version.rank, key: keyOfCut(version, place) };
}

export function compareCuts(a: VersionCut, b: VersionCut): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

export function isAboveCut(version: Version, cut: VersionCut): boolean {
  return version.rank === cut.rank ? version.key >= cut.key : version.rank > cut.rank;
}

/** Whether the cut, as the lower end of a range, reads as `>=` and as the upper end as `<`. */
export function isCutBefore(cut: VersionCut): boolean {
  return cut.place === 'before' || cut.place === 'before-release';
}

function keyOfCut(version: Version, place: CutPlace): string {
  switch (place) {
    case 'before':
      return version.dev === undefined || version.local !== undefined ? version.key : keyBeforeDev(version);
    case 'before-release':
      return keyBeforeRelease(versionDigits(version));
    case 'after':
      return `${version.key}\u0000`;
    case 'after-locals':
      return keyAfterLocals(versionDigits(version));
    case 'after-posts':
      break;
  }
  return keyAfterPosts(versionDigits(version));
}

/**
 * What lies before `X.devN` ends with the version just below it: `X.dev(N-1)`, or for
 * N = 0 the post-release or pre-release before X. That version's cut is the same place.
 */
function keyBeforeDev(version: Version): string {
  const digits = versionDigits(version);
  if (digits.dev !== undefined && digits.dev !== '0') return keyAfterLocals({ ...digits, dev: less(digits.dev) });
  return keyBeforeDevZero({ ...digits, dev: undefined }, version.key);
}

function keyBeforeDevZero(digits: VersionDigits, key: string): string {
  const { pre, post } = digits;
  if (post !== undefined) return keyAfterLocals({ ...digits, post: post === '0' ? undefined : less(post) });
  if (pre === undefined) return keyBeforeRelease(digits);
  return pre.number === '0' ? key : keyAfterPosts({ ...digits, pre: { kind: pre.kind, number: less(pre.number) } });
}

function less(digits: string): string {
  return String(BigInt(digits) - 1n);
}
