/** A folder for projects, and a search path with one Python: every command that is run there sees nothing else of this machine. */
import { globSync, readFileSync, statSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { venvScene } from './venv-scene.ts';
import type { VenvScene, Word } from './venv-scene.ts';
import type { CommandRun } from './run-command.ts';

export interface ProjectScene {
  readonly folder: string;
  /** `3.12`: of the Python that is found. */
  readonly minor: string;
  path(...segments: readonly string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Files below the folder by their paths, without those of repositories and environments. */
  files(): Readonly<Record<string, string>>;
  run(...words: readonly Word[]): Promise<CommandRun>;
  in(folder: string): ProjectScene;
}

export function projectScene(t: TestContext): ProjectScene {
  return sceneOf(venvScene(t));
}

/** Git knows an author here, whatever this machine says. */
const GIT: Readonly<Record<string, string>> = {
  UV_NO_CONFIG: 'false',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'user.name',
  GIT_CONFIG_VALUE_0: 'Ann Other',
  GIT_CONFIG_KEY_1: 'user.email',
  GIT_CONFIG_VALUE_1: 'ann@mail.test',
};

function sceneOf(scene: VenvScene): ProjectScene {
  const { folder, minor } = scene;
  const path = (...segments: readonly string[]): string => scene.path(...segments);
  return {
    folder,
    minor,
    path,
    write: (name, text) => scene.write(name, text),
    read: (name) => readFileSync(path(name), 'utf8'),
    files: () =>
      Object.fromEntries(
        globSync('**/{*,.*}', { cwd: folder, exclude: (name) => name === '.git' || name === '.venv' })
          .filter((name) => statSync(path(name)).isFile())
          .toSorted()
          .map((name) => [name, readFileSync(path(name), 'utf8')]),
      ),
    run: (...words) => scene.run({ variables: GIT }, ...words),
    in: (below) => sceneOf(scene.in(below)),
  };
}
