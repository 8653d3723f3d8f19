/**
 * Reading the whole cache beside any number of readers and producers, and removing what is not what it was. Entries are
 * held like a reader holds them, so nobody waits for the reading and it waits for nobody.
 */
import { lstatSync } from 'node:fs';

import { BlobStore } from './blob-store.ts';
import { listEntries } from './cache-entries.ts';
import type { CacheEntry, LocatedEntry } from './cache-entries.ts';
import { parseDigest } from './digest.ts';
import { CacheUnwritableError, hasErrorCode } from './errors.ts';
import { KeyLocks } from './key-locks.ts';
import type { CacheSetting } from './key-locks.ts';
import type { LockHandle } from './file-lock.ts';
import { PinnedTree } from './pinned-tree.ts';
import { removeTreeOrLeave } from './remove-tree.ts';
import { readTreeEntry } from './tree-entry.ts';
import { moveToTrash } from './trash.ts';
import { removeIfPresent } from './write-file-atomic.ts';

export interface DamagedEntry {
  readonly entry: CacheEntry;
  readonly path: string;
  readonly reason: string;
  /** False in a cache that may only be read: the entry is still there. */
  readonly isRemoved: boolean;
}

export interface VerifyReport {
  /** Entries that were read. */
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  /** Entries that were being made, removed or replaced at that moment, and so were not read. */
  readonly skipped: number;
  readonly damaged: readonly DamagedEntry[];
}

/** @throws the signal's reason. */
export async function verifyCache(setting: CacheSetting, signal: AbortSignal | undefined): Promise<VerifyReport> {
  const run = new VerifyRun(setting, signal);
  for (const entry of listEntries(setting.root.layout)) await run.visit(entry);
  return run.report();
}

class VerifyRun {
  readonly #setting: CacheSetting;
  readonly #signal: AbortSignal | undefined;
  readonly #locks: KeyLocks;
  readonly #blobs: BlobStore;
  readonly #damaged: DamagedEntry[] = [];
  #entries = 0;
  #files = 0;
  #bytes = 0;
  #skipped = 0;

  constructor(setting: CacheSetting, signal: AbortSignal | undefined) {
    this.#setting = setting;
    this.#signal = signal;
    this.#locks = new KeyLocks(setting);
    this.#blobs = new BlobStore({ ...setting, onEvent: () => undefined }, this.#locks);
  }

  report(): VerifyReport {
    return {
      entries: this.#entries,
      files: this.#files,
      bytes: this.#bytes,
      skipped: this.#skipped,
      damaged: this.#damaged,
    };
  }

  async visit(entry: LocatedEntry): Promise<void> {
    this.#signal?.throwIfAborted();
    const lock = this.#locks.tryShared(entry.lockPath);
    if (lock === 'busy') {
      this.#skipped += 1;
      return;
    }
    try {
      if (entry.kind === 'tree') await this.#visitTree(entry, lock);
      else if (entry.kind === 'blob') this.#visitBlob(entry);
      else this.#visitRecord(entry);
    } finally {
      lock.release();
    }
  }

  async #visitTree(entry: LocatedEntry, lock: LockHandle): Promise<void> {
    const found = readTreeEntry(entry.path);
    if (found.state !== 'present') {
      if (!exists(entry.path)) return;
      const reason = found.state === 'damaged' ? found.reason : 'its manifest is missing';
      this.#count(1, 0);
      this.#report(entry, reason, () => this.#trash(entry.path, lock));
      return;
    }
    const { manifest } = found;
    const tree = new PinnedTree(this.#setting, { digest: parseDigest(entry.key), entry: entry.path, manifest, lock });
    this.#count(manifest.files.length, entry.sizeBytes());
    const reason = await tree.findDamage(this.#signal);
    if (reason !== undefined) this.#report(entry, reason, () => tree.discard(reason));
  }

  #visitBlob(entry: LocatedEntry): void {
    if (!exists(entry.path)) return;
    this.#count(1, entry.sizeBytes());
    using pinned = this.#blobs.pin(parseDigest(entry.key));
    if (pinned !== undefined) return;
    this.#report(entry, 'its content is damaged', () => removeIfPresent(entry.path));
  }

  #visitRecord(entry: LocatedEntry): void {
    const sizeBytes = entry.sizeBytes();
    // Looked at twice: a record that was replaced in between is read again, not removed.
    if (entry.content() !== undefined || entry.content() !== undefined) return this.#count(1, sizeBytes);
    if (!exists(entry.path)) return;
    this.#count(1, sizeBytes);
    this.#report(entry, 'its content is damaged', () => removeIfPresent(entry.path));
  }

  #count(files: number, bytes: number): void {
    this.#entries += 1;
    this.#files += files;
    this.#bytes += bytes;
  }

  #report(entry: LocatedEntry, reason: string, remove: () => unknown): void {
    this.#damaged.push({ entry, path: entry.path, reason, isRemoved: attempt(remove) });
  }

  #trash(path: string, lock: LockHandle): void {
    const trashed = moveToTrash(this.#setting.root, path);
    lock.abandon();
    if (trashed !== undefined) removeTreeOrLeave(trashed);
  }
}

/** False when this user may not. */
function attempt(remove: () => unknown): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    if (error instanceof CacheUnwritableError || hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
