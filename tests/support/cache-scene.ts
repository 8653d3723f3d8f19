/** One cache, one local index, and any number of environments: what tests of many commands on one cache begin with. */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startLocalIndex } from './local-index.ts';
import type { IndexedDistribution, LocalIndex } from './local-index.ts';
import { anyPython } from './python-tools.ts';
import { runShoal } from './run-command.ts';
import type { CommandRun } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';

export class CacheScene {
  readonly folder: string;
  readonly cache: string;
  readonly index: LocalIndex;

  constructor(folder: string, index: LocalIndex, cache: string = join(folder, 'cache')) {
    this.folder = folder;
    this.cache = cache;
    this.index = index;
  }

  /** The same with another cache. */
  with({ cache }: { readonly cache: string }): CacheScene {
    return new CacheScene(this.folder, this.index, cache);
  }

  /** A fresh environment without anything in it. All are copies of one, because making one takes a Python's start. */
  environment(name: string): string {
    const root = join(this.folder, name);
    const [template = ''] = globSync(join(this.folder, 'template'));
    if (template === '')
      execFileSync(anyPython(), ['-m', 'venv', '--without-pip', '--symlinks', join(this.folder, 'template')]);
    cpSync(join(this.folder, 'template'), root, { recursive: true, verbatimSymlinks: true });
    return root;
  }

  /** The words of `shoal pip install` into `environment` from the index over the cache. */
  installWords(environment: string, ...words: readonly string[]): readonly string[] {
    return ['pip', 'install', '-p', environment, '--index-url', this.index.url, '--cache-dir', this.cache, ...words];
  }

  install(environment: string, ...words: readonly string[]): Promise<CommandRun> {
    return this.run(...this.installWords(environment, ...words));
  }

  run(...words: readonly string[]): Promise<CommandRun> {
    return runShoal(words, { cwd: this.folder, variables: { SHOAL_CACHE_DIR: this.cache } });
  }

  /** Files of the cached trees that end with `suffix`. */
  cachedFiles(suffix: string): readonly string[] {
    return globSync(join(this.cache, 'trees-v1', '*', '*', 'tree', '**', suffix));
  }
}

export async function cacheScene(
  t: TestContext,
  ...distributions: readonly IndexedDistribution[]
): Promise<CacheScene> {
  const index = await startLocalIndex({ distributions });
  t.after(() => index.close());
  return new CacheScene(temporaryFolder(t), index);
}

/** The content of an installed file, by its path below site-packages. */
export function installedText(environment: string, path: string): string {
  const [found = ''] = globSync(join(environment, 'lib', 'python*', 'site-packages', path));
  return readFileSync(found, 'utf8');
}
