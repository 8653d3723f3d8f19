/**
 * Tables of bad input: each row is a command that must fail, say what is wrong with what, and change nothing.
 *
 * Every row runs in a folder, an environment, a cache and an index of its own. Beside the words that the row expects, all rows
 * are held to the same: the status, nothing on standard output, no trace of the program's inside, no password, the environment
 * byte for byte as it was, nothing left in the cache's folder for temporary files.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { indexedScene, type IndexedScene } from './indexed-scene.ts';

export interface BadInput {
  /** What is wrong. */
  readonly title: string;
  /** The words of the command, prepared in the scene where something has to be there first. */
  readonly words: readonly string[] | ((scene: IndexedScene) => readonly string[] | Promise<readonly string[]>);
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
  const scene = await indexedScene(t);
  const words = typeof row.words === 'function' ? await row.words(scene) : row.words;
  const before = listing(scene.folder);

  const { status, stdout, stderr } = await scene.run(words, row.variables);

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
