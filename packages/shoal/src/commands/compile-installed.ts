/** Bytecode for what was just installed: the `.py` files that the RECORDs of these distributions list. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseRecord } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { compileBytecode, DEFAULT_COMPILE_TIMEOUT_MS } from '../install/compile-bytecode.ts';

export interface CompileInstalledInput {
  readonly environment: Environment;
  /** Absolute `.dist-info` folders. */
  readonly distInfos: readonly string[];
  /** For the processes that compile. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** For one file; 0 waits for ever. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @returns how many files were compiled. @throws {BytecodeError} when the interpreter fails or hangs. */
export async function compileInstalled(input: CompileInstalledInput): Promise<number> {
  const { environment, distInfos, variables, timeoutMs = DEFAULT_COMPILE_TIMEOUT_MS, signal } = input;
  const paths = distInfos.flatMap((distInfo) =>
    parseRecord(readFileSync(join(distInfo, 'RECORD'), 'utf8')).map(({ path }) => resolve(dirname(distInfo), path)),
  );
  return await compileBytecode(paths, {
    python: environment.interpreter.executable,
    concurrency: availableParallelism(),
    timeoutMs: timeoutMs === 0 ? undefined : timeoutMs,
    variables,
    signal,
  });
}
