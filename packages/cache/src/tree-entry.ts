/** One published tree on disk: a folder with the file `manifest` and the folder `tree`. */
import { lstatSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { currentBootId } from './boot-id.ts';
import { hasErrorCode } from './errors.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import type { StampedManifest, TreeManifest } from './manifest.ts';
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
    if (wrong !== undefined) return { state: 'damaged', reason: wrong.reason };
    if (Date.now() - manifest.publishedMs > SETTLE_AFTER_MS) restamp(entry, manifest);
  }
  noteUse(entry, manifest);
  return found;
}

export interface WrongFile {
  readonly path: string;
  readonly isMissing: boolean;
  readonly reason: string;
}

/** The first file that is not there with its size; `undefined` when all are. */
export function findWrongFile(tree: string, manifest: TreeManifest): WrongFile | undefined {
  for (const { path, sizeBytes } of manifest.files) {
    const found = lstatSync(join(tree, path), { throwIfNoEntry: false });
    if (found === undefined) return { path, isMissing: true, reason: `\`${path}\` is missing` };
    if (found.size === sizeBytes) continue;
    return { path, isMissing: false, reason: `\`${path}\` has ${found.size} bytes instead of ${sizeBytes}` };
  }
  return undefined;
}

/** Write the manifest again, unless this user may only read. */
function restamp(entry: string, manifest: StampedManifest): void {
  const { publication, publishedMs } = manifest;
  try {
    const mode = statSync(manifestPath(entry)).mode & 0o777;
    writeFileAtomic(manifestPath(entry), formatManifest(manifest, { publication, publishedMs, boot: SETTLED }), {
      mode,
    });
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
