/** One published tree on disk: a folder with the file `manifest` and the folder `tree`. */
import { lstatSync, readFileSync, statSync, utimesSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

import { currentBootId } from './boot-id.ts';
import { hasErrorCode } from './errors.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import type { ManifestFile, StampedManifest, TreeManifest } from './manifest.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export type TreeEntryState =
  | { readonly state: 'present'; readonly manifest: StampedManifest }
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly reason: string };

/** The boot id of a tree that was found whole after a restart, and so needs no further look. */
const SETTLED = 'settled';

const TOUCH_INTERVAL_MS = 3_600_000;
/** By then the system has long written everything to the disk by itself. */
const SETTLE_AFTER_MS = 3_600_000;
const REFUSED = ['EPERM', 'EACCES', 'EROFS', 'ENOENT', 'ENOSPC', 'EDQUOT'] as const;

export function manifestPath(entry: string): string {
  return join(entry, 'manifest');
}

export function treePath(entry: string): string {
  return join(entry, 'tree');
}

/** The manifest alone; the files are not looked at. */
export function readTreeEntry(entry: string): TreeEntryState {
  try {
    const manifest = parseManifest(readFileSync(manifestPath(entry)));
    return manifest === undefined
      ? { state: 'damaged', reason: 'its manifest is damaged' }
      : { state: 'present', manifest };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { state: 'absent' };
    if (hasErrorCode(error, 'ESTALE', 'EIO', 'ENOTDIR'))
      return { state: 'damaged', reason: error instanceof Error ? error.message : '' };
    throw error;
  }
}

/**
 * The same for a reader who is going to use the tree: its last use is noted, at most hourly, and the first reader after
 * a restart of the machine compares all sizes, because a power cut leaves empty files behind.
 */
export function readTreeForUse(entry: string): TreeEntryState {
  const found = readTreeEntry(entry);
  if (found.state !== 'present') return found;
  const { manifest } = found;
  const bootId = currentBootId();
  if (manifest.boot !== SETTLED && manifest.boot !== bootId) {
    const wrong = findWrongFile(treePath(entry), manifest);
    if (wrong !== undefined) return { state: 'damaged', reason: wrong };
    if (Date.now() - manifest.publishedMs > SETTLE_AFTER_MS) restamp(entry, manifest, SETTLED);
  }
  noteUse(entry, manifest);
  return found;
}

/** What is wrong with the first file that is not there with its size; `undefined` when all are. */
function findWrongFile(tree: string, manifest: TreeManifest): string | undefined {
  for (const file of manifest.files) {
    const reason = differenceOf(file, lstatSync(join(tree, file.path), { throwIfNoEntry: false }));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** How a file that should be `file` differs, as far as looking at it tells; `undefined` when it does not. */
export function differenceOf(file: ManifestFile, found: Stats | undefined): string | undefined {
  if (found === undefined) return `\`${file.path}\` is missing`;
  if (found.size === file.sizeBytes) return undefined;
  return `\`${file.path}\` has ${found.size} bytes instead of ${file.sizeBytes}`;
}

/** Each file with the time that it has now. @throws ENOENT when one is gone. */
export function withTimes(tree: string, files: readonly ManifestFile[]): readonly ManifestFile[] {
  return files.map((file) => ({ ...file, modifiedMs: lstatSync(join(tree, file.path)).mtimeMs }));
}

/** `manifest` with other rows: the files were found whole at the times in `files`. */
export function replaceFiles(
  entry: string,
  manifest: StampedManifest,
  files: readonly ManifestFile[],
): StampedManifest {
  const { publication, publishedMs, boot, note } = manifest;
  const fresh = { publication, publishedMs, boot, note, files };
  restamp(entry, fresh, boot);
  return fresh;
}

/** Write the manifest again, unless this user may only read. */
function restamp(entry: string, manifest: StampedManifest, boot: string): void {
  const { publication, publishedMs } = manifest;
  try {
    const mode = statSync(manifestPath(entry)).mode & 0o777;
    writeFileAtomic(manifestPath(entry), formatManifest(manifest, { publication, publishedMs, boot }), { mode });
  } catch (error) {
    if (!hasErrorCode(error, ...REFUSED)) throw error;
  }
}

function noteUse(entry: string, manifest: StampedManifest): void {
  const path = manifestPath(entry);
  const found = statSync(path, { throwIfNoEntry: false });
  const nowMs = Date.now();
  if (found === undefined || nowMs - found.mtimeMs < TOUCH_INTERVAL_MS) return;
  try {
    utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch (error) {
    if (!hasErrorCode(error, ...REFUSED)) throw error;
    // Only its owner may set a file's time; a member of its group may replace the file.
    if (hasErrorCode(error, 'EPERM')) rewrite(entry, manifest, found.mode);
  }
}

function rewrite(entry: string, manifest: StampedManifest, mode: number): void {
  try {
    writeFileAtomic(manifestPath(entry), formatManifest(manifest, manifest), { mode: mode & 0o777 });
  } catch (error) {
    if (!hasErrorCode(error, ...REFUSED)) throw error;
  }
}
