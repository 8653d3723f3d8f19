/**
 * What the solver assigns versions to. Beside projects there are virtual packages (docs/solver.md, "Virtual packages"):
 *
 * - `extra` stands for `name[extra] ; marker`: it depends on the project and on the project's extra at the same version.
 * - `marker` stands for `name ; marker`: it depends on the project, and on itself under the marker, at the same version.
 * - `python` is only ever ruled out: a version that needs another Python depends on it.
 */
import {
  formatMarker,
  isTrueMarker,
  markersEqual,
  trueMarker,
  type Marker,
  type NormalizedName,
} from '@shoal/packaging';

import { groupOfExtra } from '../project/dependency-group-extra.ts';

export type SolverPackage =
  | { readonly kind: 'root' }
  | { readonly kind: 'python'; readonly which: 'installed' | 'target' }
  | {
      readonly kind: 'project';
      readonly name: NormalizedName;
      readonly extra: NormalizedName | undefined;
      readonly marker: Marker;
    }
  | { readonly kind: 'extra'; readonly name: NormalizedName; readonly extra: NormalizedName; readonly marker: Marker }
  | { readonly kind: 'marker'; readonly name: NormalizedName; readonly marker: Marker };

/** Index of a package in its store; small integers, in order of discovery. */
export type PackageId = number;

/** The project a package belongs to; the root and Python belong to none. */
export function nameOfPackage(item: SolverPackage): NormalizedName | undefined {
  return item.kind === 'root' || item.kind === 'python' ? undefined : item.name;
}

export function extraOfPackage(item: SolverPackage): NormalizedName | undefined {
  return item.kind === 'project' || item.kind === 'extra' ? item.extra : undefined;
}

export function markerOfPackage(item: SolverPackage): Marker {
  return item.kind === 'root' || item.kind === 'python' ? trueMarker : item.marker;
}

export function projectPackage(name: NormalizedName): SolverPackage {
  return { kind: 'project', name, extra: undefined, marker: trueMarker };
}

/** The plain project: no extra, no marker. */
export function isPlainProject(item: SolverPackage): boolean {
  return item.kind === 'project' && item.extra === undefined && isTrueMarker(item.marker);
}

/** A stand-in that has no dependencies of its own. */
export function isProxy(item: SolverPackage): boolean {
  return item.kind === 'extra' || item.kind === 'marker';
}

/** As errors name it: `foo`, `foo[bar]`, `foo{sys_platform == 'win32'}`, `Python`. */
export function formatPackage(item: SolverPackage): string {
  switch (item.kind) {
    case 'root':
      return 'root';
    case 'python':
      return 'Python';
    case 'extra':
      return `${item.name}${formatExtra(item.extra)}`;
    case 'project':
    case 'marker':
      break;
  }
  const extra = extraOfPackage(item);
  const marker = formatMarker(item.marker);
  return `${item.name}${extra === undefined ? '' : formatExtra(extra)}${marker === undefined ? '' : `{${marker}}`}`;
}

/** `[extra]`, or `:group`. */
function formatExtra(extra: NormalizedName): string {
  const group = groupOfExtra(extra);
  return group === undefined ? `[${extra}]` : `:${group}`;
}

interface MarkedId {
  readonly marker: Marker;
  readonly id: PackageId;
}

/** Gives equal packages the same id. A fork continues with its own copy. */
export class PackageStore {
  readonly #packages: SolverPackage[] = [];
  readonly #ids: Map<string, MarkedId[]> = new Map();

  intern(item: SolverPackage): PackageId {
    const key = keyOf(item);
    const marker = markerOfPackage(item);
    const entries = this.#ids.get(key);
    const known = entries?.find((entry) => entry.marker === marker || markersEqual(entry.marker, marker));
    if (known !== undefined) return known.id;
    const id = this.#packages.length;
    this.#packages.push(item);
    if (entries === undefined) this.#ids.set(key, [{ marker, id }]);
    else entries.push({ marker, id });
    return id;
  }

  get(id: PackageId): SolverPackage {
    const item = this.#packages[id];
    if (item === undefined) throw new RangeError(`no package ${id}`);
    return item;
  }

  get size(): number {
    return this.#packages.length;
  }

  clone(): PackageStore {
    const copy = new PackageStore();
    copy.#packages.push(...this.#packages);
    for (const [key, entries] of this.#ids) copy.#ids.set(key, [...entries]);
    return copy;
  }
}

function keyOf(item: SolverPackage): string {
  if (item.kind === 'root') return 'root';
  if (item.kind === 'python') return item.which;
  return `${item.kind} ${item.name} ${extraOfPackage(item) ?? ''}`;
}
