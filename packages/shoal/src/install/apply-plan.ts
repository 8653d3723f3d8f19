/**
 * Changing an environment: lay out, look for collisions, stage, then one journaled transaction. Until the journal is written
 * nothing that Python sees has changed; afterwards the change is carried to its end by this process or the next.
 *
 * The caller holds the environment's exclusive lock and the pins of all trees.
 */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import { computeChangeSet } from './change-set.ts';
import { CollisionError, DamagedTreeError, describeCollision, EnvironmentWriteError } from './install-errors.ts';
import type { Collision, InstallListener } from './install-event.ts';
import { findOwners } from './installed-owners.ts';
import type { Addition, InstallTarget, LinkableTree, Removal } from './install-target.ts';
import { createLinkModes } from './link-mode.ts';
import type { LinkMode } from './link-mode.ts';
import { collectRemovedPaths } from './removed-paths.ts';
import type { RemovedPaths } from './removed-paths.ts';
import { createStageArea, removeLeftovers, removeStageArea, resolveScheme, unstagedPath } from './stage-area.ts';
import type { StageArea } from './stage-area.ts';
import { stageWheels, writeStagedFile } from './stage-wheels.ts';
import type { LinkWorkers } from './stage-wheels.ts';
import { commitTransaction, recoverEnvironment } from './transaction.ts';
import { settleCollisions } from './wheel-collisions.ts';
import { layOutWheel } from './wheel-layout.ts';
import type { WheelLayout } from './wheel-layout.ts';

export interface ApplyInput {
  readonly environment: InstallTarget;
  readonly remove: readonly Removal[];
  readonly add: readonly Addition[];
  /** Everything that is installed, to name the owner of a file that would be overwritten. */
  readonly installed: readonly Removal[];
  /** `undefined`: the default of the platform. */
  readonly linkMode?: LinkMode | undefined;
  /** Content of INSTALLER; `undefined` writes none of INSTALLER, REQUESTED, direct_url.json. */
  readonly installer: string | undefined;
  /** What to do about two distributions with different content for one path. Default: report it and let the last one have it. */
  readonly onCollision?: 'report' | 'refuse' | undefined;
  /** A removal without the list of its files: warn and go on (default), or refuse. */
  readonly missingRecord?: 'warn' | 'refuse' | undefined;
  /** Started by the caller as early as possible, and closed by it. Without: one thread links. */
  readonly workers?: LinkWorkers | undefined;
  /** How many of them to ask. */
  readonly workerCount?: number | undefined;
  /** A cached tree is damaged: `discard` it and give a whole one. Called at most three times for one wheel, unless files vanish again and again. */
  readonly repair?: ((addition: Addition, reason: string) => Promise<LinkableTree>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: InstallListener | undefined;
}

export interface ApplyReport {
  readonly collisions: readonly Collision[];
  /** Absolute `.dist-info` folders of what was added, in the order of `add`. */
  readonly distInfos: readonly string[];
}

/**
 * Remove and add distributions in one transaction. A replaced distribution is in both lists.
 *
 * @throws {InvalidWheelError} {ReservedScriptNameError} {CollisionError} {OccupiedPathError} {UninstallError}
 *   {DamagedTreeError} {EnvironmentWriteError} {JournalError}; the signal's reason. Nothing has changed then, unless an
 *   EnvironmentWriteError says otherwise.
 */
export async function applyPlan(input: ApplyInput): Promise<ApplyReport> {
  recoverEnvironment(input.environment, { onEvent: input.onEvent });
  if (input.add.length === 0 && input.remove.length === 0) return { collisions: [], distInfos: [] };
  const environment = resolved(input.environment);
  const removed = collectRemovedPaths(input.remove, {
    scheme: environment.scheme,
    missingRecord: input.missingRecord ?? 'warn',
    onEvent: input.onEvent,
  });
  const layouts = await layOut(input, environment);
  const collisions = settleCollisions(layouts);
  report(collisions, input);
  const area = openArea(environment);
  try {
    return await stageAndCommit({ ...input, environment }, { removed, layouts, collisions, area });
  } catch (error) {
    // A journal that is left is the next command's; without one, what is staged is of no use.
    if (!(error instanceof EnvironmentWriteError && !error.undone)) removeStageArea(area);
    return throwAsWriteFailure(error, environment.root, area);
  }
}

interface Preparation {
  readonly removed: RemovedPaths;
  readonly layouts: readonly WheelLayout[];
  readonly collisions: readonly Collision[];
  readonly area: StageArea;
}

async function stageAndCommit(
  input: ApplyInput,
  { removed, layouts, collisions, area }: Preparation,
): Promise<ApplyReport> {
  const { environment, onEvent } = input;
  onEvent?.({ type: 'step', name: 'stage', detail: area.work });
  const modes = createLinkModes({ requested: input.linkMode, platform: process.platform, onEvent });
  await stageWheels(layouts, {
    area,
    modes,
    workers: input.workers,
    workerCount: input.workerCount ?? 1,
    repair: input.repair,
    onEvent,
  });
  for (const [path, content] of removed.rewritten)
    writeStagedFile({ path, content, executable: false, durable: false }, area);
  onEvent?.({ type: 'step', name: 'staged' });
  const distInfos = layouts.map(({ distInfo }) => distInfo);
  const changes = computeChangeSet({
    area,
    scheme: environment.scheme,
    removed,
    arriving: new Set(distInfos),
    arrivingNames: new Set(input.add.map(({ name }) => name)),
    foldsCase: foldsCase(area),
  });
  const overwritten = findOwners(changes.overwritten, { input, layouts });
  report(overwritten, input);
  input.signal?.throwIfAborted();
  commitTransaction({ area, operations: changes.operations }, onEvent);
  return { collisions: [...collisions, ...overwritten], distInfos };
}

/** The scripts of a wheel are read here, so a damaged tree can show already. */
async function layOut(input: ApplyInput, target: InstallTarget): Promise<readonly WheelLayout[]> {
  const layouts: WheelLayout[] = [];
  for (const addition of input.add) {
    const options = { target, installer: input.installer, onEvent: input.onEvent };
    try {
      layouts.push(layOutWheel(addition, options));
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT', 'ESTALE', 'EIO', 'DAMAGED_TREE')) throw error;
      const reason = error instanceof Error ? error.message : '';
      if (input.repair === undefined) throw new DamagedTreeError(addition.wheel.filename, addition.tree.folder, reason);
      input.onEvent?.({ type: 'healed', distribution: addition.name, reason });
      layouts.push(layOutWheel({ ...addition, tree: await input.repair(addition, reason) }, options));
    }
  }
  return layouts;
}

/** @throws `error`, told as a failure to write to the environment when the system refused something. */
function throwAsWriteFailure(error: unknown, fallback: string, area?: StageArea): never {
  if (error instanceof OperationalError || !(error instanceof Error) || !('code' in error) || !('syscall' in error))
    throw error;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : fallback;
  throw new EnvironmentWriteError(area === undefined ? path : unstagedPath(area, path), { cause: error, undone: true });
}

function openArea(environment: InstallTarget): StageArea {
  try {
    return createStageArea(environment);
  } catch (error) {
    removeLeftovers(environment);
    return throwAsWriteFailure(error, environment.root);
  }
}

function resolved(environment: InstallTarget): InstallTarget {
  try {
    return { ...environment, scheme: resolveScheme(environment.scheme) };
  } catch (error) {
    return throwAsWriteFailure(error, environment.root);
  }
}

function report(collisions: readonly Collision[], { onCollision = 'report', onEvent }: ApplyInput): void {
  if (collisions.length > 0 && onCollision === 'refuse') throw new CollisionError(collisions);
  for (const collision of collisions)
    onEvent?.({ type: 'collision', collision, message: describeCollision(collision) });
}

/** Does the environment's file system take names that differ only in case for one? Its own folder answers. */
function foldsCase(area: StageArea): boolean {
  return lstatSync(join(dirname(area.work), '.SHOAL'), { throwIfNoEntry: false }) !== undefined;
}
