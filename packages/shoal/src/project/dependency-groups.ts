/**
 * `[dependency-groups]` with includes resolved, and the older `tool.uv.dev-dependencies` as the group `dev`.
 *
 * @see https://peps.python.org/pep-0735/
 */
import {
  andMarkers,
  markerOfPythonRange,
  normalizeName,
  PackagingError,
  parseRequirement,
  releaseRangeOfSpecifierSet,
  trueMarker,
} from '@shoal/packaging';
import type { NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import { readKeys } from './read-names.ts';
import { isTable } from './toml-table.ts';
import type { TomlTable } from './toml-table.ts';
import type { ToolUv } from './tool-uv.ts';

export interface DependencyGroup {
  /** Those of included groups among them, under the markers of `tool.uv.dependency-groups`. */
  readonly requirements: readonly Requirement[];
  /** Which Pythons the group and what it includes are for; empty is all. */
  readonly requiresPython: readonly SpecifierSet[];
}

/** Sorted by name. @throws the fault of the table for cycles, unknown groups, and what is no requirement. */
export function readDependencyGroups(
  table: TomlTable | undefined,
  toolUv: Pick<ToolUv, 'devDependencies' | 'groupPythons'>,
): ReadonlyMap<NormalizedName, DependencyGroup> {
  const flattener = new GroupFlattener(table, toolUv.groupPythons);
  for (const name of toolUv.groupPythons.keys()) flattener.requireKnown(name);
  const groups = new Map(flattener.names().map((name) => [name, flattener.flatten(name, [])] as const));
  if (toolUv.devDependencies !== undefined) {
    const dev = normalizeName('dev');
    const before = groups.get(dev);
    groups.set(dev, {
      requirements: [...(before?.requirements ?? []), ...toolUv.devDependencies],
      requiresPython: before?.requiresPython ?? [],
    });
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

class GroupFlattener {
  readonly #table: TomlTable | undefined;
  readonly #pythons: ReadonlyMap<NormalizedName, SpecifierSet>;
  readonly #keys: ReadonlyMap<NormalizedName, string>;
  readonly #done = new Map<NormalizedName, DependencyGroup>();

  constructor(table: TomlTable | undefined, pythons: ReadonlyMap<NormalizedName, SpecifierSet>) {
    this.#table = table;
    this.#pythons = pythons;
    this.#keys = new Map(table === undefined ? [] : readKeys(table));
  }

  names(): readonly NormalizedName[] {
    return [...this.#keys.keys()];
  }

  requireKnown(name: NormalizedName): void {
    if (this.#table !== undefined && !this.#keys.has(name))
      throw this.#table.fault(`Failed to find group \`${name}\` specified in \`[tool.uv.dependency-groups]\``);
  }

  flatten(name: NormalizedName, parents: readonly NormalizedName[]): DependencyGroup {
    const table = this.#table;
    const key = this.#keys.get(name);
    if (table === undefined || key === undefined) throw this.#missing(name, parents);
    if (parents.includes(name)) {
      const cycle = [...parents, name].map((one) => `\`${one}\``).join(' -> ');
      throw table.fault(`Detected a cycle in \`dependency-groups\`: ${cycle}`);
    }
    const done = this.#done.get(name);
    if (done !== undefined) return done;
    const entries = table.list(key).map((entry) => this.#entry(entry, { name, parents: [...parents, name] }));
    const group = this.#limited(name, {
      requirements: entries.flatMap(({ requirements }) => requirements),
      requiresPython: entries.flatMap(({ requiresPython }) => requiresPython),
    });
    this.#done.set(name, group);
    return group;
  }

  #missing(name: NormalizedName, parents: readonly NormalizedName[]): Error {
    const message = `Failed to find group \`${name}\` included by \`${parents.at(-1) ?? ''}\``;
    return this.#table === undefined ? new RangeError(message) : this.#table.fault(message);
  }

  #entry(
    entry: unknown,
    { name, parents }: { readonly name: NormalizedName; readonly parents: readonly NormalizedName[] },
  ): DependencyGroup {
    const table = this.#table;
    if (table === undefined) throw new RangeError('a group without a table');
    const included = isTable(entry) ? entry['include-group'] : undefined;
    if (typeof included === 'string')
      return this.flatten(
        table.reading(name, isPackagingError, () => normalizeName(included)),
        parents,
      );
    if (typeof entry !== 'string')
      throw table.fault(
        `Group \`${name}\` holds something that is neither a requirement nor \`{include-group = "…"}\``,
      );
    return {
      requirements: [table.reading(name, isPackagingError, () => parseRequirement(entry))],
      requiresPython: [],
    };
  }

  #limited(name: NormalizedName, group: DependencyGroup): DependencyGroup {
    const python = this.#pythons.get(name);
    if (python === undefined) return group;
    const limit = markerOfPythonRange(releaseRangeOfSpecifierSet(python));
    return {
      requirements: group.requirements.map((requirement) => ({
        ...requirement,
        marker: andMarkers(requirement.marker ?? trueMarker, limit),
      })),
      requiresPython: [...group.requiresPython, python],
    };
  }
}

function isPackagingError(error: unknown): error is PackagingError {
  return error instanceof PackagingError;
}
