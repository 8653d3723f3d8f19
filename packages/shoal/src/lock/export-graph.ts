/** What an export of a lockfile lists: each package that the roots need, when it is needed, and by what. */
import {
  andMarkers,
  falseMarker,
  isFalseMarker,
  markersEqual,
  orMarkers,
  parseMarker,
  simplifyMarkerExtras,
  simplifyMarkerNotExtras,
  simplifyMarkerWithPython,
  trueMarker,
  tryNormalizeName,
} from '@shoal/packaging';
import type { Marker, NormalizedName, VersionRange } from '@shoal/packaging';
import type { LockedDependency, LockedPackage, LockedRequirement, Lockfile } from './lockfile.ts';
import { pythonRangeOf } from './lock-preferences.ts';
import { LockfileError } from './lockfile-error.ts';
import type { LockRoot } from './select-packages.ts';

export interface ExportedPackage {
  readonly locked: LockedPackage;
  readonly marker: Marker;
  /** Packages that depend on it, by name; the roots' groups are nobody. */
  readonly dependents: readonly LockedPackage[];
  /** What it depends on itself, its active extras included. */
  readonly dependencies: readonly LockedPackage[];
}

export interface ExportQuestion {
  readonly roots: readonly LockRoot[];
  /** Left out together with what only they need. */
  readonly pruned: ReadonlySet<NormalizedName>;
  /** How messages name the lockfile. */
  readonly shown: string;
}

/** In the order of the lockfile. @throws {LockfileError} when the lockfile contradicts itself */
export function exportedPackages(lockfile: Lockfile, question: ExportQuestion): readonly ExportedPackage[] {
  const graph = new ExportGraph(lockfile, question);
  for (const root of question.roots) graph.addRoot(root);
  return graph.packages();
}

/** A package, or one extra of it. */
interface Node {
  readonly locked: LockedPackage;
  readonly extra: NormalizedName | undefined;
}

class ExportGraph {
  readonly #lockfile: Lockfile;
  readonly #question: ExportQuestion;
  readonly #byName: ReadonlyMap<NormalizedName, readonly LockedPackage[]>;
  readonly #reach = new Map<LockedPackage, Map<NormalizedName | undefined, Marker>>();
  readonly #parents = new Map<LockedPackage, Set<LockedPackage>>();
  readonly #children = new Map<LockedPackage, Set<LockedPackage>>();
  /** Names by which markers know the extras and groups of the roots, where some of them conflict. */
  readonly #activated = new Set<NormalizedName>();
  readonly #queue: Node[] = [];
  readonly #python: VersionRange;

  constructor(lockfile: Lockfile, question: ExportQuestion) {
    this.#lockfile = lockfile;
    this.#question = question;
    this.#python = pythonRangeOf(lockfile.requiresPython);
    this.#byName = Map.groupBy(lockfile.packages, ({ name }) => name);
    for (const root of question.roots) this.#activateRoot(root);
  }

  addRoot(root: LockRoot): void {
    if (root.kind === 'requirements') {
      for (const requirement of root.requirements) this.#addRequirement(requirement);
      return;
    }
    if (this.#question.pruned.has(root.name)) return;
    const [member] = this.#byName.get(root.name) ?? [];
    if (member === undefined) throw this.#fault(`it does not hold \`${root.name}\``);
    if (root.isInstalled)
      for (const extra of [undefined, ...root.extras]) this.#visit({ locked: member, extra }, trueMarker);
    for (const group of root.groups)
      for (const dependency of member.devDependencies.get(group) ?? []) this.#follow(dependency, trueMarker);
  }

  packages(): readonly ExportedPackage[] {
    for (let node = this.#queue.shift(); node !== undefined; node = this.#queue.shift()) this.#expand(node);
    const supported = this.#supported();
    return this.#lockfile.packages.flatMap((locked) => {
      const marker = andMarkers(this.#reach.get(locked)?.get(undefined) ?? falseMarker, supported);
      if (isFalseMarker(marker)) return [];
      const [dependents, dependencies] = [this.#parents, this.#children].map((map) => byName(map.get(locked) ?? []));
      return [{ locked, marker, dependents: dependents ?? [], dependencies: dependencies ?? [] }];
    });
  }

  /** The environments that the lockfile is for: its markers leave out what goes without saying in all of them. */
  #supported(): Marker {
    const markers = this.#lockfile.supportedMarkers.map(parseMarker);
    return markers.length === 0 ? trueMarker : markers.reduce(orMarkers, falseMarker);
  }

  #expand(node: Node): void {
    const { locked, extra } = node;
    const reach = this.#reach.get(locked)?.get(extra) ?? falseMarker;
    const list = extra === undefined ? locked.dependencies : (locked.optionalDependencies.get(extra) ?? []);
    for (const dependency of list) this.#follow(dependency, reach, locked);
  }

  #follow(dependency: LockedDependency, reach: Marker, parent?: LockedPackage): void {
    if (this.#question.pruned.has(dependency.name)) return;
    const child = this.#target(dependency);
    const marker = andMarkers(reach, this.#marker(dependency.marker));
    if (parent !== undefined) {
      add(this.#parents, child, parent);
      add(this.#children, parent, child);
    }
    for (const extra of [undefined, ...dependency.extras]) this.#visit({ locked: child, extra }, marker);
  }

  #visit({ locked, extra }: Node, marker: Marker): void {
    const known = this.#reach.get(locked) ?? new Map<NormalizedName | undefined, Marker>();
    this.#reach.set(locked, known);
    const before = known.get(extra);
    const after = before === undefined ? marker : orMarkers(before, marker);
    if (before !== undefined && markersEqual(before, after)) return;
    known.set(extra, after);
    this.#queue.push({ locked, extra });
  }

  /** What a script or a group of the workspace asks for, in each of the forks that it applies to. */
  #addRequirement({ name, extras, marker }: LockedRequirement): void {
    if (this.#question.pruned.has(name)) return;
    for (const locked of this.#byName.get(name) ?? []) {
      const forks = locked.resolutionMarkers.map((text) => this.#marker(text));
      const fork = forks.length === 0 ? trueMarker : forks.reduce(orMarkers, falseMarker);
      const when = simplifyMarkerWithPython(andMarkers(fork, this.#marker(marker)), this.#python);
      if (!isFalseMarker(when)) for (const extra of [undefined, ...extras]) this.#visit({ locked, extra }, when);
    }
  }

  #target({ name, version, source }: LockedDependency): LockedPackage {
    const fitting = (this.#byName.get(name) ?? []).filter(
      (one) =>
        (version === undefined || one.version === version) &&
        (source === undefined || JSON.stringify(one.source) === JSON.stringify(source)),
    );
    const [found] = fitting;
    if (found === undefined || fitting.length > 1) throw this.#fault(`its dependency on \`${name}\` names no package`);
    return found;
  }

  /** Extras and groups that conflict are known by now: they are asked for, or they are not. */
  #marker(text: string | undefined): Marker {
    if (text === undefined) return trueMarker;
    const marker = parseMarker(text);
    return this.#lockfile.conflicts.length === 0
      ? marker
      : simplifyMarkerNotExtras(simplifyMarkerExtras(marker, this.#activated));
  }

  #activateRoot(root: LockRoot): void {
    if (root.kind === 'requirements') return;
    if (root.isInstalled) this.#activate('project', root.name);
    if (root.isInstalled) for (const extra of root.extras) this.#activate('extra', root.name, extra);
    for (const group of root.groups) this.#activate('group', root.name, group);
  }

  /** uv's names for what may conflict: `extra-3-app-gpu`, `group-3-app-dev`, `project-3-app`. */
  #activate(kind: 'extra' | 'group' | 'project', owner: NormalizedName, item?: NormalizedName): void {
    const encoded = tryNormalizeName([kind, owner.length, owner, ...(item === undefined ? [] : [item])].join('-'));
    if (encoded !== undefined) this.#activated.add(encoded);
  }

  #fault(what: string): LockfileError {
    const { shown } = this.#question;
    return new LockfileError(shown, `\`${shown}\` cannot be used: ${what}`, {
      hint: `Remove \`${shown}\` and lock again`,
    });
  }
}

function add(map: Map<LockedPackage, Set<LockedPackage>>, key: LockedPackage, value: LockedPackage): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function byName(packages: Iterable<LockedPackage>): readonly LockedPackage[] {
  return [...packages].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
