/** Whether what is installed fits together: `pip check`, and `--strict` after other commands. */
import { evaluateMarker, formatRequirement, formatSpecifierSet, formatVersion, rangeContains, rangeOfSpecifierSet, releaseRangeOfSpecifierSet } from '@shoal/packaging';
import type { CoreMetadata, MarkerEnvironment, NormalizedName, Requirement, Version } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';

/** What the installed distributions are checked for: an interpreter's markers and its version. */
export interface CheckTarget {
  readonly markers: MarkerEnvironment;
  readonly python: Version;
}

export type Incompatibility =
  | { readonly kind: 'missing'; readonly name: NormalizedName; readonly requirement: string }
  | { readonly kind: 'unfit'; readonly name: NormalizedName; readonly requirement: string; readonly installed: string }
  | { readonly kind: 'python'; readonly name: NormalizedName; readonly requiresPython: string; readonly python: string }
  | { readonly kind: 'duplicate'; readonly name: NormalizedName; readonly paths: readonly string[] }
  | { readonly kind: 'unreadable'; readonly name: NormalizedName; readonly path: string };

/** Every way in which the installed distributions do not fit, in their order. Empty when all fit. */
export function checkInstalled(installed: readonly InstalledDistribution[], target: CheckTarget): Incompatibility[] {
  const byName = groupByName(installed);
  return [...byName].flatMap(([name, same]) => {
    const duplicate: Incompatibility[] = same.length > 1 ? [{ kind: 'duplicate', name, paths: same.map(({ path }) => path) }] : [];
    const [first] = same;
    return first === undefined ? duplicate : [...duplicate, ...checkOne(first, byName, target)];
  });
}

function checkOne(one: InstalledDistribution, byName: ReadonlyMap<NormalizedName, readonly InstalledDistribution[]>, target: CheckTarget): Incompatibility[] {
  const metadata = readableMetadata(one);
  if (metadata === undefined) return [{ kind: 'unreadable', name: one.name, path: one.path }];
  const { requiresPython, requiresDist } = metadata;
  const found: Incompatibility[] = [];
  if (requiresPython !== undefined && !rangeContains(releaseRangeOfSpecifierSet(requiresPython), target.python)) {
    found.push({ kind: 'python', name: one.name, requiresPython: formatSpecifierSet(requiresPython), python: formatVersion(target.python) });
  }
  for (const requirement of requiresDist) found.push(...checkRequirement(one.name, requirement, { byName, target }));
  return found;
}

interface Surroundings {
  readonly byName: ReadonlyMap<NormalizedName, readonly InstalledDistribution[]>;
  readonly target: CheckTarget;
}

function checkRequirement(name: NormalizedName, requirement: Requirement, { byName, target }: Surroundings): Incompatibility[] {
  if (requirement.marker !== undefined && !evaluateMarker(requirement.marker, target.markers)) return [];
  const shown = formatRequirement({ ...requirement, marker: undefined });
  const present = byName.get(requirement.name);
  if (present === undefined) return [{ kind: 'missing', name, requirement: shown }];
  if (requirement.url !== undefined) return [];
  const range = rangeOfSpecifierSet(requirement.specifiers);
  return present
    .filter(({ version }) => !rangeContains(range, version))
    .map(({ version }) => ({ kind: 'unfit', name, requirement: shown, installed: formatVersion(version) }));
}

/** A distribution whose METADATA is missing or broken cannot be checked; any other failure to read it is passed on. */
function readableMetadata(one: InstalledDistribution): CoreMetadata | undefined {
  try {
    return one.metadata();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Installed distributions by name, in the order in which they come. */
export function groupByName(installed: readonly InstalledDistribution[]): Map<NormalizedName, InstalledDistribution[]> {
  const byName = new Map<NormalizedName, InstalledDistribution[]>();
  for (const one of installed) {
    const same = byName.get(one.name);
    if (same === undefined) byName.set(one.name, [one]);
    else same.push(one);
  }
  return byName;
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
    case 'duplicate':
      return `The package \`${one.name}\` has multiple installed distributions:\n${one.paths.map((path) => `  - ${path}`).join('\n')}`;
    case 'unreadable':
      return `The package \`${one.name}\` is broken or incomplete (unable to read \`METADATA\`). Consider recreating the virtualenv, or removing the package directory at: ${one.path}`;
  }
}
