/**
 * Eight cold processes on one cache that need the same projects built from source: `npm run test:builds-once`, or
 * `npm run test:builds-once -- NAME==VERSION...`. How often each was built, how often the compiler ran for all of them and for one
 * alone, and whether the installed files are those of the real uv. Needs a C compiler and MySQL's headers; `SHOAL_PLACE` names the
 * folder of the cache and the environments, a mount for example.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { runTogether } from '../support/commands-together.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';

const PROCESSES = 8;
const PROJECTS = ['pymongo==4.10.1', 'mysqlclient==2.2.7', 'reportlab==4.2.5', 'svglib==1.5.1'];
/** Each installer has its own; and they are not of the wheel. */
const NOT_COMPARED =
  /(?:^|\/)(?:__pycache__\/|RECORD$|INSTALLER$|REQUESTED$|direct_url\.json$|uv_(?:cache|build)\.json$)/;
const COMPILERS = ['cc', 'gcc', 'x86_64-linux-gnu-gcc'];

const run = promisify(execFile);
const folder = mkdtempSync(join(process.env['SHOAL_PLACE'] ?? tmpdir(), 'shoal-builds-once-'));
const log = join(folder, 'compiled');
const bin = join(folder, 'bin');
const variables = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, CFLAGS: '-g0', COMPILED: log };

/** Compilers that note each call and become the real one. */
function writeCompilers(): void {
  mkdirSync(bin);
  for (const name of COMPILERS) {
    const real = (process.env['PATH'] ?? '').split(':').find((place) => existsSync(join(place, name)));
    if (real === undefined) continue;
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$*" >> "$COMPILED"\nexec ${join(real, name)} "$@"\n`, {
      mode: 0o755,
    });
  }
}

/** How often it was called since it was asked last. */
function compilerCalls(): number {
  const calls = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').length : 0;
  rmSync(log, { force: true });
  return calls;
}

async function environment(name: string): Promise<string> {
  const place = join(folder, name);
  await run(anyPython(), ['-m', 'venv', '--without-pip', place]);
  return place;
}

function installed(place: string): ReadonlyMap<string, Buffer> {
  const root = join(place, 'lib');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !NOT_COMPARED.test(path))
      .map((path) => [relative(root, path), readFileSync(path)]),
  );
}

function differences(one: string, other: string): readonly string[] {
  const [left, right] = [installed(one), installed(other)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((path) => {
    const [mine, theirs] = [left.get(path), right.get(path)];
    return mine === undefined || theirs === undefined || !mine.equals(theirs);
  });
}

async function check(requirement: string, uv: string): Promise<boolean> {
  const [name = ''] = requirement.split('==');
  const words = (cache: string, place: string): readonly string[] =>
    `pip install --no-binary ${name} --cache-dir ${join(folder, cache)} -p ${place} ${requirement}`.split(' ');
  const places = await Promise.all(Array.from({ length: PROCESSES }, (_, number) => environment(`${name}-${number}`)));
  const started = performance.now();
  const ends = await runTogether(
    places.map((place) => [...shoalCommand(), ...words(`cache-${name}`, place)]),
    { variables, timeoutMs: 1_500_000 },
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  for (const { status, stderr } of ends) if (status !== 0) throw new Error(stderr);
  const together = compilerCalls();
  const builds = ends.flatMap(({ stderr }) => stderr.match(new RegExp(`Building .*${name}`, 'gi')) ?? []).length;
  const theirs = await environment(`${name}-uv`);
  await run(uv, [...words(`uv-${name}`, theirs)], { env: { ...process.env, ...variables } });
  const alone = compilerCalls();
  const differing = [...new Set(places.flatMap((place) => differences(place, theirs)))];
  const isRight = builds === 1 && together === alone && differing.length === 0;
  const files = installed(theirs).size;
  const verdict = differing.length === 0 ? `${files} files as uv's` : `differing from uv's: ${differing.join(' ')}`;
  console.log(
    `${requirement}\t${PROCESSES} processes in ${seconds} s: built ${builds} times, ${together} compiler calls (uv alone: ${alone}), ${verdict}`,
  );
  return isRight;
}

try {
  const { uv } = await pythonTools();
  writeCompilers();
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : PROJECTS;
  for (const requirement of wanted) if (!(await check(requirement, uv))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
