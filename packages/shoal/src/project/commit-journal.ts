/**
 * The journal of a change of several files: on disk, with all that is to be written, before the first file is replaced. Any
 * process may go on from any point.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { digestOf, hasErrorCode, writeFileAtomic } from '@shoal/cache';
import { CommitJournalError } from './project-errors.ts';

export interface JournalledFile {
  /** Absolute. */
  readonly path: string;
  /** `undefined`: the file is removed. */
  readonly content: string | undefined;
  /** Digest of what the file held before; `undefined` when there was none. */
  readonly before: string | undefined;
}

const FORMAT = 'shoal-commit-1';
const NAME = '.shoal-commit';
/** The kinds of files that commands change. */
const FILES = /(?:^|[/\\])(?:pyproject\.toml|uv\.lock|[^/\\]+\.(?:py|lock))$/;

export function commitJournalPath(root: string): string {
  return join(root, NAME);
}

/** Write the journal and wait until the disk has it. Paths are relative to it: the project may be mounted elsewhere when it is read. */
export function writeCommitJournal(root: string, files: readonly JournalledFile[]): void {
  const rows = files.map(({ path, content, before }) => ({ path: relative(root, path), content, before }));
  writeFileAtomic(commitJournalPath(root), JSON.stringify({ format: FORMAT, files: rows }), { sync: true });
}

/** @returns `undefined` when there is none. @throws {CommitJournalError} */
export function readCommitJournal(root: string): readonly JournalledFile[] | undefined {
  const path = commitJournalPath(root);
  try {
    return parseJournal(readFileSync(path, 'utf8'), root);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (error instanceof SyntaxError || error instanceof TypeError) throw new CommitJournalError(path);
    throw error;
  }
}

function parseJournal(text: string, root: string): readonly JournalledFile[] {
  const stored = JSON.parse(text) as { readonly format: string; readonly files: readonly JournalledFile[] };
  if (stored.format !== FORMAT) throw new TypeError('unknown format');
  return stored.files.map(({ path, content, before }) => {
    // A project may come from anywhere, journal and all: nothing but its own files is written.
    if (isAbsolute(path) || path.split(/[/\\]/).includes('..') || !FILES.test(path)) throw new TypeError('unsafe path');
    return { path: resolve(root, path), content, before };
  });
}

/** The digest of a file's bytes; `undefined` when there is none. */
export function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
