/** The interpreter that a command resolves with: `--python`, else one of `--python-version`, else the nearest environment's or the system's. */
import { formatVersion } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { InterpreterNotFoundError } from '../environment/discovery-errors.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

/** @throws {InterpreterNotFoundError}, and what finding interpreters throws. */
export async function chooseInterpreter(
  session: Session,
  values: OptionValues,
  context: Context,
): Promise<InterpreterFacts> {
  const host = pythonHost(session, context);
  const scope = {
    environments: values.flag('system') ? 'only-system' : 'any',
    preference: pythonPreference(session, values),
  } as const;
  const written = values.text('python');
  if (written !== undefined) return (await findInterpreter(parsePythonRequest(written, host), scope, host)).facts;
  const version = values.text('pythonVersion');
  if (version === undefined) return (await findInterpreter(defaultPythonRequest, scope, host)).facts;
  try {
    return (await findInterpreter(parsePythonRequest(version, host), scope, host)).facts;
  } catch (error) {
    if (!(error instanceof InterpreterNotFoundError)) throw error;
    const { facts } = await findInterpreter(defaultPythonRequest, scope, host);
    session.reporter.warning(
      `The requested Python version ${version} is not available; ${formatVersion(facts.version)} will be used to build dependencies instead.`,
    );
    return facts;
  }
}
