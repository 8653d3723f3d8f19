/** What is done to a program, and what it makes of it; each script says so in one line. */
import { spawn } from 'node:child_process';
import { appendFileSync, globSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { isWhole, PROJECTS } from './contender.ts';
import type { Contender } from './contender.ts';

export type HostileScript = (contender: Contender) => Promise<string>;

const KILLS = 15;
const ROUNDS = 2;
const REMOVALS = 8;

/** A warm install is killed at a random time, then run again. */
const killed: HostileScript = async (contender) => {
  await contender.install(contender.environment(), ...PROJECTS);
  const { elapsedMs } = await contender.install(contender.environment(), ...PROJECTS);
  let broken = 0;
  let refused = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const environment = contender.environment();
    const [program = '', ...words] = contender.installWords(environment, ...PROJECTS);
    const child = spawn(program, words, { env: { ...process.env, ...contender.variables }, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), elapsedMs * (0.3 + (0.7 * kill) / KILLS));
    await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    const again = await contender.install(environment, ...PROJECTS);
    if (again.status !== 0) refused += 1;
    else if (!isWhole(environment)) broken += 1;
    rmSync(environment, { recursive: true });
  }
  return `after ${broken} of ${KILLS} kills a distribution stays incomplete and counts as installed; ${refused} times the second install fails`;
};

/** One cached file is emptied and another deleted, then a new environment is installed to. */
const damaged: HostileScript = async (contender) => {
  await contender.install(contender.environment(), 'p0', 'p1');
  for (const path of contender.cached('p0/m1.py')) truncateSync(path, 0);
  for (const path of contender.cached('p1/m1.py')) rmSync(path);
  const environment = contender.environment();
  const { status } = await contender.install(environment, 'p0', 'p1');
  return `exit ${status}, the environment is ${isWhole(environment) ? 'whole' : 'not whole'}`;
};

/** The cache is removed beside six installs, up to eight times, when a third of the wheels is in it. */
const removed: HostileScript = async (contender) => {
  let failures = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const environments = Array.from({ length: 6 }, () => contender.environment());
    const work = contender.together(environments.map((one) => contender.installWords(one, ...PROJECTS.slice(0, 12))));
    let removals = 0;
    const isDue = (): boolean => {
      const isWanted = removals < REMOVALS && contender.cached('p*').length >= 4;
      if (isWanted) removals += 1;
      return isWanted;
    };
    await contender.besides(['rm', '-rf', contender.cache], work, isDue);
    failures += (await work).filter(({ status }) => status !== 0).length;
    failures += environments.filter((one) => !isWhole(one)).length;
  }
  return `${failures} of ${6 * ROUNDS} installs fail`;
};

/** A file is edited in one environment; another one is installed to. */
const edited: HostileScript = async (contender) => {
  const first = contender.environment();
  await contender.install(first, 'p0');
  for (const path of modulesOf(first, 'p0/m1.py')) appendFileSync(path, 'edited = True\n');
  const second = contender.environment();
  await contender.install(second, 'p0');
  const [path = ''] = modulesOf(second, 'p0/m1.py');
  return readFileSync(path, 'utf8').includes('edited')
    ? 'the other environment gets the edit'
    : 'the edit stays where it was made';
};

/** `cache clean` and `cache prune` in loops beside four installers. */
const collected: HostileScript = async (contender) => {
  const times: number[] = [];
  let failures = 0;
  let longestCollection = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const environments = Array.from({ length: 4 }, () => contender.environment());
    const work = contender.together(environments.map((one) => contender.installWords(one, ...PROJECTS.slice(0, 12))));
    const collections = await Promise.all(
      ['clean', 'prune'].map((word) => contender.besides([contender.program, 'cache', word], work)),
    );
    const ends = await work;
    failures += ends.filter(({ status }) => status !== 0).length;
    times.push(...ends.map(({ elapsedMs }) => elapsedMs));
    longestCollection = Math.max(longestCollection, ...collections.flat());
  }
  const longest = Math.max(...times);
  return `${failures} of ${times.length} installs fail; the longest takes ${Math.round(longest)} ms, the longest collection ${Math.round(longestCollection)} ms`;
};

/** Ten processes begin at once with an empty cache. */
const cold: HostileScript = async (contender) => {
  const environments = Array.from({ length: 10 }, () => contender.environment());
  contender.index.forget();
  const ends = await contender.together(environments.map((one) => contender.installWords(one, ...PROJECTS)));
  const failures = ends.filter(({ status }) => status !== 0).length;
  const { index } = contender;
  const counts = [/^\/simple\//, /\.metadata$/, /\.whl$/].map((pattern) => index.count(pattern));
  return `${failures} fail; ${PROJECTS.length} projects take ${counts[0]} requests for pages, ${counts[1]} for metadata, ${counts[2]} for wheels`;
};

/** Modules are imported in a loop while their distributions are installed again. */
const imported: HostileScript = async (contender) => {
  const environment = contender.environment();
  const names = PROJECTS.slice(0, 12);
  await contender.install(environment, ...names);
  const python = join(environment, 'bin', 'python');
  const program = `import ${names.map((name) => `${name}.m1, ${name}.m99`).join(', ')}`;
  let failures = 0;
  let imports = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const state = { isOver: false };
    const work = contender.install(environment, '--reinstall', ...names).finally(() => (state.isOver = true));
    while (!state.isOver) {
      const [end] = await contender.together([[python, '-B', '-c', program]]);
      imports += 1;
      if (end?.status !== 0) failures += 1;
    }
    await work;
  }
  return `${failures} of ${imports} imports fail`;
};

function modulesOf(environment: string, path: string): readonly string[] {
  return globSync(join(environment, 'lib', 'python*', 'site-packages', path));
}

export const HOSTILE_SCRIPTS: Readonly<Record<string, HostileScript>> = {
  killed,
  damaged,
  removed,
  edited,
  collected,
  cold,
  imported,
};
