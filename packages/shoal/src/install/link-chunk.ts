/**
 * The unit of linking work, and its execution: plain data and synchronous calls, so that the main thread and workers can share
 * one list of chunks. A chunk makes the folders that it needs; several chunks may make the same one.
 */
import { lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { placeFile } from './link-mode.ts';
import type { LinkMode } from './link-mode.ts';

export interface LinkChunk {
  /** Index of the wheel in the plan. */
  readonly wheel: number;
  readonly mode: LinkMode;
  /** Absolute folder of the cached tree. */
  readonly from: string;
  /** Absolute staging folder that `paths` are put below; exists. */
  readonly to: string;
  /** Relative paths, `/`-separated within, NUL between them: one string crosses to a worker faster than an array. */
  readonly paths: string;
  /** Length of each file in bytes, checked before it is linked. */
  readonly sizes: Float64Array;
  /** Modification time of each file in milliseconds since 1970; NaN where it is not known. */
  readonly times: Float64Array;
}

/**
 * Why a chunk ended early. `damaged`: a file of the cached tree is missing or has another length. `touched`: somebody may have
 * written to it, perhaps through a hard link in another environment. `refused`: the environment's file system said no.
 */
export interface ChunkFailure {
  readonly chunk: number;
  readonly kind: 'damaged' | 'touched' | 'refused';
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The list that threads draw from. `next` holds one number: the first chunk that nobody has taken. */
export interface LinkQueue {
  readonly chunks: readonly LinkChunk[];
  readonly next: SharedArrayBuffer;
}

/** Take chunks until none is left. @returns what failed; the other chunks are done. */
export function drainLinkQueue(queue: LinkQueue): readonly ChunkFailure[] {
  const next = new Int32Array(queue.next);
  const failures: ChunkFailure[] = [];
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    const chunk = queue.chunks[index];
    if (chunk === undefined) return failures;
    const failure = linkChunk(chunk);
    if (failure !== undefined) failures.push({ chunk: index, ...failure });
  }
}

type Failure = Omit<ChunkFailure, 'chunk'>;

function linkChunk(chunk: LinkChunk): Failure | undefined {
  const made = new Set<string>(['']);
  let folder = '';
  let position = 0;
  for (const path of chunk.paths.split('\0')) {
    const slash = path.lastIndexOf('/');
    const source = `${chunk.from}/${path}`;
    const target = `${chunk.to}/${path}`;
    try {
      if (slash > 0 && !(slash === folder.length && path.startsWith(folder))) {
        folder = path.slice(0, slash);
        makeFolder(chunk.to, folder, made);
      }
      const found = statSync(source);
      if (found.size !== chunk.sizes[position]) return damage(source, 'EIO', 'has another size than its manifest says');
      if (isTouched(found.mtimeMs, chunk.times[position])) return touch(source);
      placeFile(chunk.mode, source, target);
    } catch (error) {
      const failure = retryOrDescribe({ chunk, source, target }, error);
      if (failure !== undefined) return failure;
    }
    position += 1;
  }
  return undefined;
}

/** Make `folder` below `root`, and what is above it. Another thread or wheel may make the same one. */
function makeFolder(root: string, folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  const slash = folder.lastIndexOf('/');
  if (slash > 0) makeFolder(root, folder.slice(0, slash), made);
  try {
    mkdirSync(`${root}/${folder}`);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  made.add(folder);
}

interface Placement {
  readonly chunk: LinkChunk;
  readonly source: string;
  readonly target: string;
}

/** A name that is staged already (an earlier try, or names that differ only in case on a file system that folds them) is replaced. */
function retryOrDescribe(placement: Placement, error: unknown): Failure | undefined {
  const { chunk, source, target } = placement;
  if (!hasErrorCode(error, 'EEXIST')) return describe(placement, error);
  try {
    rmSync(target);
    placeFile(chunk.mode, source, target);
    return undefined;
  } catch (second) {
    if (!(second instanceof Error) || !('code' in second)) throw second;
    return describe(placement, second);
  }
}

function describe({ source, target }: Placement, error: unknown): Failure {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const code = String(error.code);
  if ((code === 'ENOENT' || code === 'ESTALE' || code === 'EIO') && !isReadable(source))
    return damage(source, 'ENOENT', 'is missing');
  return { kind: 'refused', path: code === 'ENOTDIR' ? dirname(target) : target, code, message: error.message };
}

function isReadable(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE', 'EIO')) throw error;
    return false;
  }
}

function damage(path: string, code: string, reason: string): Failure {
  return { kind: 'damaged', path, code, message: reason };
}

/** Runtimes and file systems round times differently. */
const TIME_GRAIN_MS = 2;

function isTouched(modifiedMs: number, expectedMs = Number.NaN): boolean {
  return Math.abs(modifiedMs - expectedMs) > TIME_GRAIN_MS;
}

function touch(path: string): Failure {
  return { kind: 'touched', path, code: 'ESTALE', message: 'was written to after it was cached' };
}
