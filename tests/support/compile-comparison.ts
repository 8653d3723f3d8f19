/** The same `pip compile` by the command under test and by the real uv, each in a folder of its own, on one pair of indexes. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { startLocalIndex, type LocalIndex } from './local-index.ts';
import { anyPython, pythonTools } from './python-tools.ts';
import { runShoal } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { Universe } from './universe.ts';
import { distributionsOf } from './universe-distributions.ts';

/** In words, files and variables `{one}` and `{two}` stand for the indexes, `{one/files}` and `{two/files}` for their link pages. */
export interface CompileCase {
  readonly words: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Not given `--default-index` and `--python`. */
  readonly bare?: true;
}

export interface CompileOutcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What `-o out.txt` holds then. */
  readonly written: string | undefined;
}

export interface Compared {
  readonly ours: CompileOutcome;
  readonly uv: CompileOutcome;
}

export class CompileComparison implements AsyncDisposable {
  readonly #indexes: Readonly<Record<'one' | 'two', LocalIndex>>;
  readonly #uv: string;

  private constructor(one: LocalIndex, two: LocalIndex, uv: string) {
    this.#indexes = { one, two };
    this.#uv = uv;
  }

  static async start(one: Universe, two: Universe): Promise<CompileComparison> {
    const { uv } = await pythonTools();
    return new CompileComparison(
      await startLocalIndex({ distributions: distributionsOf(one) }),
      await startLocalIndex({ distributions: distributionsOf(two) }),
      uv,
    );
  }

  /** What the command under test does, and what uv does. */
  async both(t: TestContext, asked: CompileCase): Promise<Compared> {
    const [ours, uv] = await Promise.all([this.#run(t, asked), this.#run(t, asked, this.#uv)]);
    return { ours, uv };
  }

  async ours(t: TestContext, asked: CompileCase): Promise<CompileOutcome> {
    return await this.#run(t, asked);
  }

  async #run(t: TestContext, asked: CompileCase, program?: string): Promise<CompileOutcome> {
    const cwd = temporaryFolder(t);
    for (const [path, text] of Object.entries(asked.files ?? {})) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), this.#filled(text));
    }
    const usual = asked.bare === true ? [] : ['--default-index', '{one}', '-p', anyPython()];
    const words = ['pip', 'compile', ...usual, ...asked.words].map((word) => this.#filled(word));
    const variables = Object.entries(asked.variables ?? {}).map(([name, text]) => [name, this.#filled(text)]);
    const { status, stdout, stderr } = await runShoal(words, {
      cwd,
      variables: Object.fromEntries(variables),
      input: this.#filled(asked.input ?? ''),
      ...(program === undefined ? {} : { program }),
    });
    const [path] = ['out.txt', 'new/folder/out.txt'].map((name) => join(cwd, name)).filter((name) => existsSync(name));
    const written = path === undefined ? undefined : this.#normalized(readFileSync(path, 'utf8'), cwd);
    return { status, stdout: this.#normalized(stdout, cwd), stderr: this.#normalized(stderr, cwd), written };
  }

  #filled(text: string): string {
    const { one, two } = this.#indexes;
    return text
      .replaceAll('{one}', one.url)
      .replaceAll('{two}', two.url)
      .replaceAll('{one/files}', `${one.root}files/`)
      .replaceAll('{two/files}', `${two.root}files/`);
  }

  #normalized(text: string, cwd: string): string {
    const { one, two } = this.#indexes;
    return text
      .replaceAll(one.root, 'http://one/')
      .replaceAll(two.root, 'http://two/')
      .replaceAll(cwd, '[CWD]')
      .replaceAll(/\buv\b/g, 'shoal');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#indexes.one.close(), this.#indexes.two.close()]);
  }
}

/** Every case ends as in uv: status, standard output, standard error but for durations, and the file that is written. */
export async function assertAsUv(
  t: TestContext,
  comparison: CompileComparison,
  cases: readonly CompileCase[],
): Promise<void> {
  for (const asked of cases) {
    const { ours, uv } = await comparison.both(t, asked);
    assert.deepEqual(ours, uv, `pip compile ${asked.words.join(' ')}`);
  }
}

/** A case with one requirements file, `in.txt`. */
export function compiling(text: string, ...words: readonly string[]): CompileCase {
  return { words: ['in.txt', ...words], files: { 'in.txt': `${text}\n` } };
}
