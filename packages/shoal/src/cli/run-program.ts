/**
 * The end of `run`: this process becomes the program where the system can do that, so that signals, terminals and exit statuses are
 * the program's own. Elsewhere, and where something must be tidied afterwards, it is started, given all signals, and waited for.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants as fileConstants, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { hasErrorCode, OperationalError, replaceProcess } from '@shoal/cache';
import type { Session, Variables } from './session.ts';

/** The program is not there, or cannot be run. */
export class SpawnError extends OperationalError {
  override readonly code = 'SPAWN_FAILED';

  constructor(program: string, cause: unknown) {
    super(`Failed to spawn: ${program}`, { cause });
  }
}

export interface ProgramRun {
  /** As it was written: a path when it has a separator, else a name on the search path of `variables`. */
  readonly program: string;
  readonly words: readonly string[];
  readonly variables: Variables;
  /** Called just before this process is replaced: what the program needs is handed over to it. */
  readonly handOver: () => void;
  /** Something must be done when the program has ended, so this process has to stay. */
  readonly staysBehind: boolean;
}

/** @returns the exit status, where this process was not replaced. @throws {SpawnError} */
export async function runProgram(run: ProgramRun, session: Session): Promise<number> {
  const { program, words, variables } = run;
  try {
    const path = findProgram(program, variables, session.workingFolder);
    process.chdir(session.workingFolder);
    if (!run.staysBehind && process.platform === 'linux') {
      run.handOver();
      replaceProcess({ program: path, words: [program, ...words], variables });
    }
    return await startAndWait(path, run, session);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'ENOEXEC', 'ENOTDIR', 'E2BIG', 'ELOOP', 'EPERM', 'ETXTBSY'))
      throw new SpawnError(program, error);
    throw error;
  }
}

/** @throws ENOENT, or EACCES when all that is found cannot be run. */
function findProgram(program: string, variables: Variables, folder: string): string {
  if (program.includes('/') || program.includes(sep)) {
    const path = isAbsolute(program) ? program : resolve(folder, program);
    accessSync(path, fileConstants.X_OK);
    return path;
  }
  let refusal: unknown;
  for (const place of (variables['PATH'] ?? '').split(delimiter)) {
    const path = resolve(folder, place, program);
    try {
      accessSync(path, fileConstants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) throw error;
      if (hasErrorCode(error, 'EACCES')) refusal = error;
    }
  }
  throw refusal ?? Object.assign(new Error(`ENOENT: no such file or directory, '${program}'`), { code: 'ENOENT' });
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** A child that a signal has ended gives 128 and the signal's number, as shells do. */
async function startAndWait(
  path: string,
  { program, words, variables }: ProgramRun,
  session: Session,
): Promise<number> {
  session.letSignalsPass();
  const child = spawn(path, words, { stdio: 'inherit', env: { ...variables }, argv0: program });
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal has told the child already.
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise((settle, reject) => {
      child.on('error', reject);
      child.on('exit', (status, signal) => settle(status ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

/** What is in an environment's folder of scripts that a person might run. */
export function isRunnable(folder: string, name: string): boolean {
  try {
    const path = join(folder, name);
    accessSync(path, fileConstants.X_OK);
    return statSync(path).isFile() && readFileSync(path).length > 0;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'EACCES', 'ELOOP')) return false;
    throw error;
  }
}
