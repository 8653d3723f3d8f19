/** A lockfile as a tree of packages: who needs what, or with `invert` who is needed by whom. */
import {
  andMarkers,
  compareVersions,
  complexifyMarkerWithPython,
  evaluateMarker,
  falseMarker,
  isFalseMarker,
  markerKey,
  orMarkers,
  parseMarker,
  parseVersion,
  trueMarker,
} from '@shoal/packaging';
import type { Marker, MarkerEnvironment, NormalizedName, VersionRange } from '@shoal/packaging';
import { pythonRangeOf } from './lock-preferences.ts';
import type { LockedDependency, LockedPackage, LockedRequirement, Lockfile } from './lockfile.ts';

export interface LockTreeQuestion {
  /** `undefined`: for all platforms. */
  readonly markers: MarkerEnvironment | undefined;
  readonly pruned: ReadonlySet<NormalizedName>;
  /** Only what is below these; empty is everything. */
  readonly packages: ReadonlySet<NormalizedName>;
  readonly includesGroup: (group: NormalizedName) => boolean;
  /** False for groups alone. */
  readonly includesProjects: boolean;
  readonly depth: number;
  /** Show what is below a package every time. */
  readonly repeats: boolean;
  readonly invert: boolean;
}

export interface LockTreeNode {
  readonly locked: LockedPackage;
  readonly extras: readonly NormalizedName[];
  /** ` (extra: x)` or ` (group: x)`. */
  readonly reason: string;
  readonly isElided: boolean;
  readonly children: readonly LockTreeNode[];
}

/** Ordered as kinds are shown below a package. */
const KINDS = ['needed', 'extra', 'group'] as const;

interface Edge {
  readonly from: LockedPackage | undefined;
  readonly to: LockedPackage;
  readonly kind: (typeof KINDS)[number];
  /** The extra or group that it belongs to. */
  readonly item: NormalizedName | undefined;
  /** Extras asked for; `undefined` for members, all of whose extras are shown. */
  readonly extras: readonly NormalizedName[] | undefined;
  readonly marker: Marker;
}

export function lockTree(lockfile: Lockfile, question: LockTreeQuestion): readonly LockTreeNode[] {
  const edges = new EdgeCollector(lockfile, question).collect();
  return new TreeGrower(edges, question).grow();
}

class EdgeCollector {
  readonly #lockfile: Lockfile;
  readonly #question: LockTreeQuestion;
  readonly #range: VersionRange;
  readonly #byName: ReadonlyMap<NormalizedName, readonly LockedPackage[]>;
  readonly #edges: Edge[] = [];
  readonly #seen = new Map<LockedPackage, Set<NormalizedName | undefined>>();
  readonly #queue: (readonly [LockedPackage, NormalizedName | undefined])[] = [];

  constructor(lockfile: Lockfile, question: LockTreeQuestion) {
    this.#lockfile = lockfile;
    this.#question = question;
    this.#range = pythonRangeOf(lockfile.requiresPython);
    this.#byName = Map.groupBy(lockfile.packages, ({ name }) => name);
  }

  collect(): readonly Edge[] {
    for (const member of membersOf(this.#lockfile))
      if (!this.#question.pruned.has(member.name)) this.#addMember(member);
    const { requirements, dependencyGroups } = this.#lockfile.manifest;
    for (const requirement of requirements) this.#addRequirement(requirement, undefined);
    for (const [group, list] of dependencyGroups)
      if (this.#question.includesGroup(group)) for (const one of list) this.#addRequirement(one, group);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const [locked, extra] = next;
      const list = extra === undefined ? locked.dependencies : (locked.optionalDependencies.get(extra) ?? []);
      for (const one of list)
        this.#follow(one, { from: locked, kind: extra === undefined ? 'needed' : 'extra', item: extra });
    }
    return this.#edges;
  }

  #addMember(member: LockedPackage): void {
    this.#edges.push({
      from: undefined,
      to: member,
      kind: 'needed',
      item: undefined,
      extras: undefined,
      marker: trueMarker,
    });
    if (this.#question.includesProjects) this.#visit(member, [...member.optionalDependencies.keys()]);
    for (const [group, list] of member.devDependencies)
      if (this.#question.includesGroup(group))
        for (const one of list) this.#follow(one, { from: member, kind: 'group', item: group });
  }

  #addRequirement(requirement: LockedRequirement, group: NormalizedName | undefined): void {
    for (const locked of this.#byName.get(requirement.name) ?? []) {
      const forks = locked.resolutionMarkers.map((text) => this.#marker(text)).reduce(orMarkers, falseMarker);
      const own = this.#marker(requirement.marker);
      const marker = locked.resolutionMarkers.length === 0 ? own : andMarkers(forks, own);
      if (isFalseMarker(marker) || !this.#holds(marker)) continue;
      const { extras } = requirement;
      this.#edges.push({
        from: undefined,
        to: locked,
        kind: group === undefined ? 'needed' : 'group',
        item: group,
        extras,
        marker,
      });
      this.#visit(locked, extras);
    }
  }

  #follow({ extras, ...dependency }: LockedDependency, edge: Pick<Edge, 'from' | 'kind' | 'item'>): void {
    if (this.#question.pruned.has(dependency.name)) return;
    const marker = this.#marker(dependency.marker);
    if (!this.#holds(marker)) return;
    const to = this.#target(dependency);
    this.#edges.push({ ...edge, to, extras, marker });
    this.#visit(to, extras);
  }

  #visit(locked: LockedPackage, extras: readonly NormalizedName[]): void {
    const seen = this.#seen.get(locked) ?? new Set();
    this.#seen.set(locked, seen);
    for (const extra of [undefined, ...extras]) {
      if (seen.has(extra)) continue;
      seen.add(extra);
      this.#queue.push([locked, extra]);
    }
  }

  #target({ name, version, source }: Omit<LockedDependency, 'extras'>): LockedPackage {
    const found = (this.#byName.get(name) ?? []).find(
      (one) =>
        (version === undefined || one.version === version) &&
        (source === undefined || JSON.stringify(one.source) === JSON.stringify(source)),
    );
    if (found === undefined) throw new RangeError(`no package for the dependency on ${name}`);
    return found;
  }

  #marker(text: string | undefined): Marker {
    return complexifyMarkerWithPython(text === undefined ? trueMarker : parseMarker(text), this.#range);
  }

  #holds(marker: Marker): boolean {
    const { markers } = this.#question;
    return markers === undefined || evaluateMarker(marker, markers);
  }
}

/** Those that are listed; else the project at the root, which lockfiles of one project do not list. */
function membersOf({ manifest, packages }: Lockfile): readonly LockedPackage[] {
  if (manifest.members.length > 0) return packages.filter(({ name }) => manifest.members.includes(name));
  const isRoot = ({ source }: LockedPackage): boolean =>
    (source.kind === 'editable' || source.kind === 'virtual') && source.path === '.';
  return packages.filter(isRoot);
}

/** A way to a package: by an edge, or as a root of the tree. */
interface Step {
  readonly to: LockedPackage;
  readonly edge: Edge | undefined;
  readonly marker: Marker;
}

class TreeGrower {
  readonly #edges: readonly Edge[];
  readonly #question: LockTreeQuestion;
  readonly #below: ReadonlyMap<LockedPackage | undefined, readonly Edge[]>;
  /** What was shown with what is below it, and whether there is anything. */
  readonly #shown = new Map<string, boolean>();
  readonly #path: string[] = [];
  readonly #numbers = new Map<LockedPackage, number>();

  constructor(edges: readonly Edge[], question: LockTreeQuestion) {
    this.#edges = edges;
    this.#question = question;
    this.#below = Map.groupBy(edges, ({ from, to }) => (question.invert ? to : from));
  }

  grow(): readonly LockTreeNode[] {
    return this.#roots().flatMap((step) => this.#visit(step));
  }

  #roots(): readonly Step[] {
    const { packages, invert } = this.#question;
    const all = [...new Set(this.#edges.flatMap(({ from, to }) => (from === undefined ? [to] : [from, to])))];
    if (packages.size > 0) return asRoots(all.filter(({ name }) => packages.has(name)));
    if (!invert)
      return this.#edges
        .filter(({ from }) => from === undefined)
        .toReversed()
        .map((edge) => ({ to: edge.to, edge, marker: trueMarker }));
    const needing = new Set(this.#edges.flatMap(({ from }) => from ?? []));
    return asRoots(all.filter((locked) => !needing.has(locked)));
  }

  #visit(step: Step): readonly LockTreeNode[] {
    if (this.#path.length > this.#question.depth) return [];
    const { to: locked, edge } = step;
    const expanded = this.#expandedExtras(step);
    const key = this.#keyOf(step, expanded);
    const common = { locked, extras: edge?.extras ?? [], reason: reasonOf(edge) };
    if (this.#path.includes(key)) return [{ ...common, isElided: true, children: [] }];
    const hasMore = this.#shown.get(key);
    if (!this.#question.repeats && hasMore !== undefined) return [{ ...common, isElided: hasMore, children: [] }];
    const steps = this.#stepsBelow(step, expanded);
    if (this.#path.length < this.#question.depth) this.#shown.set(key, steps.length > 0);
    this.#path.push(key);
    const children = steps.flatMap((next) => this.#visit(next));
    this.#path.pop();
    return [{ ...common, isElided: false, children }];
  }

  #stepsBelow({ to: locked, edge, marker }: Step, expanded: readonly NormalizedName[]): readonly Step[] {
    const { invert } = this.#question;
    // A group of a member is no part of it when somebody else depends on it.
    if (invert && edge?.kind === 'group') return [];
    const steps = (this.#below.get(locked) ?? []).flatMap((next): Step[] => {
      if (!invert) {
        const isActive = next.kind !== 'extra' || (next.item !== undefined && expanded.includes(next.item));
        return isActive ? [{ to: next.to, edge: next, marker: trueMarker }] : [];
      }
      if (next.from === undefined) return [];
      if (expanded.length > 0 && !expanded.every((extra) => next.extras?.includes(extra) === true)) return [];
      const joint = andMarkers(marker, next.marker);
      return isFalseMarker(joint) ? [] : [{ to: next.from, edge: next, marker: joint }];
    });
    return steps.toSorted(compareSteps);
  }

  /** Forwards: the extras whose dependencies are shown. Inverted: the extra without which the way would not exist. */
  #expandedExtras({ to: { optionalDependencies }, edge }: Step): readonly NormalizedName[] {
    if (this.#question.invert) return edge?.kind === 'extra' && edge.item !== undefined ? [edge.item] : [];
    return edge?.extras?.filter((extra) => optionalDependencies.has(extra)) ?? [...optionalDependencies.keys()];
  }

  #keyOf({ to, marker }: Step, expanded: readonly NormalizedName[]): string {
    const number = this.#numbers.get(to) ?? this.#numbers.size;
    this.#numbers.set(to, number);
    return `${number} ${expanded.join(',')} ${this.#question.invert ? markerKey(marker) : ''}`;
  }
}

function asRoots(packages: readonly LockedPackage[]): readonly Step[] {
  return packages.toSorted(comparePackages).map((to) => ({ to, edge: undefined, marker: trueMarker }));
}

function reasonOf(edge: Edge | undefined): string {
  return edge === undefined || edge.kind === 'needed' ? '' : ` (${edge.kind}: ${edge.item ?? ''})`;
}

function compareSteps(a: Step, b: Step): number {
  const [left, right] = [a.edge, b.edge];
  if (left === undefined || right === undefined) return 0;
  return (
    KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind) ||
    compareText(left.item ?? '', right.item ?? '') ||
    comparePackages(a.to, b.to)
  );
}

function comparePackages(a: LockedPackage, b: LockedPackage): number {
  if (a.name !== b.name) return compareText(a.name, b.name);
  if (a.version === undefined || b.version === undefined)
    return Number(a.version !== undefined) - Number(b.version !== undefined);
  return compareVersions(parseVersion(a.version), parseVersion(b.version));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
