/**
 * Unpacked folders, named by the digest of what they were unpacked from; complete when they appear and never changed.
 *
 * ## Guarantees
 * - However many processes ask for one tree at once, one of them makes it; if it dies, another takes over at once and
 *   finds its partial download.
 * - While a tree is pinned no collector removes it. One that vanishes or is damaged all the same is a miss.
 *
 * ## Limits
 * - Pinning trusts the manifest. Whoever meets a file that is missing or wrong calls `discard` and asks again.
 * - Nothing is synced to disk; the first pin after a restart of the machine compares sizes instead.
 */
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { currentBootId } from './boot-id.ts';
import type { Digest } from './digest.ts';
import { CacheUnwritableError } from './errors.ts';
import { announceStep } from './key-locks.ts';
import type { CacheSetting, KeyLocks } from './key-locks.ts';
import { formatManifest } from './manifest.ts';
import type { JsonValue, ManifestFile } from './manifest.ts';
import { PinnedTree } from './pinned-tree.ts';
import { EntryProducer } from './produce-entry.ts';
import { publishFolder } from './publish.ts';
import { randomName } from './random-name.ts';
import { removeTreeOrLeave } from './remove-tree.ts';
import { differenceOf, manifestPath, readTreeEntry, readTreeForUse, treePath } from './tree-entry.ts';
import { moveToTrash } from './trash.ts';
import type { WorkFolder } from './work-folder.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export interface TreeWork {
  /** Private and empty: write the files below it. */
  readonly folder: string;
  /** A file that outlives a killed producer: a download to be continued. It may or may not exist. */
  readonly partialPath: string;
}

export interface TreeContent {
  readonly files: readonly ManifestFile[];
  /** Returned with the tree's manifest by each later pin. */
  readonly note: JsonValue;
}

export interface TreeRequest {
  readonly digest: Digest;
  /** What is waited for, as a person would say it: `numpy-2.0.0-….whl`. */
  readonly resource: string;
  /** Must bear to be called again, with another folder, when somebody deletes the cache meanwhile. */
  readonly produce: (work: TreeWork) => Promise<TreeContent>;
  readonly signal?: AbortSignal | undefined;
}

export class TreeStore {
  readonly #setting: CacheSetting;
  readonly #locks: KeyLocks;
  /** Only read, for what is not here. */
  readonly #lower: TreeStore | undefined;
  readonly #producer: EntryProducer;

  constructor(setting: CacheSetting, locks: KeyLocks, lower?: TreeStore) {
    this.#setting = setting;
    this.#locks = locks;
    this.#lower = lower;
    this.#producer = new EntryProducer(setting, locks);
  }

  /**
   * Hold the tree `digest` so that no collector removes it, until `release`. Never waits.
   *
   * @param resource What those who wait are told that we are at.
   * @returns `undefined` when it is absent, found damaged (and put aside), or being made or removed at this moment.
   */
  pin(digest: Digest, resource?: string): PinnedTree | undefined {
    return this.#pinHere(digest, resource) ?? this.#lower?.pin(digest, resource);
  }

  #pinHere(digest: Digest, resource: string | undefined): PinnedTree | undefined {
    const { layout } = this.#setting.root;
    const entry = layout.treeEntry(digest);
    if (statSync(manifestPath(entry), { throwIfNoEntry: false }) === undefined) return undefined;
    const lock = this.#locks.tryShared(layout.keyLock(digest), resource);
    if (lock === 'busy') return undefined;
    const found = readTreeForUse(entry);
    if (found.state === 'present')
      return new PinnedTree(this.#setting, { digest, entry, manifest: found.manifest, lock });
    if (found.state === 'damaged' && this.#putAside(entry, found.reason)) lock.abandon();
    lock.release();
    return undefined;
  }

  /**
   * Hold the tree `digest`, waiting for whoever is making it, or making it here.
   *
   * @throws the errors of `produce`; LockTimeoutError; CacheUnwritableError, CacheFullError; the signal's reason.
   */
  async pinOrProduce(request: TreeRequest): Promise<PinnedTree> {
    return await this.#producer.pinOrProduce({
      digest: request.digest,
      resource: request.resource,
      signal: request.signal,
      pin: () => this.pin(request.digest, request.resource),
      isPresent: () => readTreeEntry(this.#setting.root.layout.treeEntry(request.digest)).state === 'present',
      produce: (work) => this.#produce(work, request),
    });
  }

  async #produce(work: WorkFolder, request: TreeRequest): Promise<void> {
    const finished = join(work.path, 'entry');
    const folder = treePath(finished);
    const partialPath = work.partialPath(request.digest);
    mkdirSync(folder, { recursive: true });
    const content = await request.produce({ folder, partialPath });
    announceStep(this.#setting, 'produced', request.digest);
    this.#seal(finished, content);
    this.#publish(finished, request.digest);
    removeTreeOrLeave(partialPath);
  }

  /** Check what was written, and write the manifest beside it. */
  #seal(finished: string, content: TreeContent): void {
    const files = requireWhole(treePath(finished), content.files);
    this.#openUp(finished, content);
    const stamp = { publication: randomName(), publishedMs: Date.now(), boot: currentBootId() };
    const mode = this.#setting.root.fileMode();
    writeFileAtomic(manifestPath(finished), formatManifest({ ...content, files }, stamp), { mode });
    announceStep(this.#setting, 'manifest-written', finished);
  }

  /** In a root that is more open than our umask, files and folders get what the umask kept back. */
  #openUp(finished: string, content: TreeContent): void {
    const bits = this.#setting.root.missingFolderBits();
    if (bits === 0) return;
    const tree = treePath(finished);
    const folders = new Set([finished, tree]);
    for (const { path, executable } of content.files) {
      for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(join(tree, folder));
      addBits(join(tree, path), executable ? bits : bits & 0o666);
    }
    for (const folder of folders) addBits(folder, bits);
  }

  #publish(finished: string, digest: Digest): void {
    const { root } = this.#setting;
    const final = root.layout.treeEntry(digest);
    announceStep(this.#setting, 'before-publish', digest);
    const outcome = publishFolder(root, { finished, final }, () => readTreeEntry(final).state === 'present');
    announceStep(this.#setting, outcome === 'published' ? 'published' : 'publication-lost', digest);
  }

  /** True when the damaged entry is gone. */
  #putAside(entry: string, reason: string): boolean {
    this.#setting.onEvent({ type: 'healed', resource: 'a cached tree', path: entry, reason });
    announceStep(this.#setting, 'before-heal', entry);
    try {
      const trashed = moveToTrash(this.#setting.root, entry);
      announceStep(this.#setting, 'put-aside', entry);
      if (trashed !== undefined) removeTreeOrLeave(trashed);
      return true;
    } catch (error) {
      // A root that we may only read keeps its damage; the reader sees a miss.
      if (!(error instanceof CacheUnwritableError)) throw error;
      return false;
    }
  }
}

/**
 * The files with their times.
 *
 * @throws ENOENT when somebody has deleted a file; a plain Error when the producer's list is wrong.
 */
function requireWhole(tree: string, files: readonly ManifestFile[]): readonly ManifestFile[] {
  return files.map((file) => {
    const found = lstatSync(join(tree, file.path));
    const reason = differenceOf(file, found);
    if (reason !== undefined) throw new Error(`A tree was produced that its own list contradicts: ${reason}`);
    return { ...file, modifiedMs: found.mtimeMs };
  });
}

function addBits(path: string, bits: number): void {
  const { mode } = statSync(path);
  chmodSync(path, (mode & 0o7777) | bits);
}
