/** The interpreter that a command resolves with: `--python`, else one of `--python-version`, else the nearest environment's or the system's. */
import { hasErrorCode } from '@shoal/cache';
import { compareVersions, formatVersion, parseVersion } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

/** Why the Python of a version is passed over for the next best: none is there, or the one that is does not run. */
const NOT_USABLE = ['INTERPRETER_NOT_FOUND', 'INVALID_PYTHON_REQUEST', 'INTERPRETER_INSPECTION'] as const;
const BARE_VERSION = /^3(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?$/;

/**
 * The values as `pip compile` takes them: `--python 3.12` says which Python the file is for, as `--python-version 3.12` does,
 * and need not be on this machine. `--python-version` outranks the variable for `--python`.
 */
export function withVersionOfPython(values: OptionValues): OptionValues {
  const python = values.text('python');
  if (values.text('pythonVersion') !== undefined) return values.isGiven('python') ? values : without(values);
  return python !== undefined && BARE_VERSION.test(python) ? without(values).withText('pythonVersion', python) : values;
}

function without(values: OptionValues): OptionValues {
  return values.withText('python', undefined);
}

/** @throws {InterpreterNotFoundError}, and what finding interpreters throws. */
export async function chooseInterpreter(
  session: Session,
  values: OptionValues,
  context: Context,
): Promise<InterpreterFacts> {
  const host = pythonHost(session, context);
  const scope = {
    environments: values.has('system') && values.flag('system') ? 'only-system' : 'any',
    preference: pythonPreference(session, values),
  } as const;
  const written = values.text('python');
  if (written !== undefined) return (await findInterpreter(parsePythonRequest(written, host), scope, host)).facts;
  const version = values.has('pythonVersion') ? values.text('pythonVersion') : undefined;
  for (const request of version === undefined ? [] : requestsNear(version)) {
    try {
      const { facts } = await findInterpreter(parsePythonRequest(request, host), scope, host);
      warnOfOther(session, values, facts);
      return facts;
    } catch (error) {
      if (!hasErrorCode(error, ...NOT_USABLE)) throw error;
    }
  }
  const { facts } = await findInterpreter(defaultPythonRequest, scope, host);
  if (version !== undefined) warnOfOther(session, values, facts);
  return facts;
}

/** The version itself, then any patch release of its minor version. */
function requestsNear(version: string): readonly string[] {
  const minor = /^\d+\.\d+(?=\.)/.exec(version)?.[0];
  return minor === undefined ? [version] : [version, minor];
}

/** An interpreter of another version would build what has to be built. */
function warnOfOther({ reporter }: Session, values: OptionValues, { version }: InterpreterFacts): void {
  const wanted = values.text('pythonVersion');
  if (wanted === undefined || !BARE_VERSION.test(wanted)) return;
  const { release } = parseVersion(wanted);
  const isSameMinor = release[0] === version.release[0] && (release[1] ?? 0) === version.release[1];
  if (isSameMinor && (release.length < 3 || compareVersions(parseVersion(wanted), version) === 0)) return;
  reporter.warning(
    `The requested Python version ${wanted} is not available; ${formatVersion(version)} will be used to build dependencies instead.`,
  );
}
