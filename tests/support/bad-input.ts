/**
 * Tables of bad input: each row is a command that must fail, say what is wrong with what, and change nothing.
 *
 * Every row runs in a folder, an environment, a cache and an index of its own. Beside the words that the row expects, all rows
 * are held to the same: the status, nothing on standard output, no trace of the program's inside, no password, the environment
 * byte for byte as it was, nothing left in the cache's folder for temporary files.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { startLocalIndex, type LocalIndex } from './local-index.ts';
import { anyPython } from './python-tools.ts';
import { runShoal } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { buildWheel, type BuiltDistribution, type WheelSpec } from './wheel-builder.ts';

export interface BadInputScene {
  readonly t: TestContext;
  /** The working folder; its environment is `.venv`, in which `kept==1.0` is installed. */
  readonly folder: string;
  readonly environment: string;
  readonly sitePackages: string;
  readonly cache: string;
  /** The default index. It offers `good==1.0`. */
  readonly index: LocalIndex;
  /** Run `undo` when the row is done, before its folders are removed. */
  readonly finally: (undo: () => void) => void;
  /** Write a file of the working folder. @returns its path. */
  readonly write: (path: string, content: string | Uint8Array) => string;
  /** Offer a wheel. @returns it. */
  readonly offer: (spec: WheelSpec) => BuiltDistribution;
}

export interface BadInput {
  /** What is wrong. */
  readonly title: string;
  /** The words of the command, prepared in the scene where something has to be there first. */
  readonly words: readonly string[] | ((scene: BadInputScene) => readonly string[] | Promise<readonly string[]>);
  /** Texts of standard error; `[FOLDER]`, `[INDEX]` and `[CACHE]` stand for the scene's. */
  readonly says: readonly (string | RegExp)[];
  /** Default 2. */
  readonly status?: 0 | 1 | 2;
  readonly variables?: Readonly<Record<string, string>>;
  /** Why this row cannot be tried here; it is then skipped with these words. */
  readonly skip?: string | false;
}

const SECRET = 'hunter2';
/** Words that a person should never see. */
const INSIDE =
  /^\s+at .+[:(]\d+|node:internal|\bTypeError\b|\bRangeError\b|\[object |undefined\b|defect of shoal|\bE[A-Z]{4,}:/m;

/** Register one test for each row. */
export function refusesBadInputs(subject: string, rows: readonly BadInput[]): void {
  for (const row of rows) {
    test(`${subject}: ${row.title}`, { skip: row.skip ?? false }, (t) => refuse(t, row));
  }
}

async function refuse(t: TestContext, row: BadInput): Promise<void> {
  const undo: (() => void)[] = [];
  const scene = await createScene(t, undo);
  try {
    await refuseIn(scene, row);
  } finally {
    for (const step of undo) step();
  }
}

async function refuseIn(scene: BadInputScene, row: BadInput): Promise<void> {
  const words = typeof row.words === 'function' ? await row.words(scene) : row.words;
  const before = listing(scene.folder);

  const { status, stdout, stderr } = await runShoal(words, {
    cwd: scene.folder,
    variables: { ...sceneVariables(scene), ...row.variables },
  });

  const said = stderr
    .replaceAll(scene.cache, '[CACHE]')
    .replaceAll(scene.folder, '[FOLDER]')
    .replaceAll(scene.index.root, '[INDEX]/');
  for (const text of row.says) assertSays(said, text);
  assert.equal(status, row.status ?? 2, said);
  assert.equal(stdout, '');
  assert.doesNotMatch(said, INSIDE);
  assert.ok(!said.includes(SECRET), said);
  assert.deepEqual(listing(scene.folder), before, said);
  assert.deepEqual(leftovers(scene.cache), [], said);
}

function assertSays(said: string, expected: string | RegExp): void {
  if (typeof expected === 'string') assert.ok(said.includes(expected), `${said}\ndoes not say\n${expected}`);
  else assert.match(said, expected);
}

function sceneVariables({ cache, index }: BadInputScene): Record<string, string> {
  return {
    SHOAL_CACHE_DIR: cache,
    UV_CACHE_DIR: cache,
    UV_DEFAULT_INDEX: index.url,
    UV_HTTP_RETRIES: '0',
    NETRC: join(cache, 'no-netrc'),
  };
}

async function createScene(t: TestContext, undo: (() => void)[]): Promise<BadInputScene> {
  const top = temporaryFolder(t);
  const folder = join(top, 'work');
  const cache = join(top, 'cache');
  cpSync(await template(), folder, { recursive: true, verbatimSymlinks: true });
  const environment = join(folder, '.venv');
  const index = await startLocalIndex({ distributions: [buildWheel({ name: 'good', version: '1.0' })] });
  t.after(() => index.close());
  return {
    t,
    folder,
    environment,
    sitePackages: sitePackagesOf(environment),
    cache,
    index,
    finally: (step) => undo.push(step),
    write: (path, content) => writeBelow(folder, path, content),
    offer: (spec) => {
      const wheel = buildWheel(spec);
      index.add(wheel);
      return wheel;
    },
  };
}

function sitePackagesOf(environment: string): string {
  const [python = ''] = readdirSync(join(environment, 'lib'));
  return join(environment, 'lib', python, 'site-packages');
}

function writeBelow(folder: string, path: string, content: string | Uint8Array): string {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
  return absolute;
}

let made: Promise<string> | undefined;

/** A folder with an environment, made once for each process and copied for each row. */
function template(): Promise<string> {
  made ??= makeTemplate();
  return made;
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-test-bad-input-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const wheel = buildWheel({ name: 'kept', version: '1.0' });
  const path = writeBelow(folder, wheel.filename, wheel.content);
  for (const words of [
    ['venv', '--quiet', '--python', anyPython()],
    ['pip', 'install', '--quiet', '--offline', path],
  ]) {
    const { status, stderr } = await runShoal(words, { cwd: folder });
    assert.equal(status, 0, stderr);
  }
  rmSync(path);
  return folder;
}

/** Path -> kind, permissions and content of everything below `folder`, but for lock files, which stay. */
function listing(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) !== '.lock')
    .sort();
  return Object.fromEntries(entries.map((path) => [path, describe(join(folder, path))]));
}

function describe(path: string): string {
  const facts = lstatSync(path);
  const mode = (facts.mode & 0o7777).toString(8);
  if (facts.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!facts.isFile()) return `folder ${mode}`;
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** What a command has left in the cache that only a command at work may have there. */
function leftovers(cache: string): string[] {
  return ['tmp', 'trash'].flatMap((name) => {
    const folder = join(cache, name);
    return existsSync(folder) ? readdirSync(folder).map((entry) => `${name}/${entry}`) : [];
  });
}
