/**
 * Runs the command under test as a person would, apart from everything of this machine but its Pythons.
 *
 * `SHOAL_BIN` may name the real uv: its name and its usage lines are then filtered out of what it says, so that the same
 * expectations hold for both.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { shoalCommand } from './shoal-command.ts';

export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  /** Durations are `[TIME]`. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Beside `PATH` and what keeps the run apart; these come last. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What standard input holds; it ends after that. */
  readonly input?: string | Uint8Array;
  /** Another program than the command under test, such as the real uv. */
  readonly program?: string;
}

let home: string | undefined;

/** Run `shoal <words>`. One cache and one home serve all runs of this process. */
export function runShoal(words: readonly string[], options: RunOptions): Promise<CommandRun> {
  const { cwd, variables = {}, input } = options;
  const [program = '', ...leading] = options.program === undefined ? shoalCommand() : [options.program];
  const env = { ...apartVariables(), ...variables };
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...leading, ...words],
      { cwd, env, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') return reject(error);
        return resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr: filtered(stderr) });
      },
    );
    child.stdin?.end(input);
  });
}

function apartVariables(): Record<string, string> {
  home ??= temporaryHome();
  const cache = join(home, 'cache');
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    SHOAL_CACHE_DIR: cache,
    UV_CACHE_DIR: cache,
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_CONFIG: '1',
  };
}

function temporaryHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-test-home-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function filtered(text: string): string {
  return text
    .replaceAll(/\bin \d+(?:\.\d+)?m?s/g, 'in [TIME]')
    .replaceAll(/^Usage: .*\n\n/gm, '')
    .replaceAll('`uv ', '`shoal ');
}
