/**
 * Versions (PEP 440): parsing, the normalized spelling, and the order.
 *
 * Versions are immutable and parsed once per spelling; comparing two takes one
 * comparison of numbers or of strings. Numbers beyond 2^53 are exact in the
 * order and the spelling, and rounded only in the number fields.
 */
import { InvalidVersionError } from './errors.ts';
import { versionKey, versionRank, type VersionDigits } from './version-key.ts';

/** A parsed version. Make one with `parseVersion`, never by hand: `rank`, `key` and `text` must agree with the parts. */
export interface Version {
  readonly epoch: number;
  /** As written: `1.0` and `1` are equal versions with different releases. */
  readonly release: readonly number[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: number } | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  /** `undefined` when there is no `+…` part. */
  readonly local: readonly (string | number)[] | undefined;
  /** The normalized spelling. */
  readonly text: string;
  /** Where `rank` differs it decides the order, else `key` does, as a string. */
  readonly rank: number;
  readonly key: string;
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/;
const ONLY_RELEASE = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/;
const MEMO_LIMIT = 200_000;
const memo = new Map<string, Version | undefined>();

/** @throws {InvalidVersionError} when `text`, but for white space around it, is not a version. */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (version === undefined) throw new InvalidVersionError(describeInvalidVersion(text.trim()));
  return version;
}

/** As `parseVersion`; `undefined` when `text` is not a version. */
export function tryParseVersion(text: string): Version | undefined {
  const known = memo.get(text);
  if (known !== undefined || memo.has(text)) return known;
  const digits = parseDigits(text);
  const version = digits && versionOfDigits(digits);
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(text, version);
  return version;
}

/** Negative when `a` is the older, positive when it is the newer, 0 when they are equal (`1.0` and `1` are). */
export function compareVersions(a: Version, b: Version): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Whether both are one version, however written. */
export function versionsEqual(a: Version, b: Version): boolean {
  return a.key === b.key;
}

/** The normalized spelling: `1.0rc1` for `v1.0-RC.1`. Trailing zeros stay. */
export function formatVersion(version: Version): string {
  return version.text;
}

/** Whether it is a pre-release or a development release. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

export function isPostrelease(version: Version): boolean {
  return version.post !== undefined;
}

export function isLocal(version: Version): boolean {
  return version.local !== undefined;
}

/** The version without its local part. */
export function publicVersion(version: Version): Version {
  return version.local === undefined ? version : parseVersion(version.text.slice(0, version.text.indexOf('+')));
}

/** Epoch and release alone: `1!2.0` of `1!2.0rc1.post2+x`. */
export function baseVersion(version: Version): Version {
  const { epoch, release } = versionDigits(version);
  return parseVersion(spellRelease(epoch, release));
}

/** The parts with their exact digits. */
export function versionDigits(version: Version): VersionDigits {
  const digits = parseDigits(version.text);
  if (digits === undefined) throw new InvalidVersionError(describeInvalidVersion(version.text));
  return digits;
}

/** The version of these parts. */
export function versionOfDigits(digits: VersionDigits): Version {
  const release = digits.release.map(Number);
  const epoch = Number(digits.epoch);
  return {
    epoch,
    release,
    pre: digits.pre && { kind: digits.pre.kind, number: Number(digits.pre.number) },
    post: digits.post === undefined ? undefined : Number(digits.post),
    dev: digits.dev === undefined ? undefined : Number(digits.dev),
    local:
      digits.local.length === 0 ? undefined : digits.local.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    text: spellVersion(digits),
    rank: versionRank(epoch, release),
    key: versionKey(digits),
  };
}

function parseDigits(text: string): VersionDigits | undefined {
  if (ONLY_RELEASE.test(text)) {
    return { epoch: '0', release: text.split('.'), pre: undefined, post: undefined, dev: undefined, local: [] };
  }
  const match = VERSION.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, epoch, release = '', preWord, pre, shortPost, postWord, post, devWord, dev, local] = match;
  return {
    epoch: trimZeros(epoch ?? '0'),
    release: release.split('.').map(trimZeros),
    pre: preWord === undefined ? undefined : { kind: preKind(preWord), number: trimZeros(pre ?? '0') },
    post: shortPost === undefined && postWord === undefined ? undefined : trimZeros(shortPost ?? post ?? '0'),
    dev: devWord === undefined ? undefined : trimZeros(dev ?? '0'),
    local: local === undefined ? [] : local.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? trimZeros(part) : part)),
  };
}

function preKind(word: string): 'a' | 'b' | 'rc' {
  if (word === 'a' || word === 'alpha') return 'a';
  return word === 'b' || word === 'beta' ? 'b' : 'rc';
}

function trimZeros(digits: string): string {
  return digits.startsWith('0') ? digits.replace(/^0+(?=\d)/, '') : digits;
}

function spellRelease(epoch: string, release: readonly string[]): string {
  return (epoch === '0' ? '' : `${epoch}!`) + release.join('.');
}

function spellVersion({ epoch, release, pre, post, dev, local }: VersionDigits): string {
  let text = spellRelease(epoch, release);
  if (pre !== undefined) text += pre.kind + pre.number;
  if (post !== undefined) text += `.post${post}`;
  if (dev !== undefined) text += `.dev${dev}`;
  return local.length === 0 ? text : `${text}+${local.join('.')}`;
}

const VERSION_START =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z\d]+(?:[-_.][a-z\d]+)*)?/i;

/** Why `text`, without white space around it, is not a version. */
export function describeInvalidVersion(text: string): string {
  const start = VERSION_START.exec(text)?.[0];
  if (start === undefined || start === text) {
    return 'expected version to start with a number, but no leading ASCII digits were found';
  }
  const rest = text.slice(start.length);
  if (/^v?\d+$/i.test(start) && rest.startsWith('!')) {
    return 'expected version to have a non-empty release component after an epoch, but no ASCII digits after the epoch were found';
  }
  const separator = rest.startsWith('+')
    ? '+'
    : start.includes('+') && /^[-_.]/.test(rest)
      ? rest.charAt(0)
      : undefined;
  if (separator !== undefined) {
    return `found a \`${separator}\` indicating the start of a local component in a version, but did not find any alphanumeric ASCII segment following the \`${separator}\``;
  }
  return `after parsing \`${start}\`, found \`${rest}\`, which is not part of a valid version`;
}
