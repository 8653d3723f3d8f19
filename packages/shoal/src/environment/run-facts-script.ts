/** Starting an interpreter to have it describe itself. */
import { spawn } from 'node:child_process';
import { randomName } from '@shoal/cache';
import { FACTS_SCRIPT } from './facts-script.ts';
import { InterpreterError } from './interpreter-errors.ts';
import type { Refusal } from './interpreter-errors.ts';
import type { ReportedFacts } from './interpreter-facts.ts';

export type Report = { readonly facts: ReportedFacts } | { readonly refusal: Refusal };

export interface RunOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Long enough for a Python on a slow network mount; what takes longer is not a Python. */
const TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT = 1_000_000;

/**
 * The report of the interpreter at `path`.
 *
 * @throws {InterpreterError} when there is no such program, or it does not answer as a Python does.
 * @throws the signal's reason when aborted.
 */
export async function runFactsScript(path: string, options: RunOptions): Promise<Report> {
  const frame = `<${randomName()}>`;
  const ending = await runToEnd(path, ['-I', '-B', '-', frame], options);
  options.signal?.throwIfAborted();
  const { stdout, stderr, status, signal } = ending;
  const report = reportIn(path, frame, ending);
  if (report !== undefined) return report;
  if (ending.isTimedOut) throw new InterpreterError(path, { kind: 'time-out', timeoutMs: TIMEOUT_MS });
  if (signal !== null) throw new InterpreterError(path, { kind: 'killed', signal, stdout, stderr });
  if (status !== 0 && /unknown option:? -I/i.test(stderr)) {
    return { refusal: { kind: 'no-isolation', detail: '' } };
  }
  if (status !== 0) throw new InterpreterError(path, { kind: 'exit-status', status: status ?? -1, stdout, stderr });
  throw new InterpreterError(path, {
    kind: 'no-answer',
    reason: 'it did not print what the script asks for',
    stdout,
    stderr,
  });
}

function reportIn(path: string, frame: string, { stdout, stderr }: Ending): Report | undefined {
  const [, content, end] = stdout.split(frame);
  if (content === undefined || end === undefined) return undefined;
  try {
    return JSON.parse(content) as Report;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InterpreterError(path, { kind: 'no-answer', reason: error.message, stdout, stderr }, error);
  }
}

interface Ending {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTimedOut: boolean;
}

function runToEnd(path: string, words: readonly string[], options: RunOptions): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, words, {
      cwd: options.workingFolder,
      env: childVariables(options.variables),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let isTimedOut = false;
    const kill = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, TIMEOUT_MS);
    options.signal?.addEventListener('abort', kill, { once: true });
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', kill);
      act();
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.on('error', (error) => settle(() => reject(startError(path, error))));
    child.on('close', (status, signal) =>
      settle(() => resolve({ status, signal, stdout: stdout(), stderr: stderr(), isTimedOut })),
    );
    // A program that ends without reading closes the pipe; its status tells what there is to tell.
    child.stdin.on('error', () => undefined);
    child.stdin.end(FACTS_SCRIPT);
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** A framework Python of macOS takes this variable for its own path, whichever interpreter set it. */
function childVariables(variables: RunOptions['variables']): Record<string, string> {
  const kept = Object.entries(variables).filter(([name]) => name !== '__PYVENV_LAUNCHER__');
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function startError(path: string, error: NodeJS.ErrnoException): InterpreterError {
  const systemCode = error.code ?? 'unknown error';
  const kind = systemCode === 'EACCES' || systemCode === 'EPERM' ? 'not-executable' : 'not-startable';
  return new InterpreterError(path, { kind, systemCode }, error);
}
