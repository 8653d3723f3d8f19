/**
 * From a filled stage and the names to remove to the fewest operations: a folder that is new, or whose content goes entirely,
 * is moved as a whole; a folder that others share (a namespace, `bin`) is gone through name by name.
 */
import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';
import { OccupiedPathError } from './install-errors.ts';
import type { InstallScheme } from './install-target.ts';
import type { Operation } from './journal.ts';
import type { RemovedFolder, RemovedNode, RemovedPaths } from './removed-paths.ts';
import { isInside, stageFolder } from './stage-area.ts';
import type { Anchor, StageArea } from './stage-area.ts';

export interface ChangeSet {
  /**
   * In the order in which they are to be done, so that a program that imports meanwhile misses least: what is new comes first,
   * then names change sides, then names go. Claims of distributions that leave go before all of that, new claims come after
   * it, and the claims that they replace go once the new ones are there.
   */
  readonly operations: readonly Operation[];
  /** Absolute paths of files that are replaced by others though no distribution that goes owns them. */
  readonly overwritten: readonly string[];
}

export interface ChangeSetOptions {
  readonly area: StageArea;
  /** Resolved. */
  readonly scheme: InstallScheme;
  readonly removed: RemovedPaths;
  /** Absolute paths of the `.dist-info` folders that are staged. */
  readonly arriving: ReadonlySet<string>;
  /** Names of the distributions that are staged: what claims one of them is in place until its successor is. */
  readonly arrivingNames: ReadonlySet<string>;
  /** The file system takes `A` and `a` for one name. */
  readonly foldsCase: boolean;
}

/** Reads the stage and those folders of the environment that both sides share; changes nothing. @throws {OccupiedPathError} */
export function computeChangeSet(options: ChangeSetOptions): ChangeSet {
  const computation = new Computation(options);
  for (const index of options.area.anchors.keys()) computation.visitAnchor(index);
  return computation.result();
}

interface Place {
  readonly anchor: number;
  /** Relative to the anchor; `''` is the anchor's folder. */
  readonly path: string;
  /** Absolute in the environment, and in the stage. */
  readonly target: string;
  readonly staged: string;
}

class Computation {
  readonly #options: ChangeSetOptions;
  readonly #fixed: readonly string[];
  readonly #sites: readonly string[];
  readonly #leaving: Operation[] = [];
  readonly #changes: Operation[] = [];
  readonly #claims: Operation[] = [];
  readonly #replaced: Operation[] = [];
  readonly #overwritten: string[] = [];

  constructor(options: ChangeSetOptions) {
    this.#options = options;
    this.#fixed = Object.values(options.scheme) as string[];
    this.#sites = [options.scheme.purelib, options.scheme.platlib];
  }

  visitAnchor(index: number): void {
    const anchor = this.#options.area.anchors[index] as Anchor;
    this.#visitFolder(
      { anchor: index, path: '', target: anchor.folder, staged: stageFolder(anchor) },
      nodeAt(this.#options.removed.root, anchor.folder),
      true,
    );
  }

  result(): ChangeSet {
    const changes = this.#changes.sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
    const removed = changes.filter(({ kind }) => kind === 'remove');
    return {
      operations: [
        ...this.#leaving,
        ...changes.slice(0, changes.length - removed.length),
        ...this.#claims,
        ...this.#replaced,
        ...removed,
      ],
      overwritten: this.#overwritten,
    };
  }

  #visitFolder(place: Place, removed: RemovedNode | undefined, hasStage: boolean): void {
    const folder = removed === 'whole' ? undefined : removed;
    const present = this.#readNames(place.target);
    const staged = hasStage ? readFolder(place.staged) : [];
    for (const entry of staged)
      this.#visitStaged(childOf(place, entry.name), entry, {
        found: present.get(this.#key(entry.name)),
        removed: folder?.get(entry.name),
      });
    if (folder === undefined) return;
    const stagedNames = new Set(staged.map(({ name }) => this.#key(name)));
    for (const [name, node] of folder) {
      const found = present.get(this.#key(name));
      if (found !== undefined && !stagedNames.has(this.#key(name)))
        this.#visitRemoved(childOf(place, name), node, found);
    }
    this.#removeBytecode(place, { folder, isPresent: present.has('__pycache__') });
  }

  #visitStaged(
    place: Place,
    entry: Dirent,
    { found, removed }: { readonly found: Dirent | undefined; readonly removed: RemovedNode | undefined },
  ): void {
    if (this.#options.arriving.has(place.target))
      this.#claims.push(operationAt(place, found === undefined ? 'place' : 'swap'));
    else if (found === undefined) this.#push(place, 'place');
    else if (removed !== undefined && this.#mayGo(place.target) && isWhollyRemoved(place.target, removed))
      this.#push(place, 'swap');
    else this.#visitShared(place, entry, { found, removed });
  }

  /** Both sides have the name and what is in place is not all ours. */
  #visitShared(
    place: Place,
    entry: Dirent,
    { found, removed }: { readonly found: Dirent; readonly removed: RemovedNode | undefined },
  ): void {
    const isFolder =
      found.isDirectory() || (found.isSymbolicLink() && entry.isDirectory() && leadsToFolder(place.target));
    if (entry.isDirectory() !== isFolder) throw new OccupiedPathError(place.target, isFolder ? 'folder' : 'file');
    if (isFolder) return this.#visitFolder(place, removed, true);
    if (removed === undefined && !this.#options.removed.rewritten.has(place.target) && !haveSameContent(place))
      this.#overwritten.push(place.target);
    this.#push(place, 'swap');
  }

  #visitRemoved(place: Place, node: RemovedNode, found: Dirent): void {
    const claimant = this.#options.removed.claims.get(place.target);
    if (claimant !== undefined) {
      const isReplaced = this.#options.arrivingNames.has(claimant);
      (isReplaced ? this.#replaced : this.#leaving).push(operationAt(place, 'remove'));
    } else if (
      node === 'whole'
        ? this.#mayGo(place.target)
        : this.#mayVanish(place.target) && isWhollyRemoved(place.target, node)
    )
      this.#push(place, 'remove');
    // A link to a folder elsewhere is not followed: what is behind it is not the environment's.
    else if (node !== 'whole' && (found.isDirectory() || this.#fixed.some((fixed) => isInside(fixed, place.target))))
      this.#visitFolder(place, node, false);
  }

  /** Bytecode of modules that go: the whole folder inside a package, single files at the top of site-packages. */
  #removeBytecode(
    place: Place,
    { folder, isPresent }: { readonly folder: RemovedFolder; readonly isPresent: boolean },
  ): void {
    if (!isPresent || folder.has('__pycache__') || !this.#sites.some((site) => isInside(place.target, site))) return;
    const cache = childOf(place, '__pycache__');
    if (!this.#sites.includes(place.target)) return this.#push(cache, 'remove');
    for (const { name } of readFolder(cache.target)) {
      const module = `${name.slice(0, name.indexOf('.'))}.py`;
      if (folder.get(module) === 'whole') this.#push(childOf(cache, name), 'remove');
    }
  }

  #push(place: Place, kind: Operation['kind']): void {
    this.#changes.push(operationAt(place, kind));
  }

  /** No folder of the scheme, nor one above it. */
  #mayGo(target: string): boolean {
    return !this.#fixed.some((fixed) => isInside(fixed, target));
  }

  /** Folders outside site-packages stay when they become empty: they are the system's or the user's (`share/man`). */
  #mayVanish(target: string): boolean {
    return this.#mayGo(target) && this.#sites.some((site) => isInside(target, site));
  }

  #readNames(folder: string): ReadonlyMap<string, Dirent> {
    return new Map(readFolder(folder).map((entry) => [this.#key(entry.name), entry]));
  }

  #key(name: string): string {
    return this.#options.foldsCase ? name.normalize('NFC').toLowerCase() : name;
  }
}

const ORDER: Readonly<Record<Operation['kind'], number>> = { place: 0, swap: 1, remove: 2 };

function operationAt({ anchor, path, staged }: Place, kind: Operation['kind']): Operation {
  return kind === 'swap' ? { kind, anchor, path, inode: inodeOf(staged) } : { kind, anchor, path };
}

function childOf(place: Place, name: string): Place {
  return {
    anchor: place.anchor,
    path: place.path === '' ? name : `${place.path}/${name}`,
    target: place.target === '/' ? `/${name}` : `${place.target}/${name}`,
    staged: `${place.staged}/${name}`,
  };
}

function nodeAt(root: RemovedFolder, path: string): RemovedNode | undefined {
  let node: RemovedNode | undefined = root;
  for (const name of path.split('/')) {
    if (name === '') continue;
    if (node === undefined || node === 'whole') return node;
    node = node.get(name);
  }
  return node;
}

/** Is everything at `path` either to be removed or bytecode? */
function isWhollyRemoved(path: string, node: RemovedNode): boolean {
  if (node === 'whole') return true;
  if (!lstatSync(path).isDirectory()) return false;
  return readFolder(path).every((entry) => {
    const child = node.get(entry.name);
    if (child !== undefined) return isWhollyRemoved(`${path}/${entry.name}`, child);
    return entry.isDirectory() && (entry.name === '__pycache__' || isWhollyRemoved(`${path}/${entry.name}`, new Map()));
  });
}

function readFolder(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    return [];
  }
}

function leadsToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function haveSameContent({ target, staged }: Place): boolean {
  const [a, b] = [statSync(target, { throwIfNoEntry: false }), statSync(staged)];
  if (a === undefined || a.size !== b.size) return false;
  return a.ino === b.ino || readFileSync(target).equals(readFileSync(staged));
}

function inodeOf(path: string): string {
  return lstatSync(path, { bigint: true }).ino.toString();
}
