/**
 * The time from the start of a build to the first hook of its backend, when the build environment has been made for another
 * project before: shoal beside uv, in turns. `npm run bench:first-hook`; `SHOAL_BIN` names the executable.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalIndex } from '../tests/support/local-index.ts';
import { anyPython, pythonTools } from '../tests/support/python-tools.ts';

const run = promisify(execFile);
const ROUNDS = Number(process.env['ROUNDS'] ?? 15);
const BACKENDS = { setuptools: 'setuptools.build_meta', hatchling: 'hatchling.build' } as const;
const SHOAL = process.env['SHOAL_BIN'] ?? join(import.meta.dirname, '..', 'dist', 'shoal');

/** Notes when the first of its hooks is called, and ends there when it is told so; else it is `backend` in everything. */
function wrapper(backend: string): string {
  return `import os
import time

if not os.path.exists(os.environ["FIRST_HOOK"]):
    with open(os.environ["FIRST_HOOK"], "w") as file:
        file.write(repr(time.time()))
    if "END_THERE" in os.environ:
        os._exit(5)

from ${backend} import *
`;
}

function writeProject(folder: string, name: string, [requirement, backend]: readonly [string, string]): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'pyproject.toml'),
    `[build-system]\nrequires = ["${requirement}"]\nbuild-backend = "wrapper"\nbackend-path = ["."]\n\n[project]\nname = "${name}"\nversion = "1.0"\n\n[tool.setuptools]\npy-modules = ["${name}"]\n`,
  );
  writeFileSync(join(place, 'wrapper.py'), wrapper(backend));
  writeFileSync(join(place, `${name}.py`), '');
  return place;
}

interface Stage {
  readonly folder: string;
  /** Its pages stay fresh for ten minutes, as those of the public index do. */
  readonly index: string;
  readonly python: string;
}

/** Milliseconds. The build ends there when it `ends`; it was run to its end before, so that all is in the caches. */
async function timeToFirstHook(
  program: string,
  project: string,
  { stage, ends }: { readonly stage: Stage; readonly ends: boolean },
): Promise<number> {
  const { folder, index, python } = stage;
  const noted = join(folder, 'first-hook');
  const caches = { UV_CACHE_DIR: join(folder, 'uv-cache'), SHOAL_CACHE_DIR: join(folder, 'cache') };
  const variables = { FIRST_HOOK: noted, TMPDIR: folder, ...(ends ? { END_THERE: '1' } : {}) };
  const words = ['--wheel', '-q', '-p', python, '--default-index', index, '-o', join(folder, 'out'), project];
  rmSync(noted, { force: true });
  const started = Date.now();
  const { status, stderr } = await runToEnd(program, ['build', ...words], { ...caches, ...variables });
  if (!ends && status !== 0) throw new Error(stderr);
  return Number(readFileSync(noted, 'utf8')) * 1000 - started;
}

function runToEnd(
  program: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly stderr: string }> {
  const child = spawn(program, words, { env: { ...process.env, ...variables }, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

async function measure(entry: readonly [string, string], uv: string, stage: Stage): Promise<string> {
  const first = writeProject(stage.folder, 'first', entry);
  const second = writeProject(stage.folder, 'second', entry);
  for (const project of [first, second])
    for (const program of [SHOAL, uv]) await timeToFirstHook(program, project, { stage, ends: false });
  const [ours, theirs]: [number[], number[]] = [[], []];
  const turns = [
    { program: SHOAL, times: ours },
    { program: uv, times: theirs },
  ];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { program, times } of round % 2 === 0 ? turns : turns.toReversed())
      times.push(await timeToFirstHook(program, second, { stage, ends: true }));
  const [mine, others] = [median(ours), median(theirs)];
  return `${entry[0]}: shoal ${mine.toFixed(0)} ms, uv ${others.toFixed(0)} ms, ratio ${(mine / others).toFixed(2)} (median of ${ROUNDS})`;
}

const { uv, python } = await pythonTools();
const folder = mkdtempSync(join(tmpdir(), 'shoal-first-hook-'));
try {
  const wheels = join(folder, 'wheels');
  await run(python, ['-m', 'pip', 'download', '-q', '-d', wheels, ...Object.keys(BACKENDS)]);
  await using index = await startLocalIndex({ folder: wheels });
  for (const entry of Object.entries(BACKENDS))
    console.log(await measure(entry, uv, { folder, index: index.url, python: anyPython() }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
