/** What was asked for, with overrides and excludes applied: the requirements that the root depends on. */
import {
  andMarkers,
  evaluateMarker,
  isTrueMarker,
  onlyExtras,
  trueMarker,
  type Marker,
  type MarkerEnvironment,
  type NormalizedName,
  type Requirement,
} from '@shoal/packaging';
import type { ResolveInput, SourcedRequirement } from './resolve-input.ts';

export class Manifest {
  /** Overridden requirements, as the root depends on them. */
  readonly userRequirements: readonly Requirement[];
  /** The same with constraints and overrides, without excludes: all that bears on which candidates are allowed. */
  readonly selectionRequirements: readonly Requirement[];
  readonly #constraints: ReadonlyMap<NormalizedName, readonly Requirement[]>;
  readonly #overrides: ReadonlyMap<NormalizedName, readonly Requirement[]>;
  readonly #excludes: ReadonlySet<NormalizedName>;

  constructor(input: ResolveInput) {
    this.#overrides = groupByName(input.overrides.map(({ requirement }) => requirement));
    this.#constraints = groupByName(
      input.constraints.map(({ requirement }) => withoutExtras(requirement)).filter(constrains),
    );
    this.#excludes = new Set(input.excludes);
    this.userRequirements = this.override(input.requirements.map(({ requirement }) => requirement));
    const all = [...this.userRequirements, ...requirementsOf(this.#constraints), ...requirementsOf(this.#overrides)];
    this.selectionRequirements = all.filter((requirement) => !this.excludes(requirement.name));
  }

  /** Absence of a marker is always. */
  markerOf(requirement: Requirement): Marker {
    return requirement.marker ?? trueMarker;
  }

  excludes(name: NormalizedName): boolean {
    return this.#excludes.has(name);
  }

  constraintsOf(name: NormalizedName): readonly Requirement[] {
    return this.#constraints.get(name) ?? [];
  }

  /** Replace each requirement that has overrides by all of them. An optional one stays optional, for the same extra. */
  override(requirements: readonly Requirement[]): readonly Requirement[] {
    if (this.#overrides.size === 0) return requirements;
    return requirements.flatMap((requirement) => {
      const overrides = this.#overrides.get(requirement.name);
      if (overrides === undefined) return [requirement];
      const extra = onlyExtras(this.markerOf(requirement));
      if (isTrueMarker(extra)) return overrides;
      return overrides.map((override) => ({ ...override, marker: andMarkers(extra, this.markerOf(override)) }));
    });
  }
}

function withoutExtras(requirement: Requirement): Requirement {
  return requirement.extras.length === 0 ? requirement : { ...requirement, extras: [] };
}

function constrains(requirement: Requirement): boolean {
  return requirement.url !== undefined || requirement.specifiers.specifiers.length > 0;
}

function requirementsOf(groups: ReadonlyMap<NormalizedName, readonly Requirement[]>): readonly Requirement[] {
  return [...groups.values()].flat();
}

function groupByName(requirements: readonly Requirement[]): ReadonlyMap<NormalizedName, readonly Requirement[]> {
  const groups = new Map<NormalizedName, Requirement[]>();
  for (const requirement of requirements) {
    const group = groups.get(requirement.name);
    if (group === undefined) groups.set(requirement.name, [requirement]);
    else group.push(requirement);
  }
  return groups;
}

/** The requirements of a list that name a project; with `markers` only those that hold there. */
export function naming(
  requirements: readonly SourcedRequirement[],
  name: NormalizedName,
  markers?: MarkerEnvironment,
): readonly SourcedRequirement[] {
  return requirements.filter(
    ({ requirement }) =>
      requirement.name === name &&
      (markers === undefined || requirement.marker === undefined || evaluateMarker(requirement.marker, markers)),
  );
}
