/**
 * Filenames of distributions: wheels (PEP 427, tags of PEP 425) and source distributions (PEP 625 and what came before it).
 *
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */
import { PackagingError } from './errors.ts';
import { tryNormalizeName } from './name.ts';
import type { NormalizedName } from './name.ts';
import { tryParseVersion } from './version.ts';
import type { Version } from './version.ts';

/** The parts of a wheel's filename. */
export interface WheelFilename {
  readonly kind: 'wheel';
  readonly filename: string;
  readonly name: NormalizedName;
  readonly version: Version;
  /** `undefined` when absent, which sorts before every present one. */
  readonly buildTag: { readonly number: number; readonly suffix: string } | undefined;
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

/** The parts of a source distribution's filename. */
export interface SdistFilename {
  readonly kind: 'sdist';
  readonly filename: string;
  readonly name: NormalizedName;
  readonly version: Version;
  /** With its dot: `.tar.gz`, `.zip`, … */
  readonly extension: string;
}

/** A wheel's filename that does not follow its specification. */
export class InvalidWheelFilenameError extends PackagingError {
  constructor(filename: string, reason: string, options?: ErrorOptions) {
    super('INVALID_WHEEL_FILENAME', `The wheel filename "${filename}" is invalid: ${reason}`, options);
  }
}

/** A source distribution's filename that does not follow its specification. */
export class InvalidSdistFilenameError extends PackagingError {
  constructor(filename: string, reason: string) {
    super('INVALID_SDIST_FILENAME', `The source distribution filename "${filename}" is invalid: ${reason}`);
  }
}

/**
 * Parse a wheel filename into its five parts, or six when it has a build tag.
 *
 * @param filename One path segment, percent-decoded: `numpy-2.1.0-cp313-cp313-win_amd64.whl`, never a path or a URL.
 * @throws {InvalidWheelFilenameError}
 */
export function parseWheelFilename(filename: string): WheelFilename {
  if (!filename.endsWith('.whl')) throw new InvalidWheelFilenameError(filename, 'Must end with .whl');
  const parts = filename.slice(0, -'.whl'.length).split('-');
  const shortfall = ['a version', 'a Python tag', 'an ABI tag', 'a platform tag'][parts.length - 1];
  if (shortfall !== undefined) throw new InvalidWheelFilenameError(filename, `Must have ${shortfall}`);
  if (parts.length > 6) throw new InvalidWheelFilenameError(filename, 'Must have 5 or 6 components, but has more');
  const [name = '', version = ''] = parts;
  const [pythons = '', abis = '', platforms = ''] = parts.slice(-3);
  return {
    kind: 'wheel',
    filename,
    name: nameIn(filename, name),
    version: versionIn(filename, version),
    buildTag: parts.length === 6 ? buildTagIn(filename, parts[2] ?? '') : undefined,
    pythons: pythons.split('.'),
    abis: abis.split('.'),
    platforms: platforms.split('.'),
  };
}

/** The same, with `undefined` for a filename that is not a wheel's. */
export function tryParseWheelFilename(filename: string): WheelFilename | undefined {
  try {
    return parseWheelFilename(filename);
  } catch (error) {
    if (error instanceof InvalidWheelFilenameError) return undefined;
    throw error;
  }
}

function nameIn(filename: string, text: string): NormalizedName {
  const name = text.includes('__') ? undefined : tryNormalizeName(text);
  if (name === undefined) throw new InvalidWheelFilenameError(filename, `has an invalid package name: "${text}"`);
  return name;
}

function versionIn(filename: string, text: string): Version {
  const version = tryParseVersion(text.replaceAll('_', '-'));
  if (version === undefined) throw new InvalidWheelFilenameError(filename, `has an invalid version: "${text}"`);
  return version;
}

function buildTagIn(filename: string, text: string): { number: number; suffix: string } {
  const found = /^(\d+)(.*)$/.exec(text);
  if (found === null)
    throw new InvalidWheelFilenameError(filename, `has an invalid build tag: must start with a digit: "${text}"`);
  return { number: Number(found[1]), suffix: found[2] ?? '' };
}

const SDIST_EXTENSIONS: readonly string[] = [
  '.tar.gz',
  '.zip',
  '.tar.bz2',
  '.tar.xz',
  '.tar.zst',
  '.tar.lzma',
  '.tar.lz',
  '.tgz',
  '.tbz',
  '.txz',
  '.tlz',
  '.tar',
];

/**
 * Parse a source distribution's filename.
 *
 * @param name The project whose page lists the file: old filenames hold dashes in names and versions, and only this tells them
 *   apart. Without it the last dash is taken for the border.
 * @throws {InvalidSdistFilenameError}
 */
export function parseSdistFilename(filename: string, name?: NormalizedName): SdistFilename {
  const extension = SDIST_EXTENSIONS.find((one) => filename.endsWith(one));
  if (extension === undefined)
    throw new InvalidSdistFilenameError(filename, `Must end with one of ${SDIST_EXTENSIONS.join(', ')}`);
  const stem = filename.slice(0, -extension.length);
  const border = name === undefined ? stem.lastIndexOf('-') : borderAfter(stem, name);
  if (border < 1)
    throw new InvalidSdistFilenameError(
      filename,
      name === undefined ? 'Must be `<name>-<version>`' : `Does not start with the project's name \`${name}\``,
    );
  const version = tryParseVersion(stem.slice(border + 1));
  const found = tryNormalizeName(stem.slice(0, border));
  if (version === undefined)
    throw new InvalidSdistFilenameError(filename, `has an invalid version: "${stem.slice(border + 1)}"`);
  if (found === undefined)
    throw new InvalidSdistFilenameError(filename, `has an invalid package name: "${stem.slice(0, border)}"`);
  return { kind: 'sdist', filename, name: found, version, extension };
}

/** Where the dash after the project's name stands, -1 when the stem begins with another name. */
function borderAfter(stem: string, name: NormalizedName): number {
  const border = name.length;
  return stem[border] === '-' && tryNormalizeName(stem.slice(0, border)) === name ? border : -1;
}

/**
 * The parts of the filename of a file on the page of project `name`; `undefined` for files that are neither a wheel nor a
 * source distribution of that project (`.exe`, `.egg`, `.rpm`, other names).
 */
export function tryParseDistributionFilename(
  filename: string,
  name: NormalizedName,
): WheelFilename | SdistFilename | undefined {
  if (filename.endsWith('.whl')) {
    const wheel = tryParseWheelFilename(filename);
    return wheel?.name === name ? wheel : undefined;
  }
  try {
    return parseSdistFilename(filename, name);
  } catch (error) {
    if (error instanceof InvalidSdistFilenameError) return undefined;
    throw error;
  }
}
