/** What is done to the cache and to the index behind everybody's back. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { IndexFault } from '../support/local-index.ts';
import { latestOf, NAMES } from './soak-distributions.ts';
import type { RandomSource } from './random-source.ts';
import type { SoakWorld } from './soak-world.ts';

export type FaultName = 'removal of the cache' | 'damaged file' | 'index fault' | 'full disk' | 'freed disk';

type Fault = (world: SoakWorld, random: RandomSource) => Promise<void> | void;

const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'removal of the cache': removeCache,
  'damaged file': damageSomeFile,
  'index fault': (world, random) => failOnce(world, random),
  'full disk': ({ disk }, random) => disk.fill(random.below(2000)),
  'freed disk': ({ disk }) => disk.free(),
};

/** @returns what was done. */
export async function makeFault(world: SoakWorld, random: RandomSource): Promise<FaultName> {
  const forDisk = world.kind === 'full-disk' ? 5 : 0;
  const name = random.weighted<FaultName>([
    { weight: 3, value: 'removal of the cache' },
    { weight: 10, value: 'damaged file' },
    { weight: 4, value: 'index fault' },
    { weight: forDisk, value: 'full disk' },
    { weight: forDisk, value: 'freed disk' },
  ]);
  await FAULTS[name](world, random);
  return name;
}

/** As a person would, who knows nothing of us; a folder that was prepared for several users stays. */
function removeCache({ writableCache, kind }: SoakWorld): Promise<void> {
  const command = kind === 'two-users' ? 'rm -rf "$0"/*' : 'rm -rf "$0"';
  const child = spawn('sh', ['-c', command, writableCache], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

/** A server that answers late, not at all, or breaks off, once. */
function failOnce({ index }: SoakWorld, random: RandomSource): void {
  const name = random.pick(['app', ...NAMES]);
  const file = `${name.replace('-', '_')}-${latestOf(name)}${name === 'native' ? '.tar.gz' : '-py3-none-any.whl'}`;
  const [path, fault] = random.pick<[string, IndexFault]>([
    [`/simple/${name}/`, { kind: 'status', status: 503 }],
    [`/simple/${name}/`, { kind: 'slow', delayMs: random.below(800) }],
    [`/files/${file}.metadata`, { kind: 'status', status: 503 }],
    [`/files/${file}`, { kind: 'slow', delayMs: random.below(800) }],
    [`/files/${file}`, { kind: 'cut', afterBytes: random.below(3000) }],
  ]);
  index.fail(path, { ...fault, times: 1 });
}

const PLACES: readonly [string, ...string[]] = [
  'trees-v1/*/*/tree/**/*',
  'trees-v1/*/*/tree/*.dist-info/*',
  'trees-v1/*/*/manifest',
  '{pages,metadata,builds,interpreters,files,mounts}-v1/**/*',
  'blobs-v1/*/*',
];

function damageSomeFile(world: SoakWorld, random: RandomSource): void {
  const [place] = random.some(PLACES, 1);
  const [path] = random.some(filesAt(world.writableCache, place ?? ''), 1);
  if (path === undefined) return;
  world.isDamaged = true;
  try {
    const damage = random.pick([flipBit, cutShort, remove]);
    damage(path, { world, random });
  } catch (error) {
    // It has vanished meanwhile, or the disk is full.
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ENOSPC')) throw error;
  }
}

export function filesAt(root: string, pattern: string): readonly string[] {
  return globSync(join(root, pattern), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

interface Damaging {
  readonly world: SoakWorld;
  readonly random: RandomSource;
}

function remove(path: string): void {
  rmSync(path, { force: true });
}

function flipBit(path: string, { world, random }: Damaging): void {
  putInPlace(path, world, withFlippedBit(readFileSync(path), random));
}

/** As a power cut leaves it, which does not touch the time. */
function cutShort(path: string, { world, random }: Damaging): void {
  const { mtime } = statSync(path);
  const content = readFileSync(path);
  putInPlace(path, world, content.subarray(0, random.below(content.length)));
  utimesSync(path, mtime, mtime);
}

export function withFlippedBit(content: Buffer, random: RandomSource): Buffer {
  const place = random.below(content.length);
  return Buffer.from(content.map((byte, at) => (at === place ? byte ^ (1 << random.below(8)) : byte)));
}

/** Another file under this name: environments that share the old one by a hard link have nothing to do with this. */
function putInPlace(path: string, { folder }: SoakWorld, content: Uint8Array): void {
  const { mode, uid, gid } = statSync(path);
  const beside = join(folder, 'damaged');
  writeFileSync(beside, content);
  chmodSync(beside, mode);
  chownSync(beside, uid, gid);
  renameSync(beside, path);
}
