/** Which packages of a lockfile an environment needs: a walk along its dependencies, without any resolution. */
import { evaluateMarker, parseMarker, tryNormalizeName } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName } from '@shoal/packaging';
import type { LockedDependency, LockedPackage, LockedRequirement, Lockfile } from './lockfile.ts';
import { LockfileError } from './lockfile-error.ts';

/** One thing to start from. */
export type LockRoot =
  | {
      readonly kind: 'member';
      readonly name: NormalizedName;
      readonly extras: readonly NormalizedName[];
      readonly groups: readonly NormalizedName[];
      /** False for groups alone (`--only-group`): then the member itself is not installed. */
      readonly isInstalled: boolean;
    }
  /** What scripts and workspace roots without a project ask for. */
  | { readonly kind: 'requirements'; readonly requirements: readonly LockedRequirement[] };

export interface LockQuestion {
  readonly roots: readonly LockRoot[];
  readonly markers: MarkerEnvironment;
  /** How messages name the lockfile. */
  readonly shown: string;
}

/** Sorted by name; each name once. @throws {LockfileError} when the lockfile contradicts itself. */
export function selectPackages(lockfile: Lockfile, question: LockQuestion): readonly LockedPackage[] {
  const walk = new Walk(lockfile, question);
  for (const root of question.roots) walk.start(root);
  return walk.finish();
}

class Walk {
  readonly #question: LockQuestion;
  readonly #byName: ReadonlyMap<NormalizedName, readonly LockedPackage[]>;
  readonly #found = new Set<LockedPackage>();
  readonly #visited = new Set<string>();
  readonly #queue: (readonly [dependencies: readonly LockedDependency[], of: LockedPackage | undefined])[] = [];
  /** Names by which markers know the extras and groups that are asked for, where some of them conflict. */
  readonly #activated = new Set<NormalizedName>();

  constructor(lockfile: Lockfile, question: LockQuestion) {
    this.#question = question;
    this.#byName = Map.groupBy(lockfile.packages, ({ name }) => name);
  }

  start(root: LockRoot): void {
    if (root.kind === 'requirements') return this.#startRequirements(root.requirements);
    const [member] = this.#byName.get(root.name) ?? [];
    if (member === undefined) throw this.#fault(`it does not hold \`${root.name}\``);
    if (root.isInstalled) {
      this.#activate('project', member.name, undefined);
      this.#visit(member, root.extras);
    }
    for (const group of root.groups) {
      this.#activate('group', member.name, group);
      this.#queue.push([member.devDependencies.get(group) ?? [], member]);
    }
  }

  finish(): readonly LockedPackage[] {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      for (const dependency of next[0]) this.#follow(dependency);
    return [...this.#found].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  }

  #startRequirements(requirements: readonly LockedRequirement[]): void {
    for (const { name, extras, marker } of requirements) {
      if (!this.#holds(marker)) continue;
      const fitting = (this.#byName.get(name) ?? []).filter(({ resolutionMarkers }) =>
        this.#isForHere(resolutionMarkers),
      );
      const [found] = fitting;
      if (found === undefined) throw this.#fault(`it does not hold \`${name}\` for this environment`);
      this.#visit(found, extras);
    }
  }

  #follow({ name, version, source, extras, marker }: LockedDependency): void {
    if (!this.#holds(marker)) return;
    const candidates = this.#byName.get(name) ?? [];
    const fitting = candidates.filter(
      (one) =>
        (version === undefined || one.version === version) &&
        (source === undefined || JSON.stringify(one.source) === JSON.stringify(source)),
    );
    const [found] = fitting;
    if (found === undefined || fitting.length > 1) throw this.#fault(`its dependency on \`${name}\` names no package`);
    this.#visit(found, extras);
  }

  #visit(found: LockedPackage, extras: readonly NormalizedName[]): void {
    this.#found.add(found);
    const key = `${found.name} ${found.version ?? ''} ${JSON.stringify(found.source)}`;
    if (this.#isNew(key)) this.#queue.push([found.dependencies, found]);
    for (const extra of extras) {
      this.#activate('extra', found.name, extra);
      if (this.#isNew(`${key} [${extra}]`)) this.#queue.push([found.optionalDependencies.get(extra) ?? [], found]);
    }
  }

  #isNew(key: string): boolean {
    if (this.#visited.has(key)) return false;
    this.#visited.add(key);
    return true;
  }

  /** uv's names for what may conflict: `extra-3-app-gpu`, `group-3-app-dev`, `project-3-app`. */
  #activate(kind: 'extra' | 'group' | 'project', owner: NormalizedName, item: NormalizedName | undefined): void {
    const encoded = tryNormalizeName([kind, owner.length, owner, ...(item === undefined ? [] : [item])].join('-'));
    if (encoded !== undefined) this.#activated.add(encoded);
  }

  #holds(marker: string | undefined): boolean {
    return marker === undefined || evaluateMarker(parseMarker(marker), this.#question.markers, this.#activated);
  }

  #isForHere(markers: readonly string[]): boolean {
    return markers.length === 0 || markers.some((marker) => this.#holds(marker));
  }

  #fault(what: string): LockfileError {
    const { shown } = this.#question;
    return new LockfileError(shown, `\`${shown}\` cannot be used: ${what}`, {
      hint: `Remove \`${shown}\` and lock again`,
    });
  }
}
