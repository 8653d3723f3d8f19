/**
 * The private folders of one transaction. Staged files lie in a mirror of the environment on the same file system, so that
 * each of them, or a whole folder of them, gets its place by one rename.
 */
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { InstallScheme, InstallTarget } from './install-target.ts';
import { removeFolder } from './remove-folder.ts';

/** One part of the environment that is on one file system, and its mirror. */
export interface Anchor {
  /** Absolute folder in the environment; may not exist yet. */
  readonly folder: string;
  /** Private folder on the same file system: holds `stage` and `trash`. */
  readonly area: string;
}

export interface StageArea {
  /** Holds the journal, and the first anchor's area. */
  readonly work: string;
  readonly anchors: readonly Anchor[];
}

export function stageFolder(anchor: Anchor): string {
  return `${anchor.area}/stage`;
}

export function trashFolder(anchor: Anchor): string {
  return `${anchor.area}/trash`;
}

/** The scheme with symbolic links resolved, so that `lib` and `lib64` are known to be one folder. */
export function resolveScheme(scheme: InstallScheme): InstallScheme {
  return {
    purelib: realPathOf(scheme.purelib),
    platlib: realPathOf(scheme.platlib),
    scripts: realPathOf(scheme.scripts),
    data: realPathOf(scheme.data),
    headers: realPathOf(scheme.headers),
  };
}

/** Where a transaction of `target` keeps its journal, staged files and trash: found again by any later command, whatever links it comes by. */
export function workFolderOf(target: Pick<InstallTarget, 'root' | 'kind' | 'scheme'>): string {
  return join(realPathOf(target.kind === 'system' ? target.scheme.purelib : target.root), '.shoal');
}

/** `path` with symbolic links resolved as far as it exists. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT') || dirname(path) === path) throw error;
    return join(realPathOf(dirname(path)), basename(path));
  }
}

/** Make the folders for a transaction on `target`, whose scheme is resolved. @throws the system's error when it may not be written to. */
export function createStageArea(target: InstallTarget): StageArea {
  const work = workFolderOf(target);
  makeFolder(work);
  const workDevice = statSync(work).dev;
  const found: { readonly folder: string; readonly device: number; readonly area: string }[] = [];
  const folders = [...new Set(Object.values(target.scheme) as string[])].sort((a, b) => a.length - b.length);
  for (const folder of folders) {
    const existing = nearestExisting(folder);
    const device = statSync(existing).dev;
    if (found.some((anchor) => anchor.device === device && isInside(folder, anchor.folder))) continue;
    const area =
      device === workDevice ? join(work, String(found.length)) : join(existing, '.shoal', String(found.length));
    found.push({ folder, device, area });
  }
  for (const { area } of found) {
    mkdirSync(join(area, 'stage'), { recursive: true });
    mkdirSync(join(area, 'trash'), { recursive: true });
  }
  return { work, anchors: found.map(({ folder, area }) => ({ folder, area })) };
}

/** As `mkdir -p`, but with the system's own reason: Node tells ENOENT of a read-only file system when it makes several folders at once. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return;
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}

function nearestExisting(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? nearestExisting(dirname(path)) : path;
}

/** Is `path` the folder `folder` or below it? Both absolute and normalized. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The anchor of an absolute path in the environment: the deepest one above it. */
function anchorOf(area: StageArea, path: string): Anchor | undefined {
  return area.anchors
    .filter(({ folder }) => isInside(path, folder))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Where the staged file for `path` is. @throws TypeError when `path` is in no part of the environment. */
export function stagedPath(area: StageArea, path: string): string {
  const anchor = anchorOf(area, path);
  if (anchor === undefined) throw new TypeError(`Not in the environment: ${path}`);
  return `${stageFolder(anchor)}${path.slice(anchor.folder.length)}`;
}

/** Where in the environment a path of the stage will be; any other path as it is. For messages. */
export function unstagedPath(area: StageArea, path: string): string {
  const anchor = area.anchors.find((one) => isInside(path, stageFolder(one)));
  return anchor === undefined ? path : `${anchor.folder}${path.slice(stageFolder(anchor).length)}`;
}

/** Remove all private folders. */
export function removeStageArea(area: StageArea): void {
  for (const { area: folder } of area.anchors) {
    if (!isInside(folder, area.work)) removeFolder(dirname(folder));
  }
  removeFolder(area.work);
}

/** Remove what a transaction that was killed before its journal, or after it, has left in the environment. */
export function removeLeftovers(target: Pick<InstallTarget, 'root' | 'kind' | 'scheme'>): void {
  for (const folder of Object.values(target.scheme) as string[]) removeFolder(join(nearestExisting(folder), '.shoal'));
  removeFolder(workFolderOf(target));
}
