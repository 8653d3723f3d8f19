/** The interpreters that a request may mean, asked one after the other, in the order of the search. */
import { dirname } from 'node:path';
import { InterpreterError } from './interpreter-errors.ts';
import {
  InspectionError,
  InterpreterNotFoundError,
  InvalidPythonRequestError,
  SourceNotAllowedError,
} from './discovery-errors.ts';
import type { SearchScope } from './discovery-errors.ts';
import type { InvalidEnvironmentError } from './environment-errors.ts';
import { executableOfRoot, isVirtualEnvironment } from './environment-paths.ts';
import { isImplementation } from './implementation-name.ts';
import { compareInstallations } from './installation-key.ts';
import type { InterpreterFacts } from './interpreter-facts.ts';
import { acceptsByKey } from './key-request.ts';
import { isPyenvShim, programOfShim } from './pyenv.ts';
import { executablesNamed, pythonExecutables } from './python-executables.ts';
import type { ExecutableGroup } from './python-executables.ts';
import type { PythonHost } from './python-host.ts';
import { implementationOfRequest, versionOfRequest } from './python-request.ts';
import type { PythonRequest } from './python-request.ts';
import { allowsAnyImplementation, isAllowed, mayHoldAllowed } from './python-source.ts';
import type { PythonSource } from './python-source.ts';
import { queryInterpreter } from './query-interpreter.ts';
import { acceptsInterpreter, unsupportedReason } from './version-request.ts';

/** An interpreter and where it was found. */
export interface Interpreter {
  readonly facts: InterpreterFacts;
  readonly source: PythonSource;
}

/** What one step of the search gives. Passed over: there was something, which cannot be used. */
export type SearchStep =
  | { readonly kind: 'found'; readonly interpreter: Interpreter }
  | { readonly kind: 'passed-over'; readonly error: InspectionError | InvalidEnvironmentError };

/**
 * @throws {InterpreterNotFoundError} when the request points at a path where there is nothing.
 * @throws {InspectionError} when what it points at, or an active environment, is broken.
 * @throws {InvalidPythonRequestError} {SourceNotAllowedError}
 */
export async function* installations(
  request: PythonRequest,
  scope: SearchScope,
  host: PythonHost,
): AsyncGenerator<SearchStep> {
  if (request.kind === 'file' || request.kind === 'folder') {
    yield { kind: 'found', interpreter: await pointedInterpreter(request, scope, host) };
    return;
  }
  if (request.kind === 'executable-name' && scope.preference === 'only-managed') {
    throw new SourceNotAllowedError(request, 'search-path', scope.preference);
  }
  const reason = unsupportedReason(versionOfRequest(request));
  if (reason !== undefined) throw new InvalidPythonRequestError(reason);
  for await (const step of askAll(groupsOf(request, scope, host), scope, host)) {
    if (step.kind === 'passed-over' || accepts(request, step.interpreter, scope)) yield step;
  }
}

async function pointedInterpreter(
  request: Extract<PythonRequest, { kind: 'file' | 'folder' }>,
  scope: SearchScope,
  host: PythonHost,
): Promise<Interpreter> {
  const path = request.kind === 'file' ? request.path : executableOfRoot(request.path).path;
  try {
    return { facts: await queryInterpreter(path, host), source: 'provided-path' };
  } catch (error) {
    if (!(error instanceof InterpreterError)) throw error;
    throw error.isAbsence
      ? new InterpreterNotFoundError(request, scope)
      : new InspectionError(path, 'provided-path', error);
  }
}

function groupsOf(
  request: PythonRequest,
  { environments, preference }: SearchScope,
  host: PythonHost,
): Generator<ExecutableGroup> {
  if (request.kind === 'executable-name') return executablesNamed(request.name, host);
  const [version, implementation] = [versionOfRequest(request), implementationOfRequest(request)];
  return pythonExecutables({ version, implementation, environments, preference }, host);
}

/** The generator throws when it comes to a broken `.venv`, which ends it there: the rest of the places are then not searched. */
async function* askAll(
  groups: Generator<ExecutableGroup>,
  { environments }: SearchScope,
  host: PythonHost,
): AsyncGenerator<SearchStep> {
  for (const group of groups) {
    if (mayHoldAllowed(group.source, environments)) yield* await askGroup(group, host);
  }
}

/** Answers of one group, best version first; what cannot be used comes last. */
async function askGroup({ source, paths }: ExecutableGroup, host: PythonHost): Promise<readonly SearchStep[]> {
  const steps = await Promise.all(paths.map(async (path) => await askOne(path, source, host)));
  return steps.flat().sort(compareSteps);
}

function compareSteps(a: SearchStep, b: SearchStep): number {
  if (a.kind !== 'found' || b.kind !== 'found') return Number(a.kind !== 'found') - Number(b.kind !== 'found');
  return compareInstallations(b.interpreter.facts, a.interpreter.facts);
}

/** A shim that no version stands behind is as good as absent. */
async function askOne(path: string, source: PythonSource, host: PythonHost): Promise<readonly SearchStep[]> {
  const program = isPyenvShim(path, host) ? programOfShim(path, host) : path;
  if (program === undefined) return [];
  try {
    return [{ kind: 'found', interpreter: { facts: await queryInterpreter(program, host), source } }];
  } catch (error) {
    if (!(error instanceof InterpreterError)) throw error;
    const failure = new InspectionError(path, source, error);
    if (isFatal(error, source)) throw failure;
    // A `.venv` that has lost its interpreter is not the same as none.
    return error.fault.kind === 'not-found' && source !== 'discovered-environment'
      ? []
      : [{ kind: 'passed-over', error: failure }];
  }
}

/** An active environment that has lost its interpreter must not be passed over in silence. */
function isFatal(error: InterpreterError, source: PythonSource): boolean {
  return source === 'active-environment' && error.isAbsence && isVirtualEnvironment(dirname(dirname(error.path)));
}

function accepts(request: PythonRequest, { facts, source }: Interpreter, { environments }: SearchScope): boolean {
  if (!isAllowed(source, facts.isVirtual, environments)) return false;
  if (request.kind === 'executable-name') return true;
  if (request.kind === 'key') return acceptsByKey(request.key, facts);
  const implementation = implementationOfRequest(request);
  if (implementation !== undefined && !isImplementation(facts, implementation)) return false;
  const version = versionOfRequest(request);
  return acceptsInterpreter(
    version.kind === 'default' && allowsAnyImplementation(source) ? { kind: 'any' } : version,
    facts,
  );
}
