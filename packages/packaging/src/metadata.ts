/**
 * Core metadata up to version 2.5 (PEP 345, 566, 643, 639, 794).
 *
 * Requirements are read leniently, because released distributions hold old mistakes that cannot be mended any more.
 *
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/
 */
import { PackagingError } from './errors.ts';
import { parseHeaderFields } from './header-fields.ts';
import { parseLenientRequirement, parseLenientSpecifierSet } from './lenient-requirement.ts';
import { tryNormalizeName } from './name.ts';
import type { NormalizedName } from './name.ts';
import type { Requirement } from './requirement.ts';
import type { SpecifierSet } from './specifier.ts';
import { tryParseVersion } from './version.ts';
import type { Version } from './version.ts';

/** What resolving needs of a distribution's metadata. */
export interface DependencyFields {
  readonly metadataVersion: string;
  readonly name: NormalizedName;
  readonly version: Version;
  readonly requiresDist: readonly Requirement[];
  readonly requiresPython: SpecifierSet | undefined;
  readonly providesExtra: readonly NormalizedName[];
  /** Fields that may change when the distribution is built, lower-case (PEP 643). */
  readonly dynamic: readonly string[];
}

/** A distribution's metadata. Absent text fields are `undefined`, absent lists are empty. */
export interface CoreMetadata extends DependencyFields {
  readonly writtenName: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly descriptionContentType: string | undefined;
  readonly keywords: string | undefined;
  readonly homePage: string | undefined;
  readonly author: string | undefined;
  readonly authorEmail: string | undefined;
  readonly maintainer: string | undefined;
  readonly maintainerEmail: string | undefined;
  readonly license: string | undefined;
  /** SPDX expression (PEP 639). */
  readonly licenseExpression: string | undefined;
  readonly licenseFiles: readonly string[];
  readonly classifiers: readonly string[];
  readonly platforms: readonly string[];
  /** `label, URL` as written. */
  readonly projectUrls: readonly string[];
  /** Names that the distribution makes importable, `name; private` as written (PEP 794). */
  readonly importNames: readonly string[];
  /** Namespaces that it adds to, as written (PEP 794). */
  readonly importNamespaces: readonly string[];
}

/** Metadata that is not usable. */
export class InvalidMetadataError extends PackagingError {
  readonly field: string;

  constructor(field: string, reason: string, options?: ErrorOptions) {
    super('INVALID_METADATA', `Metadata field ${field} ${reason}`, options);
    this.field = field;
  }
}

/** The newest major version of the format that can be read. */
const SUPPORTED_MAJOR = 2;

type Values = ReadonlyMap<string, readonly string[]>;

/** Parse METADATA or PKG-INFO. @throws {InvalidMetadataError} */
export function parseCoreMetadata(text: string): CoreMetadata {
  const { values, body } = parseHeaderFields(text);
  const one = (field: string): string | undefined => knownValue(values, field);
  return {
    ...dependencyFields(values),
    writtenName: required(values, 'Name'),
    summary: one('Summary'),
    description: body.trim() === '' ? one('Description') : body,
    descriptionContentType: one('Description-Content-Type'),
    keywords: one('Keywords'),
    homePage: one('Home-page'),
    author: one('Author'),
    authorEmail: one('Author-email'),
    maintainer: one('Maintainer'),
    maintainerEmail: one('Maintainer-email'),
    license: one('License'),
    licenseExpression: one('License-Expression'),
    licenseFiles: values.get('license-file') ?? [],
    classifiers: values.get('classifier') ?? [],
    platforms: values.get('platform') ?? [],
    projectUrls: values.get('project-url') ?? [],
    importNames: values.get('import-name') ?? [],
    importNamespaces: values.get('import-namespace') ?? [],
  };
}

/** Parse the fields that resolving needs and nothing else. @throws {InvalidMetadataError} */
export function parseDependencyMetadata(text: string): DependencyFields {
  return dependencyFields(parseHeaderFields(headerOf(text)).values);
}

/** Needs some extra whatever else is true: half of all published requirements do. */
const FOR_AN_EXTRA = /;(?!.*\bor\b).*\bextra\s*==/;

/**
 * The requirements that can apply when a distribution is asked for with `extras`, of which those that it does not know are
 * passed over. Others are not parsed when they plainly belong to an extra and none is wanted.
 *
 * @throws {InvalidMetadataError}
 */
export function parseApplicableRequirements(
  text: string,
  extras: ReadonlySet<NormalizedName>,
): { readonly requirements: readonly Requirement[]; readonly extras: ReadonlySet<NormalizedName> } {
  const { values } = parseHeaderFields(headerOf(text));
  const lines = values.get('requires-dist') ?? [];
  const provided = extras.size === 0 ? [] : extrasOf(values);
  const known = new Set([...extras].filter((extra) => provided.includes(extra)));
  const wanted = known.size === 0 ? lines.filter((line) => !FOR_AN_EXTRA.test(line)) : lines;
  return { requirements: wanted.map(requirementOf), extras: known };
}

/** Descriptions are long and come after the first empty line; only what stands before it need be split. */
function headerOf(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

function extrasOf(values: Values): readonly NormalizedName[] {
  return (values.get('provides-extra') ?? []).flatMap((extra) => tryNormalizeName(extra) ?? []);
}

function dependencyFields(values: Values): DependencyFields {
  return {
    metadataVersion: metadataVersionOf(values),
    name: nameOf(values),
    version: versionOf(values),
    requiresDist: (values.get('requires-dist') ?? []).map(requirementOf),
    requiresPython: requiresPythonOf(values),
    providesExtra: extrasOf(values),
    dynamic: (values.get('dynamic') ?? []).map((field) => field.toLowerCase()),
  };
}

function metadataVersionOf(values: Values): string {
  const text = required(values, 'Metadata-Version');
  const found = /^(\d+)\.\d+$/.exec(text);
  if (found === null) throw new InvalidMetadataError('Metadata-Version', `is not a version: \`${text}\``);
  if (Number(found[1]) > SUPPORTED_MAJOR)
    throw new InvalidMetadataError('Metadata-Version', `is \`${text}\`, which this release cannot read`);
  return text;
}

function nameOf(values: Values): NormalizedName {
  const text = required(values, 'Name');
  const name = tryNormalizeName(text);
  if (name === undefined) throw new InvalidMetadataError('Name', `is not a package name: \`${text}\``);
  return name;
}

function versionOf(values: Values): Version {
  const text = required(values, 'Version');
  const version = tryParseVersion(text);
  if (version === undefined) throw new InvalidMetadataError('Version', `is not a version: \`${text}\``);
  return version;
}

function requirementOf(text: string): Requirement {
  try {
    return parseLenientRequirement(text);
  } catch (error) {
    if (error instanceof PackagingError)
      throw new InvalidMetadataError('Requires-Dist', `is not a requirement: \`${text}\``, { cause: error });
    throw error;
  }
}

function requiresPythonOf(values: Values): SpecifierSet | undefined {
  const text = knownValue(values, 'Requires-Python');
  if (text === undefined || text === '') return undefined;
  try {
    return parseLenientSpecifierSet(text);
  } catch (error) {
    if (error instanceof PackagingError)
      throw new InvalidMetadataError('Requires-Python', `is not a version specifier: \`${text}\``, { cause: error });
    throw error;
  }
}

function required(values: Values, field: string): string {
  const value = values.get(field.toLowerCase())?.[0];
  if (value === undefined || value === '') throw new InvalidMetadataError(field, 'not found');
  return value;
}

/** Old tools wrote `UNKNOWN` where nothing was given. */
function knownValue(values: Values, field: string): string | undefined {
  const value = values.get(field.toLowerCase())?.[0];
  return value === 'UNKNOWN' ? undefined : value;
}
