/** File systems made for one test: mounted, and unmounted when it ends. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Why nothing can be mounted here, or `undefined`. */
export function whyNoMount(tools: readonly string[]): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only the superuser of a Linux can mount';
  const missing = ['mount', 'umount', ...tools].find((tool) => spawnSync('which', [tool]).status !== 0);
  return missing === undefined ? undefined : `there is no ${missing}`;
}

/** Run `mount WORDS... FOLDER`, where the words may name files below `workshop`. @returns the folder, mounted. */
export function mountFolder(t: TestContext, words: (workshop: string) => readonly string[]): string {
  const workshop = mkdtempSync(join(tmpdir(), 'shoal-mount-'));
  const folder = join(workshop, 'mounted');
  mkdirSync(folder);
  t.after(() => {
    spawnSync('umount', [folder]);
    rmSync(workshop, { recursive: true, force: true });
  });
  execFileSync('mount', [...words(workshop), folder], { stdio: 'pipe' });
  return folder;
}

/** The words that mount an image of 400 MB with the file system that `make` puts on it. */
export function imageOf(make: readonly string[], workshop: string): string[] {
  const image = join(workshop, 'image');
  execFileSync('truncate', ['-s', '400M', image]);
  const [program = '', ...words] = make;
  execFileSync(program, [...words, image], { stdio: 'pipe' });
  return ['-o', 'loop', image];
}

/** The words that mount an overlay of two folders on a tmpfs of its own. */
export function overlayIn(workshop: string): string[] {
  const names = ['lower', 'upper', 'work'];
  for (const name of names) mkdirSync(join(workshop, name));
  const [lower, upper, work] = names.map((name) => join(workshop, name));
  return ['-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`];
}

export interface FaultyFolder {
  readonly folder: string;
  /** `locks`, `ESTALE`, `EIO`, `EMLINK`, `fold`; an empty text ends it. */
  readonly fail: (fault: string) => void;
}

const SOURCE = fileURLToPath(new URL('faulty-file-system.c', import.meta.url));
const FUSE = 0x65735546;

/** A FUSE file system that can be told to refuse things. @throws when it does not compile or mount. */
export async function mountFaulty(t: TestContext): Promise<FaultyFolder> {
  const workshop = mkdtempSync(join(tmpdir(), 'shoal-mount-'));
  const [backing, folder, program] = ['backing', 'mounted', 'faulty'].map((name) => join(workshop, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(backing);
  mkdirSync(folder);
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'fuse3'], { encoding: 'utf8' }).trim().split(/\s+/u);
  execFileSync('gcc', ['-O1', SOURCE, '-o', program, ...flags], { stdio: 'pipe' });
  t.after(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(workshop, { recursive: true, force: true });
  });
  const daemon = spawn(program, [backing, folder], { stdio: 'inherit' });
  await new Promise((resolve) => daemon.on('close', resolve));
  if (statfsSync(folder).type !== FUSE) throw new Error('the FUSE file system was not mounted');
  return { folder, fail: (fault) => writeFileSync(`${backing}.fault`, fault) };
}
