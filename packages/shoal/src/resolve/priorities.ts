/**
 * Which undecided package is decided next (docs/solver.md, "Order of decisions").
 *
 * A project pinned to a URL comes before one pinned to a version, before one whose versions were often
 * rejected, before one that often made others rejected, before the rest. Among equals, first seen is first
 * decided, and all virtual packages of a project are decided together.
 */
import type { NormalizedName, VersionRange } from '@shoal/packaging';
import { isPinRange } from './range-shapes.ts';
import { nameOfPackage, type PackageId, type SolverPackage } from './solver-package.ts';

const rank = { unspecified: 1, conflictLate: 2, conflictEarly: 3, singleton: 4, url: 5, root: 6 } as const;
type Rank = (typeof rank)[keyof typeof rank];

interface ProjectPriority {
  readonly rank: Rank;
  /** How many projects were seen before it. */
  readonly index: number;
}

/** Larger than any number of projects or packages of one resolution. */
const width = 2 ** 22;

export class Priorities {
  readonly #projects: Map<NormalizedName, ProjectPriority> = new Map();
  /** Order of discovery of (virtual) packages. */
  readonly #seen: Map<PackageId, number> = new Map();

  /** Register a dependency on a package within a range. */
  add(id: PackageId, item: SolverPackage, options: { readonly range: VersionRange; readonly hasUrl: boolean }): void {
    if (!this.#seen.has(id)) this.#seen.set(id, this.#seen.size);
    const name = nameOfPackage(item);
    if (name === undefined) return;
    const known = this.#projects.get(name);
    const index = known?.index ?? this.#projects.size;
    const candidate = options.hasUrl ? rank.url : isPinRange(options.range) ? rank.singleton : rank.unspecified;
    if (known === undefined || candidate > known.rank) this.#projects.set(name, { rank: candidate, index });
  }

  /** Its versions were often rejected: decide it early. False when it already is. */
  markEarly(item: SolverPackage): boolean {
    return this.#mark(item, rank.conflictEarly, [rank.conflictEarly]);
  }

  /** It often made others be rejected: decide it after those. False when it already has a conflict rank. */
  markLate(item: SolverPackage): boolean {
    return this.#mark(item, rank.conflictLate, [rank.conflictLate, rank.conflictEarly]);
  }

  #mark(item: SolverPackage, to: Rank, unless: readonly Rank[]): boolean {
    const name = nameOfPackage(item);
    if (name === undefined) return false;
    const known = this.#projects.get(name);
    if (known !== undefined && unless.includes(known.rank)) return false;
    this.#projects.set(name, { rank: to, index: known?.index ?? this.#projects.size });
    return true;
  }

  /** A number that is larger for a package to be decided earlier. */
  of(id: PackageId, item: SolverPackage): number {
    const name = nameOfPackage(item);
    if (name === undefined) return rank.root * width * width - (item.kind === 'root' ? 0 : 1);
    const priority = this.#projects.get(name) ?? { rank: rank.unspecified, index: width - 1 };
    return (priority.rank * width - priority.index) * width - (this.#seen.get(id) ?? width - 1);
  }

  clone(): Priorities {
    const copy = new Priorities();
    for (const [name, priority] of this.#projects) copy.#projects.set(name, priority);
    for (const [id, order] of this.#seen) copy.#seen.set(id, order);
    return copy;
  }
}
