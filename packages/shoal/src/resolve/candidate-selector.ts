/**
 * Which version of a project to try next within a range (docs/solver.md, "Candidates").
 *
 * Preferences first, then what is installed, then the highest (or lowest) version that has files. The candidate may
 * be one that cannot be used: the solver then learns why, and asks again.
 */
import {
  compareVersions,
  isLocal,
  isPrerelease,
  publicVersion,
  rangeContains,
  versionsEqual,
  type NormalizedName,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { DirectPolicies, PrereleaseSelection } from './direct-policies.ts';
import type { FileChoice } from './file-choice.ts';
import { includesMarker, type ForkEnvironment } from './fork-environment.ts';
import type { IndexStrategy, InstalledCandidate, Preference, ProjectSelection, ResolveInput } from './resolve-input.ts';
import type { VersionTable } from './version-table.ts';

export type Candidate =
  | { readonly kind: 'registry'; readonly version: Version; readonly choice: FileChoice; readonly table: VersionTable }
  | { readonly kind: 'installed'; readonly version: Version; readonly installed: InstalledCandidate };

/** A preference, and whether this very resolution (another fork of it) made it. */
export interface RankedPreference extends Preference {
  readonly fromFork?: boolean;
}

export interface SelectionRequest {
  readonly name: NormalizedName;
  readonly range: VersionRange;
  /** One per index that was asked, in order of priority. */
  readonly tables: readonly VersionTable[];
  readonly preferences: readonly RankedPreference[];
  readonly index: IndexLocation | undefined;
  readonly environment: ForkEnvironment;
}

type Kinds = 'all' | 'stable' | 'prerelease';

export class CandidateSelector {
  readonly #input: ResolveInput;
  readonly #policies: DirectPolicies;
  readonly #strategy: IndexStrategy;

  constructor(input: ResolveInput, policies: DirectPolicies) {
    this.#input = input;
    this.#policies = policies;
    this.#strategy = input.indexStrategy ?? 'first-index';
  }

  select(request: SelectionRequest): Candidate | undefined {
    const preferred = this.#selectPreferred(request);
    if (preferred !== undefined) return preferred;
    const installed = this.#selectInstalled(request);
    if (installed !== undefined && !includesProject(this.#input.upgrade, request.name)) return installed;
    const compatible = this.selectFresh(request);
    return installed !== undefined && this.#isAsGood(request, installed.version, compatible?.version)
      ? installed
      : compatible;
  }

  #isAsGood({ name, environment }: SelectionRequest, version: Version, other: Version | undefined): boolean {
    if (other === undefined) return true;
    const order = compareVersions(version, other);
    return this.#policies.usesHighest(name, environment) ? order >= 0 : order <= 0;
  }

  #selectInstalled({ name, range }: SelectionRequest): Candidate | undefined {
    if (includesProject(this.#input.reinstall, name)) return undefined;
    const [installed, ...others] = this.#input.installed?.get(name) ?? [];
    if (installed === undefined || others.length > 0) return undefined;
    if (!rangeContains(range, installed.version) || !installed.compatible) return undefined;
    return { kind: 'installed', version: installed.version, installed };
  }

  #selectPreferred(request: SelectionRequest): Candidate | undefined {
    const { name, range, environment } = request;
    const selection = this.#policies.prereleases(name, environment);
    for (const preference of this.#rank(request)) {
      if (!rangeContains(range, preference.version)) continue;
      const installed = this.#installedAt(request, preference.version);
      if (installed === 'incompatible') continue;
      if (installed !== undefined) return installed;
      if (isPrerelease(preference.version) && !acceptsPreferred(selection, preference)) continue;
      const found = findPreferred(request, preference.version);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Those of this fork's markers first, then the highest (or lowest). */
  #rank({ name, preferences, index, environment }: SelectionRequest): readonly RankedPreference[] {
    const fitting = preferences.filter(
      (entry) => index === undefined || entry.index === undefined || entry.index.url === index.url,
    );
    if (fitting.length < 2) return fitting;
    const sign = this.#policies.usesHighest(name, environment) ? -1 : 1;
    const matches = (entry: RankedPreference): number =>
      Number(entry.marker === undefined || includesMarker(environment, entry.marker));
    return fitting.toSorted((a, b) => matches(b) - matches(a) || sign * compareVersions(a.version, b.version));
  }

  #installedAt({ name }: SelectionRequest, version: Version): Candidate | 'incompatible' | undefined {
    if (includesProject(this.#input.reinstall, name)) return undefined;
    const [installed, ...others] = this.#input.installed?.get(name) ?? [];
    if (installed === undefined || others.length > 0 || !versionsEqual(installed.version, version)) return undefined;
    return installed.compatible ? { kind: 'installed', version: installed.version, installed } : 'incompatible';
  }

  /** The best version by the policies alone, preferences and the environment aside. */
  selectFresh(request: SelectionRequest): Candidate | undefined {
    const selection = this.#policies.prereleases(request.name, request.environment);
    if (selection === 'allow') return this.#selectFrom(request, request.tables, 'all');
    if (selection === 'disallow') return this.#selectFrom(request, request.tables, 'stable');
    const groups = this.#strategy === 'unsafe-first-match' ? request.tables.map((table) => [table]) : [request.tables];
    for (const tables of groups) {
      const found = this.#selectFrom(request, tables, 'stable') ?? this.#selectFrom(request, tables, 'prerelease');
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #selectFrom(request: SelectionRequest, tables: readonly VersionTable[], kinds: Kinds): Candidate | undefined {
    const highest = this.#policies.usesHighest(request.name, request.environment);
    if (this.#strategy === 'unsafe-best-match' && tables.length > 1)
      return firstUsable(mergedCandidates(tables, request.range, highest), kinds);
    for (const table of tables) {
      const found = firstUsable(candidatesOf(table, request.range, highest), kinds);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Whether a selection of projects covers one; absence covers none. */
export function includesProject(selection: ProjectSelection | undefined, name: NormalizedName): boolean {
  return selection === 'all' || (selection?.has(name) ?? false);
}

/** A pre-release that stands in a file is kept; one that another fork fell back to is not taken over. */
function acceptsPreferred(selection: PrereleaseSelection, preference: RankedPreference): boolean {
  return selection === 'allow' || (selection === 'prefer-stable' && preference.fromFork !== true);
}

/** The preferred version, or a local variant of it: `1.0+cpu` for `1.0`. */
function findPreferred({ tables, range }: SelectionRequest, version: Version): Candidate | undefined {
  for (const table of tables) {
    const position = table.positionOf(version);
    if (position === undefined) continue;
    for (let above = position - 1; table.hasLocal && above >= 0; above--) {
      const local = table.versions[above];
      if (local === undefined || !versionsEqual(publicVersion(local), version)) break;
      if (isLocal(local) && rangeContains(range, local)) {
        const candidate = candidateAt(table, above);
        if (candidate !== undefined) return candidate;
      }
    }
    const candidate = candidateAt(table, position);
    if (candidate !== undefined) return candidate;
  }
  return undefined;
}

function candidateAt(table: VersionTable, position: number): Candidate | undefined {
  const version = table.versions[position];
  const choice = table.choiceAt(position);
  return version === undefined || choice === undefined ? undefined : { kind: 'registry', version, choice, table };
}

interface Position {
  readonly table: VersionTable;
  readonly position: number;
  readonly version: Version;
}

function* candidatesOf(table: VersionTable, range: VersionRange, highest: boolean): Generator<Position> {
  for (const position of table.positionsIn(range, highest)) {
    const version = table.versions[position];
    if (version !== undefined) yield { table, position, version };
  }
}

/** All tables as one list in order; the same version in several tables comes in order of their priority. */
function* mergedCandidates(
  tables: readonly VersionTable[],
  range: VersionRange,
  highest: boolean,
): Generator<Position> {
  const lists = tables.map((table) => candidatesOf(table, range, highest));
  const heads = lists.map((list) => list.next());
  for (;;) {
    let best: { readonly at: number; readonly value: Position } | undefined;
    for (const [at, head] of heads.entries()) {
      if (head.done === true) continue;
      const order =
        best === undefined ? -1 : compareVersions(head.value.version, best.value.version) * (highest ? -1 : 1);
      if (order < 0) best = { at, value: head.value };
    }
    const list = best === undefined ? undefined : lists[best.at];
    if (best === undefined || list === undefined) return;
    yield best.value;
    heads[best.at] = list.next();
  }
}

/**
 * The first candidate that can be used, unless a version before it cannot: then that one, so that the solver learns
 * the reason. The same version from another index is looked at before giving up on it.
 */
function firstUsable(positions: Iterable<Position>, kinds: Kinds): Candidate | undefined {
  let unusable: Candidate | undefined;
  for (const { table, position, version } of positions) {
    if (unusable !== undefined && compareVersions(unusable.version, version) !== 0) return unusable;
    if (kinds !== 'all' && isPrerelease(version) !== (kinds === 'prerelease')) continue;
    const candidate = candidateAt(table, position);
    if (candidate?.kind === 'registry' && candidate.choice.kind === 'usable') return candidate;
    unusable ??= candidate;
  }
  return unusable;
}
