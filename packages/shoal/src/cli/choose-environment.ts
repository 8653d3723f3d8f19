/** The environment that a `pip` command works on, by its options, and the line that names it where a person might not expect it. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { formatVersion } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { ExternallyManagedError } from '../environment/environment-errors.ts';
import { prefixEnvironment, targetEnvironment } from '../environment/environment.ts';
import type { Environment } from '../environment/environment.ts';
import { findEnvironment, findInterpreter } from '../environment/find-interpreter.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { EnvironmentPreference, PythonPreference } from '../environment/python-source.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { readVariable } from './variable-values.ts';

interface ChooseOptions {
  readonly context: Context;
  /** The command will change it, so an interpreter of another package manager is refused. */
  readonly changes: boolean;
}

/** What looking for interpreters needs to know of this run. */
export function pythonHost(session: Session, { cache }: Pick<Context, 'cache'>): PythonHost {
  const { variables, workingFolder, homeFolder, signal } = session;
  return { cache, variables, workingFolder, homeFolder, signal };
}

const PREFERENCES: readonly PythonPreference[] = ['managed', 'only-managed', 'system', 'only-system'];

/** `SHOAL_PYTHON_PREFERENCE`, else uv's variable, else uv's default. @throws {UsageError} */
export function pythonPreference(session: Session): PythonPreference {
  const found = readVariable('PYTHON_PREFERENCE', session.variables);
  if (found === undefined || found.text === '') return 'managed';
  const preference = PREFERENCES.find((one) => one === found.text);
  if (preference !== undefined) return preference;
  throw new UsageError(`invalid value '${found.text}' for the variable \`${found.name}\`\n  [possible values: ${PREFERENCES.join(', ')}]`);
}

/** @throws {EnvironmentNotFoundError} {ExternallyManagedError}, and what finding interpreters throws. */
export async function chooseEnvironment(session: Session, values: OptionValues, options: ChooseOptions): Promise<Environment> {
  const environment = await findFor(session, values, options);
  const owner = environment.interpreter.externallyManaged;
  const mayChange = values.has('breakSystemPackages') && values.flag('breakSystemPackages');
  if (options.changes && !mayChange && owner !== undefined && environment.kind === 'system') throw new ExternallyManagedError(environment.root, owner.message);
  announce(session, environment, options.context.cache.root);
  return environment;
}

async function findFor(session: Session, values: OptionValues, { context, changes }: ChooseOptions): Promise<Environment> {
  const host = pythonHost(session, context);
  const written = values.text('python');
  const request = written === undefined ? defaultPythonRequest : parsePythonRequest(written, host);
  const preference = pythonPreference(session);
  const target = values.text('target');
  const prefix = values.text('prefix');
  const environments: EnvironmentPreference = values.flag('system') ? 'only-system' : changes ? 'explicit-system' : 'any';
  if (target === undefined && prefix === undefined) return await findEnvironment(request, { environments, preference }, host);
  // The folder is what changes; any interpreter serves to say for whom.
  const { facts } = await findInterpreter(request, { environments: values.flag('system') ? 'only-system' : 'any', preference }, host);
  return target === undefined ? prefixEnvironment(absolutePath(session, prefix ?? ''), facts) : targetEnvironment(absolutePath(session, target), facts);
}

/** uv's rule: say which environment it is unless it is the active one or `.venv` here. */
function announce(session: Session, environment: Environment, cacheFolder: string): void {
  const root = realPath(environment.root);
  const usual = [session.variables['VIRTUAL_ENV'], join(session.workingFolder, '.venv')].filter((path) => path !== undefined && path !== '');
  if (environment.kind === 'target' || environment.kind === 'prefix') {
    return session.reporter.line(session.reporter.style.dim(`Using ${pythonName(environment)} interpreter at: ${environment.interpreter.executable}`));
  }
  if (root === undefined || root.startsWith(`${cacheFolder}/`) || usual.some((path) => realPath(path ?? '') === root)) return;
  session.reporter.line(session.reporter.style.dim(`Using Python ${formatVersion(environment.interpreter.version)} environment at: ${environment.root}`));
}

function pythonName({ interpreter }: Environment): string {
  const name = interpreter.markers.platform_python_implementation;
  return `${name === 'CPython' ? 'CPython' : name} ${formatVersion(interpreter.version)}`;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return undefined;
    throw error;
  }
}
