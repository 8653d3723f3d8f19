/** A virtual environment beside a local index: what black-box tests of installing change and look at. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { installedScene } from './installed-scene.ts';
import { startLocalIndex } from './local-index.ts';
import type { IndexedDistribution, LocalIndex, LocalIndexOptions } from './local-index.ts';
import { runShoal } from './run-command.ts';
import type { CommandRun, RunOptions } from './run-command.ts';

export interface PipScene {
  /** The working folder of `run`; the environment is its `.venv`. */
  readonly folder: string;
  readonly sitePackages: string;
  readonly index: LocalIndex;
  /** `shoal <words>` with the local index as the default one and a cache of this scene. */
  run(words: string | readonly string[], options?: Omit<RunOptions, 'cwd'>): Promise<CommandRun>;
  /** What `run` writes to standard error, after it ended with `status`. */
  lines(words: string | readonly string[], status?: number): Promise<string>;
  /** Write a file into the working folder. @returns its absolute path. */
  write(path: string, content: string | Uint8Array): string;
  read(path: string): string;
  /** `name==version` of what is installed, from the names of the dist-info folders. */
  installed(folder?: string): readonly string[];
}

export interface PipSceneOptions extends Omit<LocalIndexOptions, 'distributions'> {
  readonly distributions?: readonly IndexedDistribution[];
}

export async function pipScene(t: TestContext, options: PipSceneOptions = {}): Promise<PipScene> {
  const { folder, sitePackages } = installedScene(t);
  const index = await startLocalIndex(options);
  t.after(() => index.close());
  const cache = join(folder, '.cache');
  const run: PipScene['run'] = (words, { variables, ...rest } = {}) =>
    runShoal(typeof words === 'string' ? words.split(' ') : words, {
      cwd: folder,
      variables: { UV_DEFAULT_INDEX: index.url, UV_CACHE_DIR: cache, SHOAL_CACHE_DIR: cache, ...variables },
      ...rest,
    });
  return {
    folder,
    sitePackages,
    index,
    run,
    lines: async (words, status = 0) => {
      const result = await run(words);
      if (result.status !== status) throw new Error(`status ${result.status}, not ${status}: ${result.stderr}`);
      return result.stderr;
    },
    write: (path, content) => {
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
      return place;
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    installed: (place = sitePackages) =>
      readdirSync(place)
        .filter((name) => name.endsWith('.dist-info'))
        .map((name) => name.replace('.dist-info', '').replace('-', '=='))
        .sort(),
  };
}
