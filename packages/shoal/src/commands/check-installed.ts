/** Whether what is installed fits together: `pip check`, and `--strict` after other commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import {
  createTagPriorities,
  evaluateMarker,
  formatVersion,
  PackagingError,
  parseTagSet,
  parseWheelFile,
  rangeContains,
  rangeOfSpecifierSet,
  supportedTags,
  tagPriority,
} from '@shoal/packaging';
import type {
  CoreMetadata,
  MarkerEnvironment,
  NormalizedName,
  Requirement,
  Tag,
  TagPriorities,
  Version,
} from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { describeRequirement, describeSpecifiers } from '../project/describe-requirement.ts';
import { groupByName } from './group-by-name.ts';
import { reachesPython } from './reaches-python.ts';

/** What the installed distributions are checked for: an interpreter's markers, version and tags, or those of another platform. */
export interface CheckTarget {
  readonly markers: MarkerEnvironment;
  readonly python: Version;
  readonly tags: readonly Tag[];
  /** The version that messages name, when it is not the one that is checked for. */
  readonly shownPython?: Version;
}

export type Incompatibility =
  | { readonly kind: 'missing'; readonly name: NormalizedName; readonly requirement: string }
  | { readonly kind: 'unfit'; readonly name: NormalizedName; readonly requirement: string; readonly installed: string }
  | { readonly kind: 'python'; readonly name: NormalizedName; readonly requiresPython: string; readonly python: string }
  | { readonly kind: 'platform'; readonly name: NormalizedName }
  | { readonly kind: 'duplicate'; readonly name: NormalizedName; readonly paths: readonly string[] }
  | {
      readonly kind: 'unreadable';
      readonly name: NormalizedName;
      readonly file: 'METADATA' | 'WHEEL';
      readonly path: string;
    };

interface Surroundings {
  readonly byName: ReadonlyMap<NormalizedName, readonly InstalledDistribution[]>;
  readonly target: CheckTarget;
  readonly priorities: TagPriorities;
}

/** Every way in which the installed distributions do not fit, by name. Empty when all fit. */
export function checkInstalled(installed: readonly InstalledDistribution[], target: CheckTarget): Incompatibility[] {
  const byName = groupByName(installed);
  const surroundings = { byName, target, priorities: createTagPriorities(target.tags) };
  return [...byName].flatMap(([name, [one, ...others]]): readonly Incompatibility[] => {
    if (one === undefined) return [];
    if (others.length > 0) return [{ kind: 'duplicate', name, paths: [one, ...others].map(({ path }) => path).sort() }];
    return checkOne(one, surroundings);
  });
}

/** The same for the interpreter that they are installed for. */
export function checkInterpreterFit(
  installed: readonly InstalledDistribution[],
  { markers, version, tags }: Pick<InterpreterFacts, 'markers' | 'version' | 'tags'>,
): Incompatibility[] {
  return checkInstalled(installed, { markers, python: version, tags: supportedTags(tags) });
}

function checkOne(one: InstalledDistribution, surroundings: Surroundings): Incompatibility[] {
  const { target } = surroundings;
  const { name } = one;
  const metadata = readableMetadata(one);
  if (metadata === undefined) return [{ kind: 'unreadable', name, file: 'METADATA', path: one.path }];
  const found: Incompatibility[] = [];
  const { requiresPython, requiresDist } = metadata;
  if (requiresPython !== undefined && !reachesPython(requiresPython, target.python)) {
    const python = formatVersion(target.shownPython ?? target.python);
    found.push({ kind: 'python', name, requiresPython: describeSpecifiers(requiresPython.specifiers), python });
  }
  found.push(...checkTags(one, surroundings.priorities));
  for (const requirement of requiresDist) found.push(...checkRequirement(name, requirement, surroundings));
  return found;
}

/** A WHEEL file without tags fits everywhere. */
function checkTags({ kind, name, path }: InstalledDistribution, priorities: TagPriorities): Incompatibility[] {
  if (kind !== 'dist-info') return [];
  const tags = readableTags(path);
  if (tags === undefined) return [{ kind: 'unreadable', name, file: 'WHEEL', path }];
  const fits =
    tags.length === 0 ||
    tags.some(
      ({ interpreter, abi, platform }) =>
        tagPriority(priorities, { pythons: [interpreter], abis: [abi], platforms: [platform] }) !== undefined,
    );
  return fits ? [] : [{ kind: 'platform', name }];
}

function readableTags(distInfo: string): readonly Tag[] | undefined {
  try {
    const sets = parseWheelFile(readFileSync(join(distInfo, 'WHEEL'), 'utf8')).tags.map((text) => parseTagSet(text));
    return sets.some((set) => set === undefined) ? undefined : sets.flatMap((set) => set ?? []);
  } catch (error) {
    if (error instanceof PackagingError || hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'))
      return undefined;
    throw error;
  }
}

function checkRequirement(
  name: NormalizedName,
  requirement: Requirement,
  { byName, target }: Surroundings,
): Incompatibility[] {
  if (requirement.marker !== undefined && !evaluateMarker(requirement.marker, target.markers)) return [];
  const [present, ...others] = byName.get(requirement.name) ?? [];
  const shown = { name, requirement: describeRequirement(requirement) };
  if (present === undefined) return [{ kind: 'missing', ...shown }];
  if (
    others.length > 0 ||
    requirement.url !== undefined ||
    rangeContains(rangeOfSpecifierSet(requirement.specifiers), present.version)
  )
    return [];
  return [{ kind: 'unfit', ...shown, installed: formatVersion(present.version) }];
}

/** A distribution whose METADATA is missing or broken cannot be checked; any other failure to read it is passed on. */
function readableMetadata(one: InstalledDistribution): CoreMetadata | undefined {
  try {
    return one.metadata();
  } catch (error) {
    if (error instanceof OperationalError || hasErrorCode(error, 'EACCES', 'EISDIR')) return undefined;
    throw error;
  }
}

/** An incompatibility in uv's words. */
export function describeIncompatibility(one: Incompatibility): string {
  switch (one.kind) {
    case 'missing':
      return `The package \`${one.name}\` requires \`${one.requirement}\`, but it's not installed`;
    case 'unfit':
      return `The package \`${one.name}\` requires \`${one.requirement}\`, but \`${one.installed}\` is installed`;
    case 'python':
      return `The package \`${one.name}\` requires Python ${one.requiresPython}, but \`${one.python}\` is installed`;
    case 'platform':
      return `The package \`${one.name}\` was built for a different platform`;
    case 'duplicate':
      return `The package \`${one.name}\` has multiple installed distributions: ${one.paths.map((path) => `\n  - ${path}`).join('')}`;
    case 'unreadable':
      return `The package \`${one.name}\` is broken or incomplete (unable to read \`${one.file}\`${one.file === 'WHEEL' ? ' file' : ''}). Consider recreating the virtualenv, or removing the package directory at: ${one.path}.`;
  }
}
