/**
 * How files get from a cached tree into an environment: clone, hard link, copy or symlink, in the order of what costs least.
 *
 * What works is tried once for each pair of (source, target) devices, with a real file, because only a try tells: hard links
 * fail between two bind mounts of one file system where a clone succeeds, and some mounts accept neither.
 */
import { copyFileSync, linkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cloneFile, hasErrorCode } from '@shoal/cache';
import type { InstallListener } from './install-event.ts';

export type LinkMode = 'clone' | 'hardlink' | 'copy' | 'symlink';

export interface LinkModeOptions {
  /** `undefined`: the default of the platform. */
  readonly requested?: LinkMode | undefined;
  /** `process.platform`. */
  readonly platform: string;
  readonly onEvent?: InstallListener | undefined;
}

export interface LinkModes {
  /** The mode that works from the device of `sourceFile` to the device of the folder `targetFolder`. */
  modeFor(sourceFile: string, targetFolder: string): LinkMode;
}

/** Remembers one decision per pair of devices, and warns at most once in its life. */
export function createLinkModes(options: LinkModeOptions): LinkModes {
  const decided = new Map<string, LinkMode>();
  let warned = options.requested === 'copy';
  const warnOnce = (failed: LinkMode): void => {
    if (!warned) options.onEvent?.({ type: 'warning', message: copyWarning(failed) });
    warned = true;
  };
  return {
    modeFor(sourceFile, targetFolder) {
      const source = statSync(sourceFile, { throwIfNoEntry: false });
      // The cached tree is damaged. Linking finds that out as well, and knows what to do.
      if (source === undefined) return 'copy';
      const pair = `${source.dev}:${statSync(targetFolder).dev}`;
      const known = decided.get(pair);
      if (known !== undefined) return known;
      const mode = firstWorkingMode({ ...options, sourceFile, targetFolder }, warnOnce);
      if (mode === undefined) return 'copy';
      decided.set(pair, mode);
      return mode;
    },
  };
}

/** @returns `undefined` when the file to try with has vanished: nothing is decided then. */
function firstWorkingMode(
  options: LinkModeOptions & { readonly sourceFile: string; readonly targetFolder: string },
  warn: (failed: LinkMode) => void,
): LinkMode | undefined {
  const order = modesToTry(options.requested, options.platform);
  const probe = join(options.targetFolder, 'link-probe');
  for (const [position, mode] of order.entries()) {
    const next = order[position + 1];
    if (next === undefined) return mode;
    const reason = tryMode(mode, options.sourceFile, probe);
    rmSync(probe, { force: true });
    if (reason === undefined) return mode;
    if (reason === 'ENOENT') return undefined;
    options.onEvent?.({ type: 'link-fallback', from: mode, to: next, reason });
    if (next === 'copy') warn(mode);
  }
  return 'copy';
}

function modesToTry(requested: LinkMode | undefined, platform: string): readonly LinkMode[] {
  const first = requested ?? (platform === 'win32' ? 'hardlink' : 'clone');
  if (first === 'clone') return ['clone', 'hardlink', 'copy'];
  return first === 'copy' ? ['copy'] : [first, 'copy'];
}

/** @returns why the mode does not work between these places, or `undefined` when it does. */
function tryMode(mode: LinkMode, source: string, target: string): string | undefined {
  try {
    if (mode === 'hardlink') linkSync(source, target);
    else if (mode !== 'clone') placeFile(mode, source, target);
    else {
      const outcome = cloneFile(source, target);
      return outcome === 'cloned' ? undefined : outcome;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'ENOENT' && statSync(source, { throwIfNoEntry: false }) === undefined) return error.code;
    if (error.code === 'ENOENT' || error.code === 'ENOSPC') throw error;
    // This one file has all the links it can have; the next one may have none.
    if (error.code === 'EMLINK') return undefined;
    return String(error.code);
  }
}

/**
 * Give `target` (which must not exist) the content of `source`. A source that has as many hard links as its file system allows
 * (EMLINK) is copied: the environment then owns that one file alone. So is one that cannot be linked although its neighbours
 * can: files of one device may belong to several users (EPERM) and be reached through several mounts (EXDEV).
 */
export function placeFile(mode: LinkMode, source: string, target: string): void {
  if (mode === 'hardlink') linkOrCopy(source, target);
  else if (mode === 'clone') cloneOrThrow(source, target);
  else if (mode === 'symlink') symlinkSync(source, target);
  else copyFileSync(source, target);
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if (!hasErrorCode(error, 'EMLINK', 'EXDEV', 'EPERM')) throw error;
    copyFileSync(source, target);
  }
}

function cloneOrThrow(source: string, target: string): void {
  const outcome = cloneFile(source, target);
  if (outcome === 'cloned') return;
  if (outcome === 'EXDEV' || outcome === 'EPERM') return linkOrCopy(source, target);
  throw Object.assign(new Error(`${outcome}: clone '${source}' -> '${target}'`), {
    code: outcome,
    path: source,
    dest: target,
  });
}

function copyWarning(failed: LinkMode): string {
  return [
    `Failed to ${failed} files; falling back to full copy. This may lead to degraded performance.`,
    `         If the cache and target directories are on different filesystems, ${failed}ing may not be supported.`,
    '         If this is intentional, set `export SHOAL_LINK_MODE=copy` or use `--link-mode=copy` to suppress this warning.',
  ].join('\n');
}
