/** A folder to make environments in, with the search path of one Python or of several. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { anyPython } from './python-tools.ts';
import { runShoal } from './run-command.ts';
import type { CommandRun, RunOptions } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Word = string | Pick<RunOptions, 'variables' | 'input'>;

export interface VenvScene {
  readonly folder: string;
  /** `3.12`: of the Python that is found first. */
  readonly minor: string;
  path(...segments: readonly string[]): string;
  write(path: string, text: string): void;
  /** The keys of an environment's `pyvenv.cfg`. */
  configuration(environment: string): ReadonlyMap<string, string>;
  /** Variables may stand among the words. */
  run(...words: readonly Word[]): Promise<CommandRun>;
  /** The same scene with a folder in it, made when missing, as the working folder of `run`. */
  in(folder: string): VenvScene;
}

/** @param pythons executables whose folders are searched, in this order; by default the one that tests run on. */
export function venvScene(t: TestContext, pythons: readonly string[] = [anyPython()]): VenvScene {
  const folders = pythons.flatMap((python) => (python.includes('/') ? [dirname(python)] : []));
  // Without the rest of this machine's search path: what else is installed must not decide a test.
  const searchPath =
    folders.length < pythons.length ? (process.env['PATH'] ?? '') : [...folders, '/usr/bin', '/bin'].join(':');
  const minor = execFileSync(pythons[0] ?? 'python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  return sceneIn(realpathSync(temporaryFolder(t)), { searchPath, minor: minor.trim() });
}

function sceneIn(folder: string, facts: { readonly searchPath: string; readonly minor: string }): VenvScene {
  const path = (...segments: readonly string[]): string => join(folder, ...segments);
  return {
    folder,
    minor: facts.minor,
    path,
    write: (name, text) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
    configuration: (environment) => {
      const lines = readFileSync(path(environment, 'pyvenv.cfg'), 'utf8').trimEnd().split('\n');
      return new Map(lines.map((line) => [line.split(' = ')[0] ?? '', line.split(' = ').slice(1).join(' = ')]));
    },
    run: (...words) => {
      const options = words.filter((word) => typeof word === 'object');
      const variables = options.map((option) => option.variables);
      const { input } = Object.assign({ input: undefined }, ...options) as Pick<RunOptions, 'input'>;
      return runShoal(
        words.filter((word) => typeof word === 'string'),
        {
          cwd: folder,
          variables: Object.assign({ PATH: facts.searchPath, UV_NO_CONFIG: '' }, ...variables),
          ...(input === undefined ? {} : { input }),
        },
      );
    },
    in: (below) => {
      mkdirSync(path(below), { recursive: true });
      return sceneIn(path(below), facts);
    },
  };
}
