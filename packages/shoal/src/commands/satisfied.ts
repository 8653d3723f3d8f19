/** Whether an environment already holds everything that is required, directly or not, so that nothing need be resolved. */
import { evaluateMarker, rangeContains, rangeOfSpecifierSet } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName, Requirement } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { groupByName } from './group-by-name.ts';

export interface SatisfactionInput {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  readonly overrides: readonly Requirement[];
  readonly excludes: readonly NormalizedName[];
  readonly markers: MarkerEnvironment;
  /** `--no-deps`: only what is named counts. */
  readonly withoutDependencies: boolean;
  /** Whether a distribution came from what a URL or path of a requirement names now. */
  readonly isFrom: (one: InstalledDistribution, url: string) => boolean;
}

/**
 * True when every requirement, and every requirement of what fulfils it, is met by exactly one installed distribution.
 * Editable installs and distributions from URLs count only for requirements that name the same URL.
 */
export function isSatisfied(installed: readonly InstalledDistribution[], input: SatisfactionInput): boolean {
  const byName = groupByName(installed);
  const seen = new Set<string>();
  const queue = input.requirements.map((requirement) => ({
    requirement,
    extras: new Set<NormalizedName>() as ReadonlySet<NormalizedName>,
  }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const requirement of applicable(next.requirement, next.extras, input)) {
      const key = `${requirement.name}[${[...requirement.extras].sort().join(',')}]`;
      const found = fulfilling(requirement, byName.get(requirement.name), input);
      if (found === undefined) return false;
      if (seen.has(key) || input.withoutDependencies) continue;
      seen.add(key);
      const { requirements, extras } = found.requirementsWith(new Set(requirement.extras));
      queue.push(...requirements.map((dependency) => ({ requirement: dependency, extras })));
    }
  }
  return true;
}

/** The requirement as overrides and markers leave it: none, itself, or what stands in its place. */
function applicable(
  requirement: Requirement,
  extras: ReadonlySet<NormalizedName>,
  { overrides, excludes, markers }: SatisfactionInput,
): readonly Requirement[] {
  if (excludes.includes(requirement.name)) return [];
  if (requirement.marker !== undefined && !evaluateMarker(requirement.marker, markers, extras)) return [];
  const replacing = overrides.filter(({ name }) => name === requirement.name);
  if (replacing.length === 0) return [requirement];
  return replacing
    .filter(({ marker }) => marker === undefined || evaluateMarker(marker, markers))
    .map((override) => ({ ...override, extras: [...new Set([...override.extras, ...requirement.extras])] }));
}

function fulfilling(
  requirement: Requirement,
  present: readonly InstalledDistribution[] | undefined,
  input: SatisfactionInput,
): InstalledDistribution | undefined {
  const [one, ...others] = present ?? [];
  if (one === undefined || others.length > 0 || !meets(requirement, one, input)) return undefined;
  const bounds = input.constraints.filter(
    ({ name, marker }) => name === requirement.name && (marker === undefined || evaluateMarker(marker, input.markers)),
  );
  return bounds.every((bound) => meets(bound, one, input)) ? one : undefined;
}

function meets(requirement: Requirement, one: InstalledDistribution, { isFrom }: SatisfactionInput): boolean {
  if (requirement.url !== undefined) return isFrom(one, requirement.url);
  const url = one.directUrl()?.url;
  if (url !== undefined && requirement.specifiers.specifiers.length === 0) return true;
  return rangeContains(rangeOfSpecifierSet(requirement.specifiers), one.version);
}
