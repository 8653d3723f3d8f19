/** Whether the packages of a lockfile that can change by themselves still declare what it says they declare. */
import { resolve } from 'node:path';
import { formatVersion } from '@shoal/packaging';
import type { VersionRange } from '@shoal/packaging';
import { lockedIndexSource } from '../lock/locked-files.ts';
import { pythonRangeOf } from '../lock/lock-preferences.ts';
import type {
  LockedDependency,
  LockedManifest,
  LockedMetadata,
  LockedPackage,
  LockedRequirement,
  Lockfile,
} from '../lock/lockfile.ts';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { FolderSource } from '../project/lowered-requirement.ts';
import type { Workspace } from '../project/workspace.ts';
import { isPackaged, memberPath } from '../project/workspace.ts';
import { simplifiedText } from './lock-validity.ts';
import { lockedDefaultGroups, lockedMetadata } from './located-packages.ts';
import type { LockSources } from './lock-sources.ts';

export interface SatisfactionInput {
  readonly workspace: Workspace;
  readonly manifest: LockedManifest;
  readonly sources: LockSources;
  /** Where distributions may come from; `undefined` when nobody named an index: then those of the lockfile will do. */
  readonly indexes: readonly IndexLocation[] | undefined;
}

/** @returns false when something differs. @throws what a build throws, where only a build tells */
export async function isLockSatisfied(lockfile: Lockfile, input: SatisfactionInput): Promise<boolean> {
  const range = pythonRangeOf(lockfile.requiresPython);
  if (manifestKey(lockfile.manifest, range) !== manifestKey(input.manifest, range)) return false;
  if (!membersFit(lockfile, input.workspace)) return false;
  const checker = new PackageChecker(lockfile, input, range);
  return await checker.check();
}

/** Each member is there, in the form that it has now. */
function membersFit({ packages }: Lockfile, workspace: Workspace): boolean {
  return [...workspace.members].every(([name, member]) => {
    const own = packages.filter((one) => one.name === name);
    const editable = workspace.requiredMembers.get(name) ?? true;
    const kind = isPackaged(workspace, member) ? (editable ? 'editable' : 'directory') : 'virtual';
    return own.length === 1 && own[0]?.source.kind === kind && own[0].source.path === memberPath(workspace, member);
  });
}

class PackageChecker {
  readonly #lockfile: Lockfile;
  readonly #input: SatisfactionInput;
  readonly #range: VersionRange;
  readonly #places: Set<string> | undefined;
  readonly #seen = new Set<LockedPackage>();

  constructor(lockfile: Lockfile, input: SatisfactionInput, range: VersionRange) {
    this.#lockfile = lockfile;
    this.#input = input;
    this.#range = range;
    this.#places =
      input.indexes && new Set(input.indexes.map((index) => JSON.stringify(lockedIndexSource(index, this.#root))));
  }

  get #root(): string {
    return this.#input.workspace.root.folder;
  }

  /** Members first, then what they depend on; packages of indexes and repositories never change. */
  async check(): Promise<boolean> {
    const { members } = this.#input.workspace;
    const asked = [
      ...this.#lockfile.manifest.requirements,
      ...this.#lockfile.manifest.dependencyGroups.values(),
    ].flat();
    const names = new Set([...members.keys(), ...asked.map(({ name }) => name)]);
    const queue = this.#lockfile.packages.filter(({ name }) => names.has(name));
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (this.#seen.has(next)) continue;
      this.#seen.add(next);
      if (next.source.kind === 'registry' || next.source.kind === 'git') {
        if (!this.#isOffered(next)) return false;
        continue;
      }
      if (!(await this.#isUnchanged(next))) return false;
      queue.push(...this.#dependenciesOf(next));
    }
    return true;
  }

  #isOffered({ source }: LockedPackage): boolean {
    return source.kind !== 'registry' || this.#places === undefined || this.#places.has(JSON.stringify(source));
  }

  #dependenciesOf({ dependencies, optionalDependencies, devDependencies }: LockedPackage): readonly LockedPackage[] {
    const all = [dependencies, ...optionalDependencies.values(), ...devDependencies.values()].flat();
    return all.flatMap((dependency) => this.#lockfile.packages.filter((locked) => isTarget(locked, dependency)));
  }

  async #isUnchanged(locked: LockedPackage): Promise<boolean> {
    const { source, version, metadata } = locked;
    if (source.kind !== 'directory' && source.kind !== 'editable' && source.kind !== 'virtual') return true;
    const path = resolve(this.#root, source.path);
    const folder: FolderSource = { kind: source.kind, path, isWrittenAbsolute: false };
    const project = await this.#input.sources.folder(locked.name, folder);
    if (project.isDynamic !== (version === undefined)) return false;
    if (version !== undefined && formatVersion(project.metadata.version) !== version) return false;
    const declared = lockedMetadata(project.declared, this.#root);
    this.#takePins();
    const member = this.#input.sources.memberOf(locked.name);
    const defaults = member && lockedDefaultGroups(member);
    if (JSON.stringify(defaults) !== JSON.stringify(locked.defaultGroups)) return false;
    return metadataKey(declared, this.#range) === metadataKey(metadata, this.#range);
  }

  /** Indexes that declared requirements name are among those that may be used. */
  #takePins(): void {
    for (const { index } of this.#input.sources.pins)
      this.#places?.add(JSON.stringify(lockedIndexSource(index, this.#root)));
  }
}

function isTarget(locked: LockedPackage, { name, version, source }: LockedDependency): boolean {
  return (
    locked.name === name &&
    (version === undefined || locked.version === version) &&
    (source === undefined || JSON.stringify(locked.source) === JSON.stringify(source))
  );
}

function metadataKey({ requiresDist, providesExtras, requiresDev }: LockedMetadata, range: VersionRange): string {
  return JSON.stringify([
    requirementKeys(requiresDist, range),
    providesExtras.toSorted(),
    [...requiresDev].map(([group, list]) => [group, requirementKeys(list, range)]),
  ]);
}

function manifestKey(manifest: LockedManifest, range: VersionRange): string {
  const { requirements, constraints, overrides, excludes, buildConstraints, dependencyGroups } = manifest;
  const filled = [...dependencyGroups].filter(([, list]) => list.length > 0);
  return JSON.stringify([
    manifest.members,
    manifest.defaultGroups ?? null,
    requirementKeys(requirements, range),
    requirementKeys(constraints, range),
    overrides.map((entry) =>
      'package' in entry
        ? [entry.package, requirementKeys(entry.dependencies, range)]
        : requirementKeys([entry], range),
    ),
    excludes,
    requirementKeys(buildConstraints, range),
    filled.map(([group, list]) => [group, requirementKeys(list, range)]),
    manifest.dependencyMetadata,
  ]);
}

function requirementKeys(requirements: readonly LockedRequirement[], range: VersionRange): readonly string[] {
  const keys = requirements.map(({ name, extras, marker, source }) =>
    JSON.stringify([name, extras.toSorted(), simplifiedText(marker, range), source]),
  );
  return [...new Set(keys)].toSorted();
}
