/** One of two programs with the same words, and a place where each script begins anew: caches, environments, an index. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { runTogether } from '../../tests/support/commands-together.ts';
import type { CommandEnd } from '../../tests/support/commands-together.ts';
import { startLocalIndex } from '../../tests/support/local-index.ts';
import type { LocalIndex } from '../../tests/support/local-index.ts';
import { anyPython } from '../../tests/support/python-tools.ts';
import { buildWheel } from '../../tests/support/wheel-builder.ts';
import { assertClaimsAreWhole } from '../../tests/support/whole-environment.ts';

/** `p0` to `p39`: 100 modules each. */
export const PROJECTS: readonly string[] = Array.from({ length: 40 }, (_, number) => `p${number}`);

export function hostileIndex(): Promise<LocalIndex> {
  const files = (name: string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: 100 }, (_, file) => [`${name}/m${file}.py`, `value = '${name} ${file}'\n`.repeat(20)]),
    );
  const distributions = PROJECTS.map((name) =>
    buildWheel({ name, version: '1.0', files: { [`${name}/__init__.py`]: '', ...files(name) } }),
  );
  return startLocalIndex({ distributions });
}

export class Contender {
  readonly name: string;
  readonly program: string;
  readonly folder: string;
  readonly index: LocalIndex;
  /** Of unpacked wheels, below the cache. */
  readonly #trees: string;
  #environments = 0;

  constructor(name: string, program: string, place: { readonly folder: string; readonly index: LocalIndex }) {
    this.name = name;
    this.program = program;
    this.folder = place.folder;
    this.index = place.index;
    this.#trees = name === 'uv' ? 'archive-v0/*' : 'trees-v1/*/*/tree';
  }

  get cache(): string {
    return join(this.folder, 'cache');
  }

  get variables(): Readonly<Record<string, string>> {
    return { UV_CACHE_DIR: this.cache, SHOAL_CACHE_DIR: this.cache, UV_NO_CONFIG: '1' };
  }

  cached(path: string): readonly string[] {
    return globSync(join(this.cache, this.#trees, path));
  }

  environment(): string {
    const template = join(this.folder, 'template');
    if (!existsSync(template)) execFileSync(anyPython(), ['-m', 'venv', '--without-pip', '--symlinks', template]);
    this.#environments += 1;
    const root = join(this.folder, `env-${this.#environments}`);
    cpSync(template, root, { recursive: true, verbatimSymlinks: true });
    return root;
  }

  installWords(environment: string, ...words: readonly string[]): readonly string[] {
    return [this.program, 'pip', 'install', '-p', environment, '--index-url', this.index.url, ...words];
  }

  async install(environment: string, ...words: readonly string[]): Promise<CommandEnd> {
    const [end] = await this.together([this.installWords(environment, ...words)]);
    if (end === undefined) throw new Error('one command has one end');
    return end;
  }

  together(commands: readonly (readonly string[])[]): Promise<CommandEnd[]> {
    return runTogether(commands, { cwd: this.folder, variables: this.variables });
  }

  /**
   * Run the words over and over until `work` has ended, each time that `isDue`.
   *
   * @returns how long each run took, in milliseconds
   */
  async besides<T>(
    words: readonly string[],
    work: Promise<T>,
    isDue: () => boolean = (): boolean => true,
  ): Promise<readonly number[]> {
    const state = { isOver: false };
    void work.finally(() => (state.isOver = true));
    const times: number[] = [];
    while (!state.isOver) {
      await new Promise(setImmediate);
      if (!isDue()) continue;
      const started = performance.now();
      await this.#runQuietly(words);
      times.push(performance.now() - started);
    }
    return times;
  }

  #runQuietly([program = '', ...words]: readonly string[]): Promise<number | null> {
    const child = spawn(program, words, {
      cwd: this.folder,
      env: { ...process.env, ...this.variables },
      stdio: 'ignore',
    });
    return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  }
}

/** Is everything there that the environment claims to have? */
export function isWhole(environment: string): boolean {
  try {
    assertClaimsAreWhole(environment);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') return false;
    throw error;
  }
}
