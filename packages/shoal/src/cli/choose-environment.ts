/** The environment that a `pip` command works on, by its options, and the line that names it where a person might not expect it. */
import { formatVersion } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { ExternallyManagedError } from '../environment/environment-errors.ts';
import { prefixEnvironment, targetEnvironment } from '../environment/environment.ts';
import type { Environment } from '../environment/environment.ts';
import { findEnvironment, findInterpreter } from '../environment/find-interpreter.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { EnvironmentPreference, PythonPreference } from '../environment/python-source.ts';
import { announceEnvironment, displayPath } from './announce-environment.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { readVariable } from './variable-values.ts';

interface ChooseOptions {
  readonly context: Context;
  /** The command will change it, so an interpreter of another package manager is refused. */
  readonly changes: boolean;
  /** False for commands that add nothing: they name an environment even for `--target` and `--prefix`. */
  readonly installs?: boolean;
}

/** What looking for interpreters needs to know of this run. */
export function pythonHost(session: Session, { cache }: Pick<Context, 'cache'>): PythonHost {
  const { variables, workingFolder, homeFolder, signal } = session;
  return { cache, variables, workingFolder, homeFolder, signal };
}

const PREFERENCES: readonly PythonPreference[] = ['managed', 'only-managed', 'system', 'only-system'];

/** What the options say, else `SHOAL_PYTHON_PREFERENCE`, else uv's variable, else uv's default. @throws {UsageError} */
export function pythonPreference(session: Session, values: OptionValues): PythonPreference {
  const wanted = preferenceOfOptions(values);
  if (wanted !== undefined) return wanted;
  const found = readVariable('PYTHON_PREFERENCE', session.variables);
  if (found === undefined || found.text === '') return 'managed';
  const preference = PREFERENCES.find((one) => one === found.text);
  if (preference !== undefined) return preference;
  throw new UsageError(
    `invalid value '${found.text}' for the variable \`${found.name}\`\n  [possible values: ${PREFERENCES.join(', ')}]`,
  );
}

function preferenceOfOptions(values: OptionValues): PythonPreference | undefined {
  if (!values.has('managedPython')) return undefined;
  if (values.flag('managedPython')) return 'only-managed';
  if (values.flag('noManagedPython')) return 'only-system';
  return values.choice('pythonPreference', PREFERENCES);
}

/** @throws {EnvironmentNotFoundError} {ExternallyManagedError}, and what finding interpreters throws. */
export async function chooseEnvironment(
  session: Session,
  values: OptionValues,
  options: ChooseOptions,
): Promise<Environment> {
  const environment = await findFor(session, values, options);
  const owner = environment.interpreter.externallyManaged;
  const mayChange = values.has('breakSystemPackages') && values.flag('breakSystemPackages');
  if (options.changes && !mayChange && owner !== undefined && environment.kind === 'system')
    throw new ExternallyManagedError(environment.root, owner.message);
  if (options.installs !== false && environment.kind !== 'virtual' && environment.kind !== 'system')
    announceInterpreter(session, environment);
  else announceEnvironment(session, environment.interpreter, options.context.cache.root);
  return environment;
}

async function findFor(
  session: Session,
  values: OptionValues,
  { context, changes }: ChooseOptions,
): Promise<Environment> {
  const host = pythonHost(session, context);
  const written = values.text('python');
  const request = written === undefined ? defaultPythonRequest : parsePythonRequest(written, host);
  const preference = pythonPreference(session, values);
  const target = values.has('target') ? values.text('target') : undefined;
  const prefix = values.has('prefix') ? values.text('prefix') : undefined;
  const environments: EnvironmentPreference = values.flag('system')
    ? 'only-system'
    : changes
      ? 'explicit-system'
      : 'any';
  if (target === undefined && prefix === undefined)
    return await findEnvironment(request, { environments, preference }, host);
  // The folder is what changes; any interpreter serves to say for whom.
  const { facts } = await findInterpreter(
    request,
    { environments: values.flag('system') ? 'only-system' : 'any', preference },
    host,
  );
  return target === undefined
    ? prefixEnvironment(absolutePath(session, prefix ?? ''), facts)
    : targetEnvironment(absolutePath(session, target), facts);
}

/** Installing into a folder names the interpreter that it is for. */
function announceInterpreter({ reporter, workingFolder }: Session, { interpreter }: Environment): void {
  const name = interpreter.markers.platform_python_implementation;
  reporter.line(
    reporter.style.dim(
      `Using ${name} ${formatVersion(interpreter.version)} interpreter at: ${displayPath(interpreter.executable, workingFolder)}`,
    ),
  );
}
