/**
 * The environment of a project: `.venv` beside its lockfile, or what `UV_PROJECT_ENVIRONMENT` or `--active` name. It is made when
 * it is missing, and made anew when its Python is not one that the project wants.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { digestOf, hasErrorCode, OperationalError } from '@shoal/cache';
import { formatSpecifierSet, formatVersion, parseSpecifierSet, specifierContains, baseVersion } from '@shoal/packaging';
import type { SpecifierSet } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { createEnvironment } from '../environment/create-environment.ts';
import { isVirtualEnvironment } from '../environment/environment-paths.ts';
import { openEnvironment, prefixEnvironment } from '../environment/environment.ts';
import type { Environment } from '../environment/environment.ts';
import { planEnvironment } from '../environment/environment-plan.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { PythonRequest } from '../environment/python-request.ts';
import { findVersionFile } from '../environment/python-version-file.ts';
import { satisfiesRequest } from '../environment/request-satisfied.ts';
import { writeFreshEnvironment } from '../environment/write-environment.ts';
import type { Workspace } from '../project/workspace.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import type { OptionValues } from './option-values.ts';
import { shownPath } from './session.ts';
import type { Session } from './session.ts';
import { readVariable } from './variable-values.ts';
import { SHOAL_VERSION } from './version.ts';

/** What is where the environment should be is none, and is not ours to remove. */
export class UnusableProjectEnvironmentError extends OperationalError {
  override readonly code = 'PROJECT_ENVIRONMENT';

  constructor(root: string, reason: string) {
    super(`Project virtual environment directory \`${root}\` cannot be used because ${reason}`, {
      hint: 'Move it away, or name another place with the variable `UV_PROJECT_ENVIRONMENT`',
    });
  }
}

export interface ProjectPython {
  readonly request: PythonRequest;
  /** What all members of the workspace require. */
  readonly required: SpecifierSet;
  /** Files that decided, whether they are there or not. */
  readonly files: readonly string[];
}

export interface ProjectPlace {
  readonly session: Session;
  readonly values: OptionValues;
  readonly workspace: Workspace;
  readonly context: Context;
}

/** Absolute: where the environment is or will be. */
export function projectEnvironmentRoot({ session, values, workspace }: Omit<ProjectPlace, 'context'>): string {
  const active = session.variables['VIRTUAL_ENV'];
  const root = configuredRoot(session, workspace.root.folder);
  if (active === undefined || active === '') return root;
  const activeRoot = resolve(session.workingFolder, active);
  if (values.has('active') && values.flag('active')) return activeRoot;
  if (activeRoot !== root && !(values.has('active') && values.isGiven('active')))
    session.reporter.warning(
      `\`VIRTUAL_ENV=${active}\` does not match the project environment path \`${shownPath(session, root)}\` and will be ignored; use \`--active\` to target the active environment instead`,
    );
  return root;
}

/** `UV_PROJECT_ENVIRONMENT`, else `.venv`, from the root of the workspace on. */
function configuredRoot({ variables }: Pick<Session, 'variables'>, folder: string): string {
  const named = readVariable('PROJECT_ENVIRONMENT', variables)?.text;
  return resolve(folder, named === undefined || named === '' ? '.venv' : named);
}

/** Which Python the project is to run on. @throws {InvalidPythonRequestError} */
export function projectPython({ session, values, workspace, context }: ProjectPlace): ProjectPython {
  const host = pythonHost(session, context);
  const required = parseSpecifierSet(
    [...new Set([workspace.root, ...workspace.members.values()])]
      .flatMap(({ requiresPython }) => (requiresPython === undefined ? [] : [formatSpecifierSet(requiresPython)]))
      .join(','),
  );
  const written = values.text('python');
  if (written !== undefined) return { request: parsePythonRequest(written, host), required, files: [] };
  const file = values.flag('noConfig')
    ? undefined
    : findVersionFile({ start: workspace.current.folder, stop: workspace.root.folder }, host);
  if (file?.request !== undefined) return { request: file.request, required, files: [file.path] };
  const text = formatSpecifierSet(required);
  return { request: text === '' ? defaultPythonRequest : parsePythonRequest(text, host), required, files: [] };
}

/** `undefined` when there is none that the project can use. @throws {UnusableProjectEnvironmentError} */
async function findProjectEnvironment(
  root: string,
  python: ProjectPython,
  host: PythonHost,
): Promise<Environment | undefined> {
  if (isAbsent(root)) return undefined;
  if (!isVirtualEnvironment(root))
    throw new UnusableProjectEnvironmentError(
      root,
      'it is not a valid Python environment (no Python executable was found)',
    );
  try {
    const environment = await openEnvironment(root, host);
    return isWanted(environment.interpreter, python) ? environment : undefined;
  } catch (error) {
    // Its interpreter is gone or does not run: it is made anew.
    if (hasErrorCode(error, 'ENVIRONMENT_INVALID', 'INTERPRETER_UNUSABLE', 'INTERPRETER_INSPECTION')) return undefined;
    throw error;
  }
}

function isWanted(facts: InterpreterFacts, { request, required }: ProjectPython): boolean {
  return satisfiesRequest(request, facts) && fits(required, facts);
}

function fits({ specifiers }: SpecifierSet, { version }: InterpreterFacts): boolean {
  const compared = baseVersion(version);
  return specifiers.every((specifier) => specifierContains(specifier, compared));
}

function isAbsent(root: string): boolean {
  const found = statSync(root, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new UnusableProjectEnvironmentError(root, 'it is a file');
  return found === undefined || readdirSync(root).every((name) => name === '.lock' || name === '.lock.gate');
}

/** The interpreter for a new environment. @throws {InterpreterNotFoundError} {UnfitPythonError} */
export async function chooseInterpreter(place: ProjectPlace, python: ProjectPython): Promise<InterpreterFacts> {
  const { session, values, context } = place;
  const scope = { environments: 'only-system', preference: pythonPreference(session, values) } as const;
  const { facts } = await findInterpreter(python.request, scope, pythonHost(session, context));
  if (fits(python.required, facts)) return facts;
  throw new UnfitPythonError(
    `The requested interpreter resolved to Python ${formatVersion(facts.version)}, which is incompatible with the project's Python requirement: \`${formatSpecifierSet(python.required).replaceAll(/,\s*/g, ', ')}\``,
  );
}

/** The Python that was asked for is not one that the project requires. */
export class UnfitPythonError extends OperationalError {
  override readonly code = 'UNFIT_PYTHON';
}

/** The project's environment, made when there is none that it can use. Of several processes at once one makes it. */
export async function ensureProjectEnvironment(
  root: string,
  python: ProjectPython,
  place: ProjectPlace,
): Promise<Environment> {
  const host = pythonHost(place.session, place.context);
  const found = await findProjectEnvironment(root, python, host);
  if (found !== undefined) return found;
  using _lock = await place.context.cache.lock(`project-environment-${digestOf(root)}`, {
    mode: 'exclusive',
    resource: `the making of the environment at \`${root}\``,
    signal: place.session.signal,
  });
  const other = await findProjectEnvironment(root, python, host);
  if (other !== undefined) return other;
  return await makeEnvironment(root, await chooseInterpreter(place, python), place);
}

async function makeEnvironment(root: string, interpreter: InterpreterFacts, place: ProjectPlace): Promise<Environment> {
  const { session, workspace, context } = place;
  const { reporter } = session;
  const shown = shownPath(session, root);
  announceInterpreter(interpreter, session);
  if (!isAbsent(root)) reporter.line(`Removed virtual environment at: ${reporter.style.value(shown)}`);
  reporter.line(`Creating virtual environment at: ${reporter.style.value(shown)}`);
  return await createEnvironment(
    {
      interpreter,
      root,
      shown,
      onExisting: 'clear',
      lock: context.lockOptions,
      prompt: workspace.root.name ?? basename(workspace.root.folder),
      version: SHOAL_VERSION,
    },
    pythonHost(session, context),
  );
}

function announceInterpreter({ markers, version, executable }: InterpreterFacts, { reporter }: Session): void {
  const name = `${markers.platform_python_implementation} ${formatVersion(version)}`;
  reporter.line(`Using ${name} interpreter at: ${reporter.style.value(executable)}`);
}

export interface PlannedEnvironment extends Disposable {
  readonly environment: Environment;
}

/** For a dry run: the environment as it is, or an empty one in a private place where there is none that can be used. */
export async function planProjectEnvironment(
  root: string,
  python: ProjectPython,
  place: ProjectPlace,
): Promise<PlannedEnvironment> {
  const { session, context } = place;
  const found = await findProjectEnvironment(root, python, pythonHost(session, context));
  const verb = found !== undefined ? 'use' : isAbsent(root) ? 'create' : 'replace';
  const interpreter = found?.interpreter ?? (await chooseInterpreter(place, python));
  if (found === undefined) announceInterpreter(interpreter, session);
  session.reporter.line(`Would ${verb} project environment at: ${shownPath(session, root)}`);
  if (found !== undefined) return { environment: found, [Symbol.dispose]: () => undefined };
  const folder = context.cache.openWorkFolder();
  const privateRoot = resolve(folder.path, 'environment');
  writeFreshEnvironment(privateRoot, planEnvironment(privateRoot, { interpreter, version: SHOAL_VERSION }));
  return { environment: prefixEnvironment(privateRoot, interpreter), [Symbol.dispose]: () => folder.close() };
}
