/**
 * Policies that depend on what the user wrote: which yanked versions are wanted, which projects may be pre-releases,
 * which are taken at their lowest version.
 */
import {
  isPrerelease,
  versionsEqual,
  type Marker,
  type NormalizedName,
  type Requirement,
  type Specifier,
  type Version,
} from '@shoal/packaging';
import { includesMarker, meetsMarker, type ForkEnvironment } from './fork-environment.ts';
import type { Manifest } from './manifest.ts';
import type { PrereleaseMode, ResolveInput } from './resolve-input.ts';

/** How pre-releases take part: never, like any version, or when no stable version is left. */
export type PrereleaseSelection = 'disallow' | 'allow' | 'prefer-stable';

/** Projects, each under the markers it was named with. */
class MarkedProjects {
  readonly #markers: Map<NormalizedName, Marker[]> = new Map();

  add(requirement: Requirement, marker: Marker): void {
    const markers = this.#markers.get(requirement.name);
    if (markers === undefined) this.#markers.set(requirement.name, [marker]);
    else markers.push(marker);
  }

  has(name: NormalizedName, environment: ForkEnvironment): boolean {
    return this.#markers.get(name)?.some((marker) => includesMarker(environment, marker)) ?? false;
  }
}

export class DirectPolicies {
  readonly #input: ResolveInput;
  readonly #lowest: MarkedProjects = new MarkedProjects();
  readonly #prereleases: MarkedProjects = new MarkedProjects();
  readonly #yanked: Map<NormalizedName, Version[]> = new Map();

  constructor(input: ResolveInput, manifest: Manifest, environment: ForkEnvironment) {
    this.#input = input;
    for (const requirement of manifest.userRequirements) {
      if (meetsMarker(environment, manifest.markerOf(requirement)))
        this.#lowest.add(requirement, manifest.markerOf(requirement));
    }
    for (const requirement of manifest.selectionRequirements) {
      if (!meetsMarker(environment, manifest.markerOf(requirement)) || requirement.url !== undefined) continue;
      if (asksForPrerelease(requirement)) this.#prereleases.add(requirement, manifest.markerOf(requirement));
      this.#allowYanked(requirement);
    }
    for (const [name, preferences] of input.preferences)
      for (const preference of preferences) this.#addYanked(name, preference.version);
  }

  #allowYanked(requirement: Requirement): void {
    const [specifier, ...others] = requirement.specifiers.specifiers;
    if (specifier?.version === undefined || others.length > 0 || specifier.wildcard) return;
    if (specifier.operator === '==' || specifier.operator === '===')
      this.#addYanked(requirement.name, specifier.version);
  }

  #addYanked(name: NormalizedName, version: Version): void {
    const versions = this.#yanked.get(name);
    if (versions === undefined) this.#yanked.set(name, [version]);
    else versions.push(version);
  }

  allowsYanked(name: NormalizedName, version: Version): boolean {
    return this.#yanked.get(name)?.some((allowed) => versionsEqual(allowed, version)) ?? false;
  }

  usesHighest(name: NormalizedName, environment: ForkEnvironment): boolean {
    if (this.#input.resolutionMode === 'highest') return true;
    return this.#input.resolutionMode === 'lowest-direct' && !this.#lowest.has(name, environment);
  }

  prereleases(name: NormalizedName, environment: ForkEnvironment): PrereleaseSelection {
    const mode: PrereleaseMode = this.#input.prereleaseOf?.get(name) ?? this.#input.prerelease;
    if (mode === 'disallow' || mode === 'allow') return mode;
    if (mode !== 'explicit') return 'prefer-stable';
    return this.#prereleases.has(name, environment) ? 'prefer-stable' : 'disallow';
  }
}

/** A specifier names a pre-release. Exclusions do not count: `!=1.0a1` wants no pre-release. */
function asksForPrerelease(requirement: Requirement): boolean {
  return requirement.specifiers.specifiers.some(namesPrerelease);
}

function namesPrerelease(specifier: Specifier): boolean {
  return specifier.operator !== '!=' && specifier.version !== undefined && isPrerelease(specifier.version);
}
