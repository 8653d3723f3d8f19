/** A folder with an environment, a cache and an index of its own: what most commands need. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { TestContext } from 'node:test';
import { startLocalIndex, type LocalIndex, type LocalIndexOptions } from './local-index.ts';
import { anyPython } from './python-tools.ts';
import { runShoal, type CommandRun } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { buildWheel, type BuiltDistribution, type WheelSpec } from './wheel-builder.ts';

export interface IndexedScene {
  readonly t: TestContext;
  /** The working folder; its environment is `.venv`, in which `kept==1.0` is installed. */
  readonly folder: string;
  readonly environment: string;
  readonly sitePackages: string;
  readonly cache: string;
  /** The default index. It offers `good==1.0`. */
  readonly index: LocalIndex;
  /** Run `undo` when the test ends, before its folders are removed. */
  readonly finally: (undo: () => void) => void;
  /** Run the command in the folder, with the cache and the index. */
  readonly run: (words: readonly string[], variables?: Readonly<Record<string, string>>) => Promise<CommandRun>;
  /** Write a file of the working folder. @returns its path. */
  readonly write: (path: string, content: string | Uint8Array) => string;
  /** Offer a wheel. @returns it. */
  readonly offer: (spec: WheelSpec) => BuiltDistribution;
}

function sceneVariables({ cache, index }: Pick<IndexedScene, 'cache' | 'index'>): Record<string, string> {
  return {
    SHOAL_CACHE_DIR: cache,
    UV_CACHE_DIR: cache,
    UV_DEFAULT_INDEX: index.url,
    UV_HTTP_RETRIES: '0',
    NETRC: join(cache, 'no-netrc'),
  };
}

/** `options` are of the index; it offers `good==1.0` in any case. What `finally` is given runs when the test ends. */
export async function indexedScene(t: TestContext, options: LocalIndexOptions = {}): Promise<IndexedScene> {
  const undo: (() => void)[] = [];
  // Hooks run in the order in which they are registered: this one before the folder is removed.
  t.after(() => {
    for (const step of undo) step();
  });
  const top = temporaryFolder(t);
  const folder = join(top, 'work');
  const cache = join(top, 'cache');
  cpSync(await template(), folder, { recursive: true, verbatimSymlinks: true });
  const environment = join(folder, '.venv');
  const index = await startLocalIndex(options);
  index.add(buildWheel({ name: 'good', version: '1.0' }));
  t.after(() => index.close());
  return {
    t,
    folder,
    environment,
    sitePackages: sitePackagesOf(environment),
    cache,
    index,
    finally: (step) => undo.push(step),
    run: (words, variables) =>
      runShoal(words, { cwd: folder, variables: { ...sceneVariables({ cache, index }), ...variables } }),
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

/** A folder with an environment, made once for each process and copied for each test. */
function template(): Promise<string> {
  made ??= makeTemplate();
  return made;
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-test-scene-'));
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
