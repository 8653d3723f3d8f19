/**
 * Filling the stage: thousands of links, shared by the main thread and warm workers through one queue, while the few files
 * that are written anew go to the disk. A cached tree that turns out to be damaged is produced again and staged again.
 */
import { close, closeSync, fdatasync, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileCreationMask } from '@shoal/cache';
import { createWorkerPool } from '../host/worker-pool.ts';
import type { WorkerPool } from '../host/worker-pool.ts';
import { DamagedTreeError, EnvironmentWriteError } from './install-errors.ts';
import type { InstallListener } from './install-event.ts';
import type { Addition, LinkableTree } from './install-target.ts';
import { drainLinkQueue } from './link-chunk.ts';
import type { ChunkFailure, LinkChunk, LinkQueue } from './link-chunk.ts';
import type { LinkModes } from './link-mode.ts';
import { stagedPath, unstagedPath } from './stage-area.ts';
import type { StageArea } from './stage-area.ts';
import type { LinkGroup, WheelLayout, WrittenFile } from './wheel-layout.ts';

export type LinkWorkers = WorkerPool<LinkQueue, readonly ChunkFailure[]>;

/** Linking is bound by the kernel's directory locks; more threads than this add nothing. */
const MOST_WORKERS = 3;

/** Workers for `applyPlan`. Make and `warm` them early: a cold worker comes too late for a plan of usual size. */
export function createLinkWorkers(processors: number): LinkWorkers {
  return createWorkerPool('install/link-worker', Math.max(1, Math.min(MOST_WORKERS, processors - 1)));
}

export interface StageOptions {
  readonly area: StageArea;
  readonly modes: LinkModes;
  readonly workers: LinkWorkers | undefined;
  readonly workerCount: number;
  /** Discard the tree of a damaged wheel and give a whole one. */
  readonly repair?: ((addition: Addition, reason: string) => Promise<LinkableTree>) | undefined;
  readonly onEvent?: InstallListener | undefined;
}

/** Below this, telling a worker costs more than it helps. */
const FEWEST_FILES_FOR_WORKERS = 1500;
const CHUNK_FILES = 400;
const MOST_REPAIRS = 3;
/** How often somebody may delete the cache while one environment is changed. */
const MOST_VANISHINGS = 100;

/** Stage all layouts. @throws {DamagedTreeError} {EnvironmentWriteError}; the stage is then incomplete. */
export async function stageWheels(layouts: readonly WheelLayout[], options: StageOptions): Promise<void> {
  const chunks = layouts
    .flatMap((layout, wheel) => chunksOf(layout, wheel, options))
    .sort((a, b) => b.sizes.length - a.sizes.length);
  const { failures, synced } = await linkBesideWriting(chunks, layouts, options);
  options.onEvent?.({ type: 'step', name: 'linked' });
  await synced;
  await repairTrees(
    failures.map((failure) => ({ failure, chunk: chunks[failure.chunk] })),
    { layouts, options },
  );
}

function chunksOf(layout: WheelLayout, wheel: number, options: StageOptions): readonly LinkChunk[] {
  return layout.groups.filter(({ files }) => files.length > 0).flatMap((group) => chunksOfGroup(group, wheel, options));
}

function chunksOfGroup(group: LinkGroup, wheel: number, { area, modes }: StageOptions): readonly LinkChunk[] {
  const to = stagedPath(area, group.to);
  mkdirSync(to, { recursive: true });
  const mode = modes.modeFor(`${group.from}/${group.files[0]?.path ?? ''}`, to);
  const chunks: LinkChunk[] = [];
  for (let start = 0; start < group.files.length; start += CHUNK_FILES) {
    const files = group.files.slice(start, start + CHUNK_FILES);
    chunks.push({
      wheel,
      mode,
      from: group.from,
      to,
      paths: files.map(({ path }) => path).join('\0'),
      sizes: Float64Array.from(files, ({ sizeBytes }) => sizeBytes),
      times: Float64Array.from(files, ({ modifiedMs }) => modifiedMs ?? Number.NaN),
    });
  }
  return chunks;
}

interface Linked {
  readonly failures: readonly ChunkFailure[];
  readonly synced: Promise<void>;
}

async function linkBesideWriting(
  chunks: readonly LinkChunk[],
  layouts: readonly WheelLayout[],
  options: StageOptions,
): Promise<Linked> {
  const queue: LinkQueue = { chunks, next: new SharedArrayBuffer(4) };
  const isBig = chunks.reduce((sum, { sizes }) => sum + sizes.length, 0) >= FEWEST_FILES_FOR_WORKERS;
  const helpers = isBig ? askWorkers(queue, options) : [];
  try {
    const synced = writeFiles(newFiles(layouts), options.area);
    // The caller awaits it a little later; until then a refusal must not count as unhandled.
    synced.catch(() => undefined);
    const own = drainLinkQueue(queue);
    return { failures: [...own, ...(await Promise.all(helpers)).flat()], synced };
  } finally {
    // After a failure: nobody may still be writing to the stage when it is removed.
    Atomics.store(new Int32Array(queue.next), 0, chunks.length);
    await Promise.allSettled(helpers);
  }
}

/** Small files first, then each RECORD, made at the moment it is written. */
function* newFiles(layouts: readonly WheelLayout[]): Generator<WrittenFile> {
  for (const { written } of layouts) yield* written;
  for (const { record } of layouts) yield record();
}

function askWorkers(
  queue: LinkQueue,
  { workers, workerCount }: StageOptions,
): readonly Promise<readonly ChunkFailure[]>[] {
  if (workers === undefined) return [];
  return Array.from({ length: workerCount }, () => workers.run(queue));
}

/** Stage one file that no wheel brought. @throws {EnvironmentWriteError} */
export function writeStagedFile(file: WrittenFile, area: StageArea): void {
  void writeFiles([{ ...file, durable: false }], area);
}

/** Write synchronously, wait for the disk in the background. */
function writeFiles(files: Iterable<WrittenFile>, area: StageArea): Promise<void> {
  const made = new Set<string>();
  const waiting: Promise<void>[] = [];
  for (const file of files) {
    const path = stagedPath(area, file.path);
    try {
      const folder = dirname(path);
      if (!made.has(folder)) mkdirSync(folder, { recursive: true });
      made.add(folder);
      waiting.push(writeFile(path, file));
    } catch (error) {
      // What is being synced already may fail for the same reason; this failure speaks for all.
      void Promise.allSettled(waiting);
      throw new EnvironmentWriteError(file.path, { cause: error, undone: true });
    }
  }
  return Promise.all(waiting).then(() => undefined);
}

function writeFile(path: string, { path: target, content, executable, durable }: WrittenFile): Promise<void> {
  const descriptor = openSync(path, 'w', executable ? 0o777 : 0o666);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    const mask = fileCreationMask();
    if (executable && mask & 0o111) fchmodSync(descriptor, 0o777 & ~(mask & 0o666));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  if (durable) return syncAndClose(descriptor, target);
  closeSync(descriptor);
  return Promise.resolve();
}

function syncAndClose(descriptor: number, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (syncError) => {
      close(descriptor, (closeError) => {
        const error = syncError ?? closeError;
        if (error === null || error === undefined) resolve();
        else reject(new EnvironmentWriteError(target, { cause: error, undone: true }));
      });
    });
  });
}

interface FailedChunk {
  readonly failure: ChunkFailure;
  readonly chunk: LinkChunk | undefined;
}

/** Produce the trees of damaged chunks again, and link those chunks again. */
async function repairTrees(
  failed: readonly FailedChunk[],
  { layouts, options }: { layouts: readonly WheelLayout[]; options: StageOptions },
): Promise<void> {
  let remaining = failed;
  for (let attempt = 1; remaining.length > 0; attempt += 1) {
    const again: LinkChunk[] = [];
    const repaired = new Map<number, string>();
    for (const { failure, chunk } of remaining) {
      const layout = chunk === undefined ? undefined : layouts[chunk.wheel];
      if (chunk === undefined || layout === undefined || failure.kind === 'refused')
        throw writeFailure(failure, options.area);
      const { addition } = layout;
      const folder = repaired.get(chunk.wheel) ?? (await soundFolder(addition, failure, { options, attempt }));
      repaired.set(chunk.wheel, folder);
      // It has just been read or made: its times say nothing more.
      const times = new Float64Array(chunk.times.length).fill(Number.NaN);
      again.push({ ...chunk, from: `${folder}${chunk.from.slice(addition.tree.folder.length)}`, times });
    }
    const queue: LinkQueue = { chunks: again, next: new SharedArrayBuffer(4) };
    remaining = drainLinkQueue(queue).map((failure) => ({ failure, chunk: again[failure.chunk] }));
  }
}

/** The folder of a whole tree for `addition`: its own when it was only touched, else one that is made anew. */
async function soundFolder(
  addition: Addition,
  failure: ChunkFailure,
  { options, attempt }: { options: StageOptions; attempt: number },
): Promise<string> {
  const reason =
    failure.kind === 'touched' ? await addition.tree.findDamage() : `\`${failure.path}\` ${failure.message}`;
  if (reason === undefined) return addition.tree.folder;
  const limit = failure.code === 'ENOENT' ? MOST_VANISHINGS : MOST_REPAIRS;
  if (options.repair === undefined || attempt > limit)
    throw new DamagedTreeError(addition.wheel.filename, failure.path, failure.message);
  options.onEvent?.({ type: 'healed', distribution: addition.name, reason });
  return (await options.repair(addition, reason)).folder;
}

function writeFailure({ path, code, message }: ChunkFailure, area: StageArea): EnvironmentWriteError {
  return new EnvironmentWriteError(unstagedPath(area, path), {
    cause: Object.assign(new Error(message), { code }),
    undone: true,
  });
}
