/** The variables of a program that `run` starts. */
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import type { OptionValues } from './option-values.ts';
import { parseEnvFile } from './parse-env-file.ts';
import { absolutePath } from './session.ts';
import type { Session, Variables } from './session.ts';
import { readVariable } from './variable-values.ts';

/** A file of `--env-file` is not there. */
export class MissingEnvFileError extends OperationalError {
  override readonly code = 'ENV_FILE_MISSING';

  constructor(shown: string) {
    super(`No environment file found at: ${shown}`);
  }
}

/** `run` was called by what it runs, too often. */
export class RecursionError extends OperationalError {
  override readonly code = 'RUN_RECURSION';

  constructor(depth: number, most: number) {
    super(`\`shoal run\` was recursively invoked ${depth} times which exceeds the limit of ${most}.`, {
      hint: 'If you are running a script with `shoal run` in the shebang, you may need to include the `--script` flag.',
    });
  }
}

const MOST_RECURSIONS = 100;

/** What the environment of a program adds to its variables. */
export interface RunPlace {
  /** Root of the virtual environment; absent when it is none. */
  readonly root: string | undefined;
  /** Folders of programs, the first one searched first. */
  readonly folders: readonly string[];
}

/** @throws {MissingEnvFileError} {RecursionError} */
export function runVariables({ root, folders }: RunPlace, session: Session, values: OptionValues): Variables {
  const own = withEnvFiles(session, values);
  const { VIRTUAL_ENV: _active, ...rest } = own;
  return {
    ...(root === undefined ? own : rest),
    PATH: [...folders, own['PATH']].filter((part) => part !== undefined && part !== '').join(delimiter),
    ...(root === undefined ? {} : { VIRTUAL_ENV: root }),
    UV_RUN_RECURSION_DEPTH: String(nextDepth(session)),
  };
}

/** How deep `run` is called in itself, this call counted. @throws {RecursionError} */
function nextDepth({ variables }: Session): number {
  const depth = Number(variables['UV_RUN_RECURSION_DEPTH'] ?? 0) || 0;
  const most = Number(readVariable('RUN_MAX_RECURSION_DEPTH', variables)?.text ?? MOST_RECURSIONS) || MOST_RECURSIONS;
  if (depth > most) throw new RecursionError(depth, most);
  return depth + 1;
}

/** Later files outrank earlier ones, and what is set already outranks all. */
function withEnvFiles(session: Session, values: OptionValues): Variables {
  if (values.flag('noEnvFile')) return session.variables;
  const found: Record<string, string> = {};
  for (const written of values.list('envFile')) {
    const { variables, faults } = parseEnvFile(readEnvFile(written, session), session.variables);
    if (faults.length > 0)
      session.reporter.warning(`Failed to parse environment file \`${written}\` at line ${faults[0]}`);
    Object.assign(found, Object.fromEntries(variables));
  }
  return { ...found, ...session.variables };
}

function readEnvFile(written: string, session: Session): string {
  try {
    return readFileSync(absolutePath(session, written), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) throw new MissingEnvFileError(written);
    throw error;
  }
}
