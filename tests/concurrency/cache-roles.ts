/** The parts that processes play in the tests of the cache. */
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { acquireFileLock, digestOf, hasErrorCode, openCache, tryFileLock } from '@shoal/cache';
import type { Cache, PinnedTree, TreeContent, TreeWork } from '@shoal/cache';

import { runActor } from '../support/actor-process.ts';
import type { Stage } from '../support/actor-process.ts';

const FILES = 12;
const HALF_BYTES = 1000;

interface Place {
  readonly root: string;
  /** A folder outside the cache: logs, link targets, the sign to stop. */
  readonly scratch: string;
}

function open(place: Place, stage: Stage, options: { command?: string; lockTimeoutMs?: number } = {}): Cache {
  return openCache({ root: place.root, command: `actor ${stage.index}`, onEvent: stage.onEvent, ...options });
}

function log(place: Place, line: string): void {
  appendFileSync(join(place.scratch, 'log'), `${line}\n`);
}

/** A download in two halves that continues what it finds, then an unpacking. */
async function makeTree(
  place: Place,
  work: TreeWork,
  { name, stage }: { name: string; stage: Stage },
): Promise<TreeContent> {
  const had = statSync(work.partialPath, { throwIfNoEntry: false })?.size ?? 0;
  log(place, `produced ${name} after ${had} bytes`);
  if (had === 0) appendFileSync(work.partialPath, 'x'.repeat(HALF_BYTES));
  stage.step('half-downloaded');
  appendFileSync(work.partialPath, 'x'.repeat(HALF_BYTES));
  // Other tasks and processes have their turn, as they have while a download runs.
  await Promise.resolve();
  const paths = Array.from({ length: FILES }, (_, index) => `pack/part_${index % 3}/file_${index}.py`);
  for (const path of paths) {
    mkdirSync(dirname(join(work.folder, path)), { recursive: true });
    writeFileSync(join(work.folder, path), contentOf(name, path));
  }
  return {
    files: paths.map((path) => ({ path, sizeBytes: contentOf(name, path).length, executable: false, sha256: '' })),
    note: { name },
  };
}

function contentOf(name: string, path: string): string {
  return `# ${path} of ${name}\n`.repeat(20);
}

async function pinTree(
  place: Place,
  stage: Stage,
  { cache, name }: { cache: Cache; name: string },
): Promise<PinnedTree> {
  return await cache.trees.pinOrProduce({
    digest: digestOf(name),
    resource: name,
    produce: async (work) => await makeTree(place, work, { name, stage }),
  });
}

/** Throws ENOENT, or names the file, when the tree is not what it should be. */
function readWhole(pinned: PinnedTree, name: string): void {
  for (const { path } of pinned.manifest.files) {
    if (readFileSync(join(pinned.folder, path), 'utf8') !== contentOf(name, path)) throw new Error(`wrong: ${path}`);
  }
}

/** What an installation does: pin, link, and on a missing file discard and ask again. */
async function install(
  place: Place,
  stage: Stage,
  part: { cache: Cache; name: string; target: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    using pinned = await pinTree(place, stage, part);
    try {
      linkAll(pinned, part.target);
      readWhole(pinned, part.name);
      return;
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT') || attempt === 100) throw error;
      pinned.discard('a file was missing');
    } finally {
      rmSync(part.target, { recursive: true, force: true });
    }
  }
}

function linkAll(pinned: PinnedTree, target: string): void {
  for (const { path } of pinned.manifest.files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    linkSync(join(pinned.folder, path), join(target, path));
  }
}

function deleteFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!hasErrorCode(error, 'ENOTEMPTY', 'ENOENT', 'EEXIST')) throw error;
  }
}

function hasTree(bucket: string): boolean {
  return namesIn(bucket).some((prefix) => namesIn(join(bucket, prefix)).length > 0);
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function isOver(place: Place): boolean {
  return existsSync(join(place.scratch, 'stop'));
}

await runActor({
  /** One tree, made or waited for, and read. */
  tree: async (input: Place & { name: string }, stage) => {
    using cache = open(input, stage);
    using pinned = await pinTree(input, stage, { cache, name: input.name });
    readWhole(pinned, input.name);
    return pinned.manifest.files.length;
  },

  /** Hold a tree until the test lets go. */
  hold: async (input: Place & { name: string }, stage) => {
    using cache = open(input, stage);
    using pinned = await pinTree(input, stage, { cache, name: input.name });
    stage.step('holding');
    readWhole(pinned, input.name);
    return 'whole';
  },

  record: async (input: Place & { key: string }, stage) => {
    using cache = open(input, stage);
    return await cache.records.readOrProduce({
      bucket: 'pages',
      key: input.key,
      resource: input.key,
      accept: (content, { producedWhileWaiting }) =>
        producedWhileWaiting || Buffer.from(content).includes('fresh') ? Buffer.from(content).toString() : undefined,
      produce: async (previous) => {
        log(input, `produced ${input.key} after ${previous?.length ?? 0} bytes`);
        await Promise.resolve();
        return 'produced';
      },
    });
  },

  /** Many rounds of installing the same trees. */
  install: async (input: Place & { names: readonly string[]; rounds: number }, stage) => {
    using cache = open(input, stage);
    for (let round = 0; round < input.rounds; round += 1) {
      for (const name of input.names) {
        await install(input, stage, { cache, name, target: join(input.scratch, `target-${stage.index}`) });
      }
    }
    return 'done';
  },

  /** Clean and prune in turns until the others are done. */
  collect: async (input: Place, stage) => {
    using cache = open(input, stage);
    const runs: { outcome: string; files: number; longMs: number }[] = [];
    for (let run = 0; !isOver(input) || run === 0; run += 1) {
      const startMs = performance.now();
      const { outcome, files } = run % 2 === 0 ? await cache.clean() : await cache.prune();
      runs.push({ outcome, files, longMs: performance.now() - startMs });
    }
    return runs;
  },

  clean: async (input: Place, stage) => {
    using cache = open(input, stage);
    return await cache.clean();
  },

  prune: async (input: Place, stage) => {
    using cache = open(input, stage);
    return await cache.prune();
  },

  /** Delete the whole folder, as a person would who knows nothing of us, each time that a tree has appeared in it. */
  delete: async (input: Place) => {
    let deletions = 0;
    while (!isOver(input)) {
      await new Promise(setImmediate);
      if (!hasTree(join(input.root, 'trees-v1'))) continue;
      deletions += 1;
      deleteFolder(input.root);
    }
    return deletions;
  },

  /** Hold a lock until the test lets go. */
  lock: async (input: { path: string; mode: 'shared' | 'exclusive'; timeoutMs?: number }, stage) => {
    const { path, mode, timeoutMs } = input;
    const command = `actor ${stage.index}`;
    const { onEvent } = stage;
    using lock = await acquireFileLock(path, { mode, resource: 'the thing', command, timeoutMs, onEvent });
    stage.step('locked');
    return lock.isStillNamed();
  },

  tryLock: async (input: { path: string; mode: 'shared' | 'exclusive' }) => {
    const answer = await Promise.resolve(tryFileLock(input.path, input.mode));
    return typeof answer === 'string' ? answer : 'locked';
  },

  /** Count up in a file under an exclusive lock: each loss of exclusion loses a count. */
  count: async (input: { path: string; scratch: string; rounds: number }, stage) => {
    const file = join(input.scratch, 'counter');
    for (let round = 0; round < input.rounds; round += 1) {
      const command = `actor ${stage.index}`;
      using lock = await acquireFileLock(input.path, { mode: 'exclusive', resource: 'the counter', command });
      const before = Number(readFileSync(file, 'utf8'));
      await new Promise(setImmediate);
      writeFileSync(file, String(before + 1));
      // A lock file that goes away and comes back must not let two in.
      if (round % 3 === 0) lock.releaseAndRemove();
    }
    return 'done';
  },

  /** Read, let go and read again until the others are done; several of these overlap without end. */
  readInTurns: async (input: { path: string; scratch: string }, stage) => {
    const options = { mode: 'shared', resource: 'the thing', command: `reader ${stage.index}` } as const;
    let turns = 0;
    for (; !existsSync(join(input.scratch, 'stop')); turns += 1) {
      using lock = await acquireFileLock(input.path, options);
      if (turns === 0) stage.step('reading');
      for (let wait = 0; wait < 200 && lock.isStillNamed(); wait += 1) await new Promise(setImmediate);
    }
    return turns;
  },

  /** The same tree and record as another user, with a umask that hides everything. */
  user: async (input: Place & { name: string; uid: number; gid?: number; umask: number }, stage) => {
    process.umask(input.umask);
    process.setgroups?.([]);
    process.setgid?.(input.gid ?? input.uid);
    process.setuid?.(input.uid);
    using cache = open(input, stage);
    using pinned = await pinTree(input, stage, { cache, name: input.name });
    readWhole(pinned, input.name);
    cache.records.write('metadata', 'shared', `by ${input.uid}`);
    return Buffer.from(cache.records.read('metadata', 'shared') ?? '').toString();
  },
});
