/** Command lines started as real processes that wait at a barrier, and begin their work in the same moment. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

export interface TogetherOptions {
  readonly cwd?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** After this a command counts as hanging: it is killed, and its status is null. */
  readonly timeoutMs?: number;
}

/** Start all, wait until each stands at the barrier, release them, and wait for their ends, in the order given. */
export async function runTogether(
  commands: readonly (readonly string[])[],
  options: TogetherOptions = {},
): Promise<CommandEnd[]> {
  const waiting = await Promise.all(commands.map((command) => startAtBarrier(command, options)));
  return await Promise.all(waiting.map((one) => one.release()));
}

interface AtBarrier {
  release(): Promise<CommandEnd>;
}

/** A shell says that it is there, reads a line, and becomes the command. */
async function startAtBarrier(
  command: readonly string[],
  { cwd, variables, timeoutMs = 300_000 }: TogetherOptions,
): Promise<AtBarrier> {
  const child = spawn('sh', ['-c', 'echo at-barrier >&2; read -r go; exec "$@"', 'sh', ...command], {
    cwd,
    env: { ...process.env, ...variables },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  await arrival(child, output);
  return {
    release: () =>
      new Promise((resolve) => {
        const started = performance.now();
        const hanging = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
        child.on('close', (status) => {
          clearTimeout(hanging);
          resolve({ status, ...output, elapsedMs: performance.now() - started });
        });
        child.stdin.end('go\n');
      }),
  };
}

function arrival(child: ChildProcessWithoutNullStreams, output: { stderr: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk.toString();
      if (!output.stderr.startsWith('at-barrier\n')) return;
      output.stderr = output.stderr.slice('at-barrier\n'.length);
      resolve();
    });
  });
}
