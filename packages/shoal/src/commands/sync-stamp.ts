/**
 * One file in a project's environment that says to which questions the answer was "nothing to do", and of which files: a later
 * command that asks the same, while neither those files nor the environment have changed, need take no lock and parse nothing.
 *
 * ## Limits
 * - Files are known by place, inode, size and time: an edit that keeps all four is not seen.
 * - Of installed packages, only what `stateOfEnvironment` looks at is seen: a file that is deleted inside a package is not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CacheFullError, digestOf, hasErrorCode, writeFileAtomic } from '@shoal/cache';
import type { Digest } from '@shoal/cache';
import { stateOfEnvironment } from '../environment/environment-state.ts';
import { statIfPresent } from '../host/stat-if-present.ts';

/** What the command had to say, to be said again. */
export interface SyncAnswer {
  /** How many packages the lockfile holds; absent when it was taken as it is. */
  readonly locked: number | undefined;
  /** How many distributions the environment holds by the lockfile. */
  readonly checked: number;
}

interface StoredAnswer extends SyncAnswer {
  readonly question: string;
  readonly inputs: readonly (readonly [path: string, stamp: string])[];
}

interface Stamp {
  readonly format: typeof FORMAT;
  /** Relative to the root of the environment. */
  readonly folders: readonly string[];
  readonly state: string;
  readonly answers: readonly StoredAnswer[];
}

const FORMAT = 'shoal-sync-1';
const MOST_ANSWERS = 12;
/** The clock of a file system goes in ticks, and may be behind that much. */
const CLOCK_TICK_MS = 25;

export function stampPath(root: string): string {
  return join(root, '.shoal-sync');
}

/** @param root Of the environment. @returns `undefined` when it must be looked at properly. */
export function answerFromStamp(root: string, question: Digest): SyncAnswer | undefined {
  const stamp = readStamp(root);
  const answer = stamp?.answers.find((one) => one.question === question);
  if (stamp === undefined || answer === undefined) return undefined;
  if (answer.inputs.some(([path, known]) => stampOf(path) !== known)) return undefined;
  return stateOfEnvironment(root, stamp.folders) === stamp.state ? answer : undefined;
}

export interface RememberedAnswer {
  readonly root: string;
  /** Absolute: site-packages and the folder of scripts. */
  readonly folders: readonly string[];
  readonly question: Digest;
  readonly answer: SyncAnswer;
  /** The files that decided. */
  readonly inputs: InputStamps;
  /** When the command began, in milliseconds since 1970: what was changed after that may have been read before. */
  readonly startedMs: number;
}

/** Files that may be absent, each with what tells that it has changed. */
export type InputStamps = readonly (readonly [path: string, stamp: string])[];

export function stampInputs(paths: Iterable<string>): InputStamps {
  return [...new Set(paths)].map((path) => [path, stampOf(path)] as const);
}

/** Add the answer. The caller holds the environment's lock, and the environment is as the answer says. */
export function rememberAnswer(remembered: RememberedAnswer): void {
  const { root, folders, question, answer, inputs, startedMs } = remembered;
  if (inputs.some(([path]) => changedAtMs(path) > startedMs - CLOCK_TICK_MS)) return;
  const relative = folders.map((folder) => folder.slice(root.length + 1));
  const state = stateOfEnvironment(root, relative);
  if (state === undefined) return;
  const before = readStamp(root);
  const others = before?.state === state ? before.answers.filter((one) => one.question !== question) : [];
  const stamp: Stamp = {
    format: FORMAT,
    folders: relative,
    state,
    answers: [{ question, inputs, ...answer }, ...others].slice(0, MOST_ANSWERS),
  };
  try {
    writeFileAtomic(stampPath(root), JSON.stringify(stamp));
  } catch (error) {
    // It is a convenience: an environment that cannot be written to goes without.
    if (
      !(error instanceof CacheFullError) &&
      !hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT')
    )
      throw error;
  }
}

function readStamp(root: string): Stamp | undefined {
  try {
    const stored = JSON.parse(readFileSync(stampPath(root), 'utf8')) as Stamp;
    return stored.format === FORMAT ? stored : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
}

/** Of a folder its own times are left out: only whether it is there, and which one it is. */ function stampOf(
  path: string,
): string {
  const found = statIfPresent(path);
  if (found === undefined) return '';
  const { ino, size, mtimeMs, ctimeMs } = found;
  return found.isDirectory() ? `${ino} ${mtimeMs}` : `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

function changedAtMs(path: string): number {
  const found = statIfPresent(path);
  return found === undefined ? 0 : Math.max(found.mtimeMs, found.isDirectory() ? 0 : found.ctimeMs);
}

/** The question that a command asks: what was written, in which folder, under which variables. */
export function questionOf(parts: {
  readonly version: string;
  readonly folder: string;
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}): Digest {
  const variables = Object.entries(parts.variables)
    .filter(([name]) => /^(?:UV|SHOAL)_/.test(name) && name !== 'UV_RUN_RECURSION_DEPTH')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digestOf(JSON.stringify([parts.version, parts.folder, parts.words, variables]));
}
