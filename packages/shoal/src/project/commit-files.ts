/**
 * Several files of a project get their new content together: `pyproject.toml` and the lockfile.
 *
 * ## Guarantees
 * - Whoever opens one of the files finds its old content or its new one.
 * - A kill at any point leaves all files old, or a journal with which the next command makes all of them new.
 * - A write that fails puts back what had been replaced.
 * - What another program has written in between is not overwritten.
 *
 * The caller holds the project's lock.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, hasErrorCode, removeIfPresent, writeFileAtomic } from '@shoal/cache';
import { commitJournalPath, digestOfFile, readCommitJournal, writeCommitJournal } from './commit-journal.ts';
import type { JournalledFile } from './commit-journal.ts';
import { ProjectChangedError, ProjectWriteError } from './project-errors.ts';
import type { ProjectListener } from './project-event.ts';

export interface FileChange {
  /** Absolute. Its folder exists. */
  readonly path: string;
  /** `undefined`: the file is removed. */
  readonly content: string | undefined;
  /** What the file held when it was read, `undefined` when there was none. Left out: whatever it holds is replaced. */
  readonly expected?: string | undefined;
}

interface CommitOptions {
  readonly onEvent?: ProjectListener | undefined;
}

/** One file, with all that is needed to change it and to put it back. */
interface Replacement extends JournalledFile {
  readonly mode: number | undefined;
  readonly old: Buffer | undefined;
}

/**
 * Write all of `changes`, or none of them. Files that hold what they should already are not touched.
 *
 * @param root The folder where the journal lies meanwhile.
 * @returns whether anything was written.
 * @throws {ProjectChangedError} {ProjectWriteError}
 */
export function commitFiles(root: string, changes: readonly FileChange[], options: CommitOptions = {}): boolean {
  const files = changes.map(prepare).filter(({ content, old }) => old?.toString('utf8') !== content);
  const first = files[0];
  if (first === undefined) return false;
  options.onEvent?.({ type: 'step', name: 'commit-checked', detail: root });
  if (files.length > 1) {
    writeJournal(root, files);
    options.onEvent?.({ type: 'step', name: 'commit-written', detail: root });
  }
  replaceAll(root, files, options);
  return true;
}

/**
 * Finish what a killed command left in the middle; files that somebody has edited since stay as they are, and with them all
 * that is not yet written.
 *
 * @returns `undefined` when nothing was left behind.
 * @throws {CommitJournalError} {ProjectWriteError}
 */
export function recoverFiles(root: string, options: CommitOptions = {}): 'finished' | 'discarded' | undefined {
  removeTemporaryFiles(root);
  const files = readCommitJournal(root);
  if (files === undefined) return undefined;
  options.onEvent?.({ type: 'step', name: 'commit-recovering', detail: root });
  const outcome = files.every(isUntouched) ? 'finished' : 'discarded';
  for (const file of outcome === 'finished' ? files : []) writeAgain(file, options);
  removeIfPresent(commitJournalPath(root));
  options.onEvent?.({ type: 'step', name: 'commit-removed', detail: root });
  options.onEvent?.({ type: 'recovered', outcome });
  return outcome;
}

/** Whether a killed command left something to be finished. For readers: they then take the lock and recover. */
export function needsRecovery(root: string): boolean {
  return existsSync(commitJournalPath(root));
}

function prepare(change: FileChange): Replacement {
  const { path, content } = change;
  const { old, mode } = readForChange(path);
  if ('expected' in change && old?.toString('utf8') !== change.expected) throw new ProjectChangedError(path);
  return { path, content, before: old === undefined ? undefined : digestOf(old), old, mode };
}

/** A link stays a link: what it points to is changed. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return path;
    throw error;
  }
}

/** Opened for writing, so that a file that its owner has protected stays so. */
function readForChange(path: string): Pick<Replacement, 'old' | 'mode'> {
  try {
    const descriptor = openSync(path, 'r+');
    try {
      return { old: readFileSync(descriptor), mode: fstatSync(descriptor).mode & 0o7777 };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { old: undefined, mode: undefined };
    if (error instanceof Error && 'syscall' in error) throw new ProjectWriteError(path, { cause: error, undone: true });
    throw error;
  }
}

function writeJournal(root: string, files: readonly Replacement[]): void {
  try {
    writeCommitJournal(root, files);
  } catch (error) {
    throw new ProjectWriteError(commitJournalPath(root), { cause: error, undone: true });
  }
}

function replaceAll(root: string, files: readonly Replacement[], { onEvent }: CommitOptions): void {
  const replaced: Replacement[] = [];
  for (const file of files) {
    try {
      write(file, file.content);
    } catch (error) {
      const undone = undo(root, replaced);
      onEvent?.({ type: 'step', name: 'commit-undone', detail: root });
      throw new ProjectWriteError(file.path, { cause: error, undone });
    }
    replaced.push(file);
    onEvent?.({ type: 'step', name: 'file-replaced', detail: file.path });
  }
  if (files.length === 1) return;
  removeIfPresent(commitJournalPath(root));
  onEvent?.({ type: 'step', name: 'commit-removed', detail: root });
}

/** @returns false when a file could not be put back: then the journal stays, and the next command goes forward. */
function undo(root: string, replaced: readonly Replacement[]): boolean {
  try {
    for (const file of replaced.toReversed()) write(file, file.old);
    removeIfPresent(commitJournalPath(root));
    return true;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}

function write({ path, mode }: Pick<Replacement, 'path' | 'mode'>, content: string | Buffer | undefined): void {
  if (content === undefined) removeIfPresent(path);
  else writeFileAtomic(realPath(path), content, { mode, sync: true });
}

/** It holds what it held before the killed command, or what that command wrote. */
function isUntouched({ path, content, before }: JournalledFile): boolean {
  const found = digestOfFile(path);
  return found === before || found === (content === undefined ? undefined : digestOf(content));
}

function writeAgain(file: JournalledFile, { onEvent }: CommitOptions): void {
  try {
    write({ path: file.path, mode: readForChange(file.path).mode }, file.content);
  } catch (error) {
    if (error instanceof ProjectWriteError) throw error;
    throw new ProjectWriteError(file.path, { cause: error, undone: false });
  }
  onEvent?.({ type: 'step', name: 'file-replaced', detail: file.path });
}

const TEMPORARY = /^\.(?:pyproject\.toml|uv\.lock|\.shoal-commit)\.[0-9a-f]{32}\.tmp$/;

/** What killed writers left. */
function removeTemporaryFiles(root: string): void {
  for (const name of readdirSync(root)) if (TEMPORARY.test(name)) removeIfPresent(join(root, name));
}
