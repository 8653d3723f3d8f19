/** The versions that specifiers stand for (PEP 440, "Version specifiers"), as ranges. */
import type { Specifier, SpecifierSet } from './specifier.ts';
import { cutAt } from './version-cut.ts';
import {
  complementRange,
  emptyRange,
  fullRange,
  intersectRanges,
  rangeAbove,
  rangeAtLeast,
  rangeAtMost,
  rangeBelow,
  rangeBetween,
  rangeStrictlyAbove,
  rangeStrictlyBelow,
  singleVersionRange,
  type VersionRange,
} from './version-range.ts';
import { baseVersion, isPrerelease, parseVersion, versionDigits, versionOfDigits, type Version } from './version.ts';

const MEMO_LIMIT = 100_000;
const memo = new Map<string, VersionRange>();

/** The versions the specifier allows, whatever the pre-release policy. `===` of something that is no version allows none. */
export function rangeOfSpecifier(specifier: Specifier): VersionRange {
  const text = `${specifier.operator}${specifier.wildcard ? '*' : ''}${specifier.version?.text ?? ''}`;
  const known = memo.get(text);
  if (known !== undefined) return known;
  const range = makeRange(specifier);
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(text, range);
  return range;
}

/** The versions that all specifiers of the set allow. */
export function rangeOfSpecifierSet(set: SpecifierSet): VersionRange {
  let range = fullRange;
  for (const specifier of set.specifiers) range = intersectRanges(range, rangeOfSpecifier(specifier));
  return range;
}

function makeRange({ operator, version, wildcard }: Specifier): VersionRange {
  if (version === undefined) return emptyRange;
  switch (operator) {
    case '==':
      return wildcard ? prefixRange(version) : equalRange(version);
    case '!=':
      return complementRange(wildcard ? prefixRange(version) : equalRange(version));
    case '===':
      return singleVersionRange(version);
    case '>=':
      return rangeAtLeast(version);
    case '<=':
      return rangeBelow(cutAt(version, 'after-locals'));
    case '~=':
      return rangeBetween(cutAt(version, 'before'), cutAt(afterCompatible(version), 'before'));
    case '<':
      return lessRange(version);
    case '>':
      break;
  }
  return greaterRange(version);
}

/** Without a local part, the local versions match as well. */
function equalRange(version: Version): VersionRange {
  if (version.local !== undefined) return singleVersionRange(version);
  return rangeBetween(cutAt(version, 'before'), cutAt(version, 'after-locals'));
}

/** `1.2.*`: from `1.2.dev0` up to, without, `1.3.dev0`. */
function prefixRange(version: Version): VersionRange {
  return rangeBetween(cutAt(firstOfRelease(version), 'before'), cutAt(firstOfRelease(nextRelease(version)), 'before'));
}

/** "The exclusive ordered comparison <V MUST NOT allow a pre-release of the specified version unless the specified version is itself a pre-release." */
function lessRange(version: Version): VersionRange {
  if (isPrerelease(version)) return rangeStrictlyBelow(version);
  if (version.post === undefined) return rangeBelow(cutAt(version, 'before-release'));
  return rangeStrictlyBelow(parseVersion(`${version.text}.dev0`));
}

/** "The exclusive ordered comparison >V MUST NOT allow a post-release of the given version unless V itself is a post release." */
function greaterRange(version: Version): VersionRange {
  if (version.dev !== undefined) {
    const digits = versionDigits(version);
    return rangeAtLeast(versionOfDigits({ ...digits, dev: more(digits.dev ?? '0') }));
  }
  return rangeAbove(cutAt(version, version.post === undefined ? 'after-posts' : 'after-locals'));
}

/** For `~=1.4.5rc1`: `1.5.dev0`. */
function afterCompatible(version: Version): Version {
  const { epoch, release } = versionDigits(version);
  const prefix = versionOfDigits({
    epoch,
    release: release.slice(0, -1),
    pre: undefined,
    post: undefined,
    dev: undefined,
    local: [],
  });
  return firstOfRelease(nextRelease(prefix));
}

function firstOfRelease(version: Version): Version {
  return parseVersion(`${baseVersion(version).text}.dev0`);
}

/** The last number of the release is one more. */
function nextRelease(version: Version): Version {
  const { epoch, release } = versionDigits(version);
  const next = [...release.slice(0, -1), more(release.at(-1) ?? '0')];
  return versionOfDigits({ epoch, release: next, pre: undefined, post: undefined, dev: undefined, local: [] });
}

function more(digits: string): string {
  return String(BigInt(digits) + 1n);
}

/**
 * The range for versions that are releases only, as Python's are taken to be:
 * `>=3.13` holds `3.13.0b1` read as 3.13.0, `>3.12` begins with `3.12.1`, and `==3.12` is that one release.
 */
export function releaseRangeOfSpecifier({ operator, version, wildcard }: Specifier): VersionRange {
  if (version === undefined) return emptyRange;
  const release = baseVersion(version);
  switch (operator) {
    case '==':
      return wildcard
        ? rangeBetween(cutAt(release, 'before'), cutAt(nextRelease(release), 'before'))
        : singleVersionRange(release);
    case '!=':
      return complementRange(releaseRangeOfSpecifier({ operator: '==', version, wildcard, versionText: '' }));
    case '===':
      return singleVersionRange(release);
    case '>=':
      return rangeAtLeast(release);
    case '<=':
      return rangeAtMost(release);
    case '>':
      return rangeStrictlyAbove(release);
    case '<':
      return rangeStrictlyBelow(release);
    case '~=':
      break;
  }
  const prefix = parseVersion(release.text.slice(0, release.text.lastIndexOf('.')));
  return rangeBetween(cutAt(release, 'before'), cutAt(nextRelease(prefix), 'before'));
}

/** As `releaseRangeOfSpecifier`, for all specifiers of the set together. */
export function releaseRangeOfSpecifierSet(set: SpecifierSet): VersionRange {
  let range = fullRange;
  for (const specifier of set.specifiers) range = intersectRanges(range, releaseRangeOfSpecifier(specifier));
  return range;
}
