/** Where the benchmark works: the tools, their caches and their environments, in one folder that is removed at the end. */
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from './measure.ts';
import { TWELVE_PROJECTS } from './wheels.ts';

const run = promisify(execFile);

export interface Tool {
  readonly name: string;
  /** The command that installs the twelve projects into an environment. */
  readonly install: (environment: string) => readonly string[];
  readonly rounds?: number;
}

export interface InstallOptions {
  /** Each round starts with an empty cache. */
  readonly cold?: boolean;
  /** Commands at once. Default 1. */
  readonly count?: number;
  /** All commands work on one environment. */
  readonly shared?: boolean;
}

export class Stage {
  readonly folder: string;
  #serial = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A path that nothing had before. Some file systems are slow where files were removed just before, so nothing is used twice. */
  fresh(name: string): string {
    this.#serial += 1;
    return join(this.folder, 'row', `${name}-${this.#serial}`);
  }

  variablesOf(
    tool: Tool,
    cache: string = join(this.folder, `cache-${tool.name.replaceAll(' ', '-')}`),
  ): Record<string, string> {
    return {
      SHOAL_CACHE_DIR: cache,
      UV_CACHE_DIR: cache,
      PIP_CACHE_DIR: cache,
      UV_PYTHON_DOWNLOADS: 'never',
      UV_NO_CONFIG: '1',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_FIND_LINKS: '',
    };
  }

  /** A new, empty environment. */
  async environment(): Promise<string> {
    const place = this.fresh('environment');
    await mkdir(join(this.folder, 'row'), { recursive: true });
    await run('cp', ['-a', join(this.folder, 'template'), place]);
    return place;
  }

  /** Installing into fresh environments. */
  installing(tool: Tool, { cold = false, count = 1, shared = false }: InstallOptions): Contender {
    let environments: string[] = [];
    const variables = this.variablesOf(tool);
    return {
      name: tool.name,
      variables,
      rounds: tool.rounds,
      prepare: async () => {
        if (cold) Object.assign(variables, this.variablesOf(tool, this.fresh('cache')));
        environments = [];
        for (let made = 0; made < (shared ? 1 : count); made += 1) environments.push(await this.environment());
        await run('sync');
      },
      commands: () =>
        Array.from({ length: count }, (_, number) => tool.install(environments[shared ? 0 : number] ?? '')),
    };
  }

  /** Between two rows of the table. */
  async clear(): Promise<void> {
    await rm(join(this.folder, 'row'), { recursive: true, force: true });
    await run('sync');
  }
}

export function pipInstall(program: string, environment: string, index: string): readonly string[] {
  return [program, 'pip', 'install', '-q', '-p', environment, '--index-url', index, ...TWELVE_PROJECTS];
}
