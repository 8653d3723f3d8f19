/**
 * Making virtual environments (PEP 405).
 *
 * ## Guarantees
 * - A new environment is built in a private folder beside its place and gets its name in one step: other processes see the
 *   whole environment or none. One that is replaced is exchanged with its successor in one step where the system can do that.
 * - Of N processes that make one environment at once, one makes it. With `fail` the others are told that it exists, with
 *   `allow` and `reuse` they find it ready, with `clear` each replaces the one before, under the environment's lock.
 *
 * ## Limits
 * - A folder that cannot be renamed (a mount point, a folder without write access to its parent, the working folder itself) is
 *   written into, under its lock, `pyvenv.cfg` last: until then nobody takes it for an environment.
 * - On Windows a replaced environment is gone for a moment, as folders cannot be exchanged there.
 */
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, isAbsolute } from 'node:path';
import { acquireFileLock, hasErrorCode, tryFileLock } from '@shoal/cache';
import type { FileLockOptions, LockHandle } from '@shoal/cache';
import { ClearRefusedError, EnvironmentExistsError, EnvironmentPlaceError } from './create-errors.ts';
import { planEnvironment } from './environment-plan.ts';
import type { EnvironmentPlan, EnvironmentSettings } from './environment-plan.ts';
import { isVirtualEnvironment } from './environment-paths.ts';
import { openEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { privateFolderBeside, publishFolder, removeLeftovers, replaceFolder } from './publish-folder.ts';
import type { PythonHost } from './python-host.ts';
import { writeFreshEnvironment, writeOverEnvironment } from './write-environment.ts';

/**
 * What to do when something is there. An empty folder never is in the way.
 *
 * - `fail`: say so.
 * - `clear`: replace an environment; refuse to delete any other folder.
 * - `clear-anything`: replace whatever folder it is.
 * - `allow`: write into it; other files stay.
 * - `reuse`: take an environment as it is, whoever made it; any other folder is in the way.
 */
export type ExistingPolicy = 'fail' | 'clear' | 'clear-anything' | 'allow' | 'reuse';

export interface CreateEnvironmentOptions extends EnvironmentSettings {
  /** Absolute. Folders above it are made when missing. */
  readonly root: string;
  /** The root as errors show it; the root itself by default. */
  readonly shown?: string | undefined;
  readonly onExisting: ExistingPolicy;
  /** How the environment's lock is taken when it exists already. */
  readonly lock: Omit<FileLockOptions, 'mode' | 'resource'>;
}

/**
 * Make a virtual environment, and ask its interpreter about itself, which proves that it works.
 *
 * @throws {EnvironmentExistsError} {ClearRefusedError} {EnvironmentPlaceError} when something is in the way.
 * @throws {InterpreterError} when the new environment's interpreter does not start.
 */
export async function createEnvironment(options: CreateEnvironmentOptions, host: PythonHost): Promise<Environment> {
  const place = placeOf(options.root, host);
  const before = stateOf(place.root);
  if (before !== 'absent' && before !== 'empty') refuseOrGoOn(before, options);
  const shouldKeep = before === 'environment' && options.onExisting === 'reuse';
  if (!shouldKeep) await make({ ...options, ...place }, before);
  return await openEnvironment(options.root, host);
}

interface Making extends CreateEnvironmentOptions {
  /** Whether the folder must stay the one it is. */
  readonly isPinned: boolean;
}

async function make(making: Making, before: State): Promise<void> {
  const plan = planEnvironment(making.root, making);
  if (making.isPinned || (before !== 'absent' && before !== 'empty' && making.onExisting === 'allow'))
    return await writeInPlace(making, plan);
  const temporary = privateFolderBeside(making.root);
  let lock: LockHandle | undefined;
  try {
    lock = makePrivateFolder(temporary, making.lock.command);
    writeFreshEnvironment(temporary, plan);
    await publish(temporary, making, plan);
  } catch (error) {
    // A parent that cannot be written to, or a folder that is a mount point: only what is inside can change.
    if (!hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV') || before === 'absent')
      throw placeError(making, error);
    await writeInPlace(making, plan);
  } finally {
    lock?.release();
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What is in the way and gone at each look is not waited for for ever. */
const PUBLISH_ATTEMPTS = 100;

/** Whoever lost the race for a free place meets the winner's environment and goes by the policy. */
async function publish(temporary: string, making: Making, plan: EnvironmentPlan): Promise<void> {
  const { root, onExisting } = making;
  for (let attempt = 1; !publishFolder(temporary, root); attempt += 1) {
    if (attempt > PUBLISH_ATTEMPTS) throw new EnvironmentPlaceError(`\`${root}\` is made and removed all the time`);
    const state = stateOf(root);
    if (state === 'absent' || state === 'empty') continue;
    refuseOrGoOn(state, making);
    if (onExisting === 'reuse') return;
    if (onExisting === 'allow') return await writeInPlace(making, plan);
    using lock = await lockPlace(making);
    if (lock === undefined) continue;
    refuseOrGoOn(stateOf(root), making);
    replaceFolder(temporary, root);
    return;
  }
}

async function writeInPlace(making: Making, plan: EnvironmentPlan): Promise<void> {
  const { root, onExisting } = making;
  mkdirSync(root, { recursive: true });
  using lock = await lockPlace(making);
  if (lock === undefined) return await writeInPlace(making, plan);
  const state = stateOf(root);
  if (state !== 'absent' && state !== 'empty') {
    refuseOrGoOn(state, making);
    if (onExisting === 'reuse') return;
    if (onExisting !== 'allow') emptyFolder(root);
  }
  writeOverEnvironment(root, plan);
}

/** @returns `undefined` when the folder is gone: somebody replaced or removed it while we waited. */
async function lockPlace({ root, shown, lock }: Making): Promise<LockHandle | undefined> {
  try {
    return await acquireFileLock(join(root, '.lock'), {
      ...lock,
      mode: 'exclusive',
      resource: `the environment at \`${shown ?? root}\``,
    });
  } catch (error) {
    if (error instanceof Error && hasErrorCode(error.cause, 'ENOENT')) return undefined;
    throw error;
  }
}

function emptyFolder(root: string): void {
  // Last, so that what is left after a crash still is an environment, which `--clear` may clear.
  const last = new Set(['pyvenv.cfg', '.lock']);
  for (const name of readdirSync(root)) {
    if (!last.has(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
  rmSync(join(root, 'pyvenv.cfg'), { force: true });
}

type State = 'absent' | 'empty' | 'environment' | 'folder' | 'file';

function stateOf(root: string): State {
  const found = statSync(root, { throwIfNoEntry: false });
  if (found === undefined) return 'absent';
  if (!found.isDirectory()) return 'file';
  if (isVirtualEnvironment(root)) return 'environment';
  // Locks of those who are about to make an environment here are no content.
  return readdirSync(root).every((name) => name === '.lock' || name === '.lock.gate') ? 'empty' : 'folder';
}

function refuseOrGoOn(state: State, { onExisting, root, shown = root }: CreateEnvironmentOptions): void {
  if (state === 'absent' || state === 'empty') return;
  if (state === 'file') throw new EnvironmentPlaceError(`File exists at \`${shown}\``);
  const isEnvironment = state === 'environment';
  if (onExisting === 'fail' || (onExisting === 'reuse' && !isEnvironment)) {
    throw new EnvironmentExistsError(isEnvironment ? 'virtual environment' : 'directory', shown);
  }
  if (onExisting === 'clear' && !isEnvironment) throw new ClearRefusedError(shown);
}

/** Links are followed, and stay. A folder that this or the calling process works in must not become another one. */
function placeOf(root: string, host: PythonHost): { readonly root: string; readonly isPinned: boolean } {
  try {
    const real = realpathSync(root);
    const below = relative(real, realpathSync(host.workingFolder));
    return { root: real, isPinned: below === '' || (!below.startsWith('..') && !isAbsolute(below)) };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { root: refuseDeadLink(root), isPinned: false };
    if (hasErrorCode(error, 'ENOTDIR', 'ELOOP', 'EACCES'))
      throw new EnvironmentPlaceError(`\`${root}\` cannot be reached`, error);
    throw error;
  }
}

/** No folder can get the name of a link, nor be made where the link leads. */
function refuseDeadLink(root: string): string {
  if (lstatSync(root, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new EnvironmentPlaceError(`\`${root}\` is a link that leads to nothing`);
  return root;
}

/** Locked while it is being filled, so that others can tell it from what a killed process left behind. */
function makePrivateFolder(path: string, command: string): LockHandle | undefined {
  mkdirSync(dirname(path), { recursive: true });
  removeLeftovers(dirname(path));
  mkdirSync(path);
  const lock = tryFileLock(join(path, '.lock'), 'exclusive', { command });
  return typeof lock === 'string' ? undefined : lock;
}

function placeError({ root, shown = root }: Making, error: unknown): unknown {
  if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS'))
    return new EnvironmentPlaceError(`permission denied at \`${shown}\``, error);
  if (hasErrorCode(error, 'ENOSPC', 'EDQUOT'))
    return new EnvironmentPlaceError(`no space is left at \`${shown}\``, error);
  return hasErrorCode(error, 'ENOTDIR')
    ? new EnvironmentPlaceError(`a folder above \`${shown}\` is a file`, error)
    : error;
}
