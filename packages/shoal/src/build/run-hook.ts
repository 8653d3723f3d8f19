/**
 * One hook of a build backend, called in a process group of its own: whatever the backend starts ends with it.
 *
 * ## Guarantees
 * - What the backend prints never mixes with its answer; it goes to the log, and to whoever listens.
 * - When this process is killed, or the signal is aborted, the whole group ends.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { BuildFailedError } from './build-errors.ts';
import type { BuildListener } from './build-event.ts';
import type { BuildSystem } from './build-system.ts';
import { HOOK_SCRIPT } from './hook-script.ts';

export interface HookCall {
  readonly hook: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Python: functions with the names of hooks, for a backend that lacks one; each takes the backend first. */
  readonly standIn?: string | undefined;
}

export interface HookSurroundings {
  /** What is built, as messages name it. */
  readonly subject: string;
  /** The source tree, which is the working folder of the hook. */
  readonly sourceFolder: string;
  /** Private; requests and answers go through it. */
  readonly workFolder: string;
  readonly logPath: string;
  readonly python: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly system: Pick<BuildSystem, 'backend' | 'backendPath'>;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: BuildListener | undefined;
}

export type HookAnswer =
  | { readonly outcome: 'value'; readonly value: unknown }
  /** The backend has no such hook. */
  | { readonly outcome: 'no-hook' };

const TAIL_LIMIT = 8000;
const OUTPUT_LINGERS_MS = 1000;

/** @throws {BuildFailedError} when the hook raised, its process ended otherwise, or the backend was not found. */
export async function runHook(call: HookCall, surroundings: HookSurroundings): Promise<HookAnswer> {
  const { system, workFolder, onEvent } = surroundings;
  const folder = mkdtempSync(join(workFolder, 'hook-'));
  try {
    writeFileSync(join(folder, 'hook.py'), HOOK_SCRIPT);
    const standIn = call.standIn === undefined ? null : join(folder, 'stand_in.py');
    if (standIn !== null) writeFileSync(standIn, call.standIn ?? '');
    writeFileSync(join(folder, 'request.json'), JSON.stringify({ ...system, ...call, standIn }));
    onEvent?.({ type: 'step', name: 'hook-started', detail: call.hook });
    const ending = await runToEnd(folder, surroundings);
    onEvent?.({ type: 'step', name: 'hook-ended', detail: call.hook });
    surroundings.signal?.throwIfAborted();
    const answer = ending.status === 0 ? readAnswer(folder) : undefined;
    if (answer !== undefined) return answer;
    throw new BuildFailedError(surroundings.subject, {
      ...ending,
      hook: call.hook,
      backend: system.backend,
      logPath: keepLog(surroundings),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log outlives the failed build, in the folder for temporary files. */
function keepLog({ logPath, variables }: HookSurroundings): string {
  const folder = mkdtempSync(join(variables['TMPDIR'] ?? tmpdir(), 'shoal-build-'));
  const kept = join(folder, 'build.log');
  try {
    copyFileSync(logPath, kept);
  } catch (error) {
    // A backend that printed nothing left none.
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    writeFileSync(kept, '');
  }
  return kept;
}

function readAnswer(folder: string): HookAnswer | undefined {
  try {
    const answer = JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')) as
      | HookAnswer
      | { readonly outcome: 'no-backend' };
    return answer.outcome === 'no-backend' ? undefined : answer;
  } catch (error) {
    // A backend that ends the process by itself leaves no answer.
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface Ending {
  readonly status: number | null;
  readonly signal: string | null;
  readonly logTail: string;
}

function runToEnd(folder: string, surroundings: HookSurroundings): Promise<Ending> {
  const { python, sourceFolder, variables, signal } = surroundings;
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(folder, 'hook.py'), folder], {
      cwd: sourceFolder,
      env: Object.fromEntries(
        Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      // The fourth is never written to: its end tells the child that we are gone.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const tail = logOutput(child, surroundings);
    const end = (): void => endGroup(child);
    signal?.addEventListener('abort', end, { once: true });
    child.on('error', (error) => {
      signal?.removeEventListener('abort', end);
      reject(error);
    });
    child.on('exit', () => {
      end();
      endOutput(child);
    });
    child.on('close', (status, killedBy) => {
      signal?.removeEventListener('abort', end);
      resolve({ ...(readEnding(folder) ?? { status, signal: killedBy }), logTail: tail() });
    });
  });
}

/** How the process of the backend ended, as the leader of its group has noted it; absent when the leader was ended first. */
function readEnding(folder: string): Pick<Ending, 'status' | 'signal'> | undefined {
  try {
    const [kind, number = ''] = readFileSync(join(folder, 'ending'), 'utf8').split(' ');
    return kind === 'exit'
      ? { status: Number(number), signal: null }
      : { status: null, signal: nameOfSignal(Number(number)) };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function nameOfSignal(number: number): string {
  return Object.entries(constants.signals).find(([, one]) => one === number)?.[0] ?? `signal ${number}`;
}

/** A child that left the group may hold the output open for as long as it lives: nobody waits for that. */
function endOutput(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, OUTPUT_LINGERS_MS);
  child.on('close', () => clearTimeout(timer));
}

/** What the backend left running, too. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

/** Whoever deletes the cache deletes the log with the build, which is found out when the hook has ended. */
function appendIfPossible(logPath: string, chunk: Buffer): void {
  try {
    appendFileSync(logPath, chunk);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}

function logOutput(child: ChildProcess, { logPath, subject, onEvent }: HookSurroundings): () => string {
  let tail = '';
  const take = (chunk: Buffer): void => {
    appendIfPossible(logPath, chunk);
    const text = chunk.toString('utf8');
    tail = (tail + text).slice(-TAIL_LIMIT);
    onEvent?.({ type: 'build-output', subject, text });
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return () => tail;
}
