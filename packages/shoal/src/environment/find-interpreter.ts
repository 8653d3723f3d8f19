/** Finding the interpreter that a request means. */
import { basename } from 'node:path';
import { EnvironmentNotFoundError, InterpreterNotFoundError } from './discovery-errors.ts';
import type { InspectionError, SearchScope } from './discovery-errors.ts';
import type { InvalidEnvironmentError } from './environment-errors.ts';
import { environmentOfInterpreter } from './environment.ts';
import type { Environment } from './environment.ts';
import { executableNames } from './executable-names.ts';
import { installations } from './installations.ts';
import type { Interpreter } from './installations.ts';
import { InterpreterError } from './interpreter-errors.ts';
import type { PythonHost } from './python-host.ts';
import { allowsDebug, allowsOtherImplementations, allowsPrereleases } from './python-request.ts';
import type { PythonRequest } from './python-request.ts';
import { allowsAnyImplementation, allowsSpecialBuilds } from './python-source.ts';

export type { Interpreter } from './installations.ts';

/**
 * The first interpreter of the search that the request accepts. Managed ones (when the system's are preferred), debug builds
 * and pre-releases that were not asked for are taken when there is nothing else.
 *
 * @throws {InterpreterNotFoundError} when there is none.
 * @throws {InspectionError} {InvalidEnvironmentError} when there is none, but something that could have been one is broken.
 * @throws {InvalidPythonRequestError} {SourceNotAllowedError}
 */
export async function findInterpreter(
  request: PythonRequest,
  scope: SearchScope,
  host: PythonHost,
): Promise<Interpreter> {
  const lesser = new Map<Reserve, Interpreter>();
  let firstError: InspectionError | InvalidEnvironmentError | undefined;
  for await (const step of installations(request, scope, host)) {
    if (step.kind === 'passed-over') {
      if (!isTooOld(step.error)) firstError ??= step.error;
      continue;
    }
    const reserve = reserveOf(step.interpreter, request, scope);
    if (reserve === undefined) return step.interpreter;
    if (!lesser.has(reserve)) lesser.set(reserve, step.interpreter);
  }
  const found = lesser.get('managed') ?? lesser.get('debug') ?? lesser.get('prerelease');
  if (found !== undefined) return found;
  throw firstError ?? new InterpreterNotFoundError(request, scope);
}

/** Looking around, an interpreter that is too old is no sign that something is broken. */
function isTooOld({ cause }: Error): boolean {
  if (!(cause instanceof InterpreterError) || cause.fault.kind !== 'refused') return false;
  return cause.fault.refusal.kind === 'too-old' || cause.fault.refusal.kind === 'no-isolation';
}

/** Why an interpreter is only taken when there is no other; `never` is not taken at all. */
type Reserve = 'managed' | 'debug' | 'prerelease' | 'never';

function reserveOf(
  { facts, source }: Interpreter,
  request: PythonRequest,
  { preference }: SearchScope,
): Reserve | undefined {
  const isOptIn = (source === 'search-path' || source === 'search-path-first') && hasDefaultName(facts.executable);
  const isSpecialAllowed = isOptIn || allowsSpecialBuilds(source);
  if (facts.version.pre !== undefined && !isSpecialAllowed && !allowsPrereleases(request)) return 'prerelease';
  if (facts.debug && !isSpecialAllowed && !allowsDebug(request)) return 'debug';
  if (
    facts.implementation !== 'cpython' &&
    !isOptIn &&
    !allowsAnyImplementation(source) &&
    !allowsOtherImplementations(request)
  ) {
    return 'never';
  }
  return preference === 'system' && source === 'managed' ? 'managed' : undefined;
}

/** An interpreter that answers to `python` on the search path was put there to be used, whatever it is. */
function hasDefaultName(executable: string): boolean {
  const name = process.platform === 'win32' ? basename(executable).replace(/\.exe$/i, '') : basename(executable);
  return executableNames({ kind: 'default' }).includes(name);
}

/**
 * The environment to work in. `--system` is `only-system`; commands that change an environment take `explicit-system`, those
 * that only read one `any`.
 *
 * @throws {EnvironmentNotFoundError} when there is none; else as `findInterpreter`.
 */
export async function findEnvironment(
  request: PythonRequest,
  scope: SearchScope,
  host: PythonHost,
): Promise<Environment> {
  try {
    const { facts } = await findInterpreter(request, scope, host);
    return environmentOfInterpreter(facts, host);
  } catch (error) {
    if (!(error instanceof InterpreterNotFoundError)) throw error;
    throw new EnvironmentNotFoundError(request, scope.environments);
  }
}

export interface InterpreterListing {
  readonly interpreters: readonly Interpreter[];
  /** What was found and cannot be used. */
  readonly passedOver: readonly (InspectionError | InvalidEnvironmentError)[];
}

/** All interpreters that the request accepts, in the order of the search; one that several names lead to, once for each. */
export async function listInterpreters(
  request: PythonRequest,
  scope: SearchScope,
  host: PythonHost,
): Promise<InterpreterListing> {
  const interpreters: Interpreter[] = [];
  const passedOver: (InspectionError | InvalidEnvironmentError)[] = [];
  for await (const step of installations(request, scope, host)) {
    if (step.kind === 'found') interpreters.push(step.interpreter);
    else passedOver.push(step.error);
  }
  return { interpreters, passedOver };
}
