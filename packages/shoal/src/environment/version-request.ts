/** Which Python versions a request accepts: `3.12`, `3.12.1`, `312`, `3.13rc1`, `3.13t`, `>=3.11,<3.13`. */
import {
  baseVersion,
  formatSpecifierSet,
  intersectRanges,
  isEmptyRange,
  parseVersion,
  rangeAtLeast,
  rangeStrictlyBelow,
  releaseRangeOfSpecifierSet,
  specifierContains,
  tryParseSpecifierSet,
  tryParseVersion,
} from '@shoal/packaging';
import type { SpecifierSet, Version } from '@shoal/packaging';
import type { InterpreterFacts } from './interpreter-facts.ts';

/** Builds of one version that differ in their ABI. */
export type PythonVariant = 'default' | 'debug' | 'freethreaded' | 'freethreaded+debug' | 'gil' | 'gil+debug';

export type VersionRequest =
  /** Also builds that are only used when asked for. */
  | { readonly kind: 'any' }
  | { readonly kind: 'default' }
  | {
      readonly kind: 'release';
      /** One to three numbers, none above 255. */
      readonly release: readonly number[];
      readonly pre: Version['pre'];
      readonly variant: PythonVariant;
    }
  | { readonly kind: 'range'; readonly specifiers: SpecifierSet; readonly variant: PythonVariant };

const VARIANTS: ReadonlyMap<string, PythonVariant> = new Map([
  ['t', 'freethreaded'],
  ['freethreaded', 'freethreaded'],
  ['d', 'debug'],
  ['debug', 'debug'],
  ['td', 'freethreaded+debug'],
  ['freethreaded+debug', 'freethreaded+debug'],
  ['gil', 'gil'],
  ['gil+debug', 'gil+debug'],
]);

/** @returns `undefined` when `text` is neither a version nor a range of versions. */
export function tryParseVersionRequest(text: string): VersionRequest | undefined {
  if (!/\d/.test(text)) return undefined;
  const { body, variant } = splitVariant(text);
  const version = tryParseVersion(body);
  if (version !== undefined) return releaseRequest(version, variant);
  const specifiers = tryParseSpecifierSet(body);
  return specifiers === undefined || specifiers.specifiers.length === 0 ? undefined : rangeRequest(specifiers, variant);
}

/** A request for what `specifiers` accept. `==3.12` alone asks for the version as `3.12` does. */
function rangeRequest(specifiers: SpecifierSet, variant: PythonVariant = 'default'): VersionRequest {
  const [only, ...others] = specifiers.specifiers;
  if (only?.operator === '==' && !only.wildcard && others.length === 0 && only.version !== undefined) {
    const exact = releaseRequest(only.version, variant);
    if (exact !== undefined) return exact;
  }
  return { kind: 'range', specifiers, variant };
}

/** What follows the last digit, after an optional `+`, when it names a variant. */
function splitVariant(text: string): { readonly body: string; readonly variant: PythonVariant } {
  const [, body = text, suffix = ''] = /^(.*\d)\+?([a-z+]+)$/s.exec(text) ?? [];
  const variant = VARIANTS.get(suffix);
  return variant === undefined ? { body: text, variant: 'default' } : { body, variant };
}

function releaseRequest(version: Version, variant: PythonVariant): VersionRequest | undefined {
  const release = splitTag(version.release);
  if (version.post !== undefined || version.dev !== undefined || version.local !== undefined) return undefined;
  if (release.length > 3 || release.some((number) => number > 255)) return undefined;
  const { pre } = version;
  if (pre === undefined) return { kind: 'release', release, pre, variant };
  if (release.length === 1) return undefined;
  return { kind: 'release', release: release[2] === 0 ? release.slice(0, 2) : release, pre, variant };
}

/** `312` is 3.12, as in wheel tags: the first digit is the major version. */
function splitTag(release: readonly number[]): readonly number[] {
  const [, major, minor] = /^(\d)(\d+)$/.exec(release.join('.')) ?? [];
  return major === undefined ? release : [Number(major), Number(minor)];
}

/** Whether the interpreter is one of those asked for. */
export function acceptsInterpreter(request: VersionRequest, facts: InterpreterFacts): boolean {
  switch (request.kind) {
    case 'any':
      return true;
    case 'default':
      return acceptsVariant('default', facts);
    case 'release':
      return acceptsRelease(request, facts.version) && acceptsVariant(request.variant, facts);
    case 'range':
    default:
      return acceptsInRange(request.specifiers, facts.version) && acceptsVariant(request.variant, facts);
  }
}

function acceptsRelease({ release, pre }: Extract<VersionRequest, { kind: 'release' }>, version: Version): boolean {
  if (!release.every((number, index) => number === (version.release[index] ?? 0))) return false;
  if (pre !== undefined) return version.pre?.kind === pre.kind && version.pre.number === pre.number;
  // A request down to the patch asks for the final release.
  return release.length < 3 || version.pre === undefined;
}

/** `>=3.14` is content with 3.14.0rc3; only a range that names pre-releases tells them apart. */
function acceptsInRange(specifiers: SpecifierSet, version: Version): boolean {
  const compared = namesPrerelease(specifiers) ? version : baseVersion(version);
  return specifiers.specifiers.every((specifier) => specifierContains(specifier, compared));
}

function namesPrerelease({ specifiers }: SpecifierSet): boolean {
  return specifiers.some(
    ({ version }) => version !== undefined && (version.pre !== undefined || version.dev !== undefined),
  );
}

/** Free-threaded builds are an experiment up to 3.13, and a choice like any other from 3.14 on. */
function acceptsVariant(variant: PythonVariant, { gilDisabled, debug, version }: InterpreterFacts): boolean {
  switch (variant) {
    case 'default':
      return !gilDisabled || (version.release[0] ?? 0) > 3 || (version.release[1] ?? 0) >= 14;
    case 'debug':
      return debug;
    case 'freethreaded':
      return gilDisabled;
    case 'freethreaded+debug':
      return gilDisabled && debug;
    case 'gil':
      return !gilDisabled;
    case 'gil+debug':
    default:
      return !gilDisabled && debug;
  }
}

/** Whether some `major.minor.*` may be accepted: to pass over executables by their names alone. */
export function mayAcceptMinor(request: VersionRequest, major: number, minor: number): boolean {
  if (request.kind === 'any' || request.kind === 'default') return true;
  if (request.kind === 'release') {
    return request.release[0] === major && (request.release[1] ?? minor) === minor;
  }
  const thisMinor = intersectRanges(
    rangeAtLeast(parseVersion(`${major}.${minor}`)),
    rangeStrictlyBelow(parseVersion(`${major}.${minor + 1}`)),
  );
  return !isEmptyRange(intersectRanges(thisMinor, releaseRangeOfSpecifierSet(request.specifiers)));
}

export function versionVariant(request: VersionRequest): PythonVariant {
  return request.kind === 'release' || request.kind === 'range' ? request.variant : 'default';
}

/** Whether pre-releases are asked for by name. */
export function wantsPrerelease(request: VersionRequest): boolean {
  if (request.kind === 'release') return request.pre !== undefined;
  return request.kind === 'any' || (request.kind === 'range' && namesPrerelease(request.specifiers));
}

/** Whether the request names a patch version, which then must be exactly that one. */
export function namesPatch(request: VersionRequest): boolean {
  return request.kind === 'release' && request.release.length === 3;
}

/** The reason why no interpreter can ever satisfy the request, if there is one. */
export function unsupportedReason(request: VersionRequest): string | undefined {
  if (request.kind !== 'release') return undefined;
  const [major = 0, minor] = request.release;
  const asked = formatVersionRequest(request);
  if (major < 3)
    return minor === undefined
      ? `Python <3 is not supported but ${major} was requested.`
      : `Python <3.7 is not supported but ${asked} was requested.`;
  if (major === 3 && minor !== undefined && minor < 7)
    return `Python <3.7 is not supported but ${asked} was requested.`;
  if (major === 3 && minor !== undefined && minor < 13 && request.variant.startsWith('freethreaded')) {
    return `Python <3.13 does not support free-threading but ${asked} was requested.`;
  }
  return undefined;
}

export function formatVersionRequest(request: VersionRequest): string {
  switch (request.kind) {
    case 'any':
    case 'default':
      return request.kind;
    case 'release': {
      const pre = request.pre === undefined ? '' : `${request.pre.kind}${request.pre.number}`;
      return `${request.release.join('.')}${pre}${request.variant === 'default' ? '' : `+${request.variant}`}`;
    }
    case 'range':
    default:
      return formatSpecifierSet(request.specifiers).replaceAll(',', ', ');
  }
}
