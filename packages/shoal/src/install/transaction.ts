/**
 * Carrying out a change of an environment so that a kill at any point leaves it finishable: journal first, then one rename or
 * exchange for each operation, then the journal goes. What was in place before lies in the stage or the trash until the end, so
 * a failure in the middle is undone.
 *
 * ## Guarantees
 * - A journal that is found leads to the new state (or, when the file system refuses that, to the old one), from any point.
 * - The `.dist-info` of a distribution that comes or goes is in place only while all of its files are.
 * - Where names can be exchanged, a name that exists before and after is never missing in between, and a distribution that is
 *   replaced is claimed by the old `.dist-info` or the new one at any moment. Between its first exchange and its last the claim
 *   is ahead of the files or behind them: the journal, which is there meanwhile, tells so.
 *
 * The caller holds the environment's exclusive lock.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exchangePaths, hasErrorCode, removeIfPresent } from '@shoal/cache';
import { EnvironmentWriteError } from './install-errors.ts';
import type { InstallListener } from './install-event.ts';
import type { InstallTarget } from './install-target.ts';
import { journalPath, readJournal, writeJournal } from './journal.ts';
import type { Journal, Operation } from './journal.ts';
import { moveName } from './move-name.ts';
import { removeLeftovers, removeStageArea, stageFolder, trashFolder, workFolderOf } from './stage-area.ts';
import type { Anchor } from './stage-area.ts';

/** Do `journal.operations`. @throws {EnvironmentWriteError}; the environment is then as before unless it says otherwise. */
export function commitTransaction(journal: Journal, onEvent?: InstallListener): void {
  try {
    writeJournal(journal);
  } catch (error) {
    throw new EnvironmentWriteError(journalPath(journal.area.work), { cause: error, undone: true });
  }
  onEvent?.({ type: 'step', name: 'journal-written' });
  carryOut(journal, onEvent);
}

export interface RecoveryReport {
  /** `discarded`: it had not begun, its staged files were thrown away. */
  readonly outcome: 'finished' | 'undone' | 'discarded';
}

/**
 * Bring an environment that a killed command left in the middle to the new state or the old one.
 *
 * @returns `undefined` when nothing was left behind.
 * @throws {JournalError} {EnvironmentWriteError}
 */
export function recoverEnvironment(
  target: Pick<InstallTarget, 'root' | 'kind' | 'scheme'>,
  options: { readonly onEvent?: InstallListener | undefined } = {},
): RecoveryReport | undefined {
  const work = workFolderOf(target);
  if (lstatSync(work, { throwIfNoEntry: false }) === undefined) return undefined;
  const journal = readJournal(work);
  options.onEvent?.({ type: 'step', name: journal === undefined ? 'discarding' : 'recovering', detail: work });
  const outcome = journal === undefined ? discard(target) : finish(journal, options.onEvent);
  options.onEvent?.({ type: 'recovered', outcome });
  return { outcome };
}

function discard(target: Pick<InstallTarget, 'root' | 'kind' | 'scheme'>): 'discarded' {
  removeLeftovers(target);
  return 'discarded';
}

function finish(journal: Journal, onEvent: InstallListener | undefined): 'finished' | 'undone' {
  try {
    carryOut(journal, onEvent);
    return 'finished';
  } catch (error) {
    if (error instanceof EnvironmentWriteError && error.undone) return 'undone';
    throw error;
  }
}

function carryOut(journal: Journal, onEvent: InstallListener | undefined): void {
  const { area, operations } = journal;
  for (const [index, operation] of operations.entries()) {
    onEvent?.({ type: 'step', name: 'apply', detail: String(index) });
    const place = placeOf(journal, operation, index);
    try {
      apply(operation, place);
    } catch (error) {
      throw undoAfter(journal, { index, path: place.target, cause: error, onEvent });
    }
  }
  onEvent?.({ type: 'step', name: 'applied' });
  removeIfPresent(journalPath(area.work));
  onEvent?.({ type: 'step', name: 'journal-removed' });
  removeStageArea(area);
  onEvent?.({ type: 'step', name: 'cleaned' });
}

interface Failure {
  readonly index: number;
  readonly path: string;
  readonly cause: unknown;
  readonly onEvent: InstallListener | undefined;
}

/** Undo everything up to `index`, which may itself be half done. @returns the error to throw. */
function undoAfter(journal: Journal, { index, path, cause, onEvent }: Failure): EnvironmentWriteError {
  try {
    for (let step = index; step >= 0; step -= 1) {
      const operation = journal.operations[step];
      if (operation === undefined) continue;
      onEvent?.({ type: 'step', name: 'undo', detail: String(step) });
      undo(operation, placeOf(journal, operation, step));
    }
    onEvent?.({ type: 'step', name: 'undone' });
    removeIfPresent(journalPath(journal.area.work));
    onEvent?.({ type: 'step', name: 'journal-removed' });
    removeStageArea(journal.area);
    onEvent?.({ type: 'step', name: 'cleaned' });
    return new EnvironmentWriteError(path, { cause, undone: true });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return new EnvironmentWriteError(path, { cause, undone: false });
  }
}

interface OperationPlace {
  readonly target: string;
  readonly staged: string;
  readonly trash: string;
}

function placeOf({ area }: Journal, operation: Operation, index: number): OperationPlace {
  const anchor = area.anchors[operation.anchor] as Anchor;
  return {
    target: join(anchor.folder, operation.path),
    staged: join(stageFolder(anchor), operation.path),
    trash: join(trashFolder(anchor), String(index)),
  };
}

function apply(operation: Operation, { target, staged, trash }: OperationPlace): void {
  if (operation.kind === 'remove') {
    // A name in the trash means that it was done; what has the name now came later in the same transaction.
    if (!exists(trash)) moveIfPresent(target, trash);
  } else if (operation.kind === 'place') {
    if (exists(staged)) placeName(staged, target);
  } else if (inodeOf(target) !== operation.inode && !tryExchange(staged, target)) {
    moveIfPresent(target, trash);
    moveName(staged, target);
  }
}

function undo(operation: Operation, { target, staged, trash }: OperationPlace): void {
  if (operation.kind === 'remove') moveIfPresent(trash, target);
  else if (operation.kind === 'place') {
    if (!exists(staged)) moveIfPresent(target, staged);
  } else if (exists(trash)) {
    if (inodeOf(target) === operation.inode) moveName(target, staged);
    moveName(trash, target);
  } else if (inodeOf(target) === operation.inode && exists(staged)) {
    // It was exchanged, or there would be something in the trash; so it can be exchanged again.
    if (!tryExchange(staged, target))
      throw Object.assign(new Error(`could not exchange \`${staged}\` and \`${target}\``), { code: 'ENOSYS' });
  }
}

/** `target`'s folder can be missing: the anchor itself, in a new environment. */
function placeName(staged: string, target: string): void {
  try {
    moveName(staged, target);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    mkdirSync(dirname(target), { recursive: true });
    moveName(staged, target);
  }
}

function tryExchange(staged: string, target: string): boolean {
  if (!exists(target)) return false;
  return exchangePaths(staged, target);
}

function moveIfPresent(from: string, to: string): void {
  try {
    moveName(from, to);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT') || exists(from)) throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function inodeOf(path: string): string | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino.toString();
}
