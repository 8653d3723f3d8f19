/** The interpreter that a resolution for a project runs on: that of its environment where it fits, else one that fits. */
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { baseVersion, formatSpecifierSet, formatVersion, parseSpecifierSet, rangeContains } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import { openEnvironment } from '../environment/environment.ts';
import { isVirtualEnvironment } from '../environment/environment-paths.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { PythonRequest } from '../environment/python-request.ts';
import { findVersionFile } from '../environment/python-version-file.ts';
import type { LockTarget } from '../project/lock-target.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

interface InterpreterPlace {
  readonly values: OptionValues;
  readonly target: LockTarget;
  readonly context: Context;
}

/** Says which one it is, unless it is that of the project's environment. @throws {InterpreterNotFoundError} */
export async function lockInterpreter(session: Session, place: InterpreterPlace): Promise<InterpreterFacts> {
  const { values, target, context } = place;
  const host = pythonHost(session, context);
  const { request, isAsked } = requestOf(place, host);
  const own = isAsked || target.isScript ? undefined : await ownInterpreter(target, host);
  if (own !== undefined) return own;
  const scope = { environments: 'only-system', preference: pythonPreference(session, values) } as const;
  const { facts } = await findInterpreter(request, scope, host);
  const { reporter } = session;
  reporter.line(
    `Using ${facts.markers.platform_python_implementation} ${formatVersion(facts.version)} interpreter at: ${reporter.style.value(facts.executable)}`,
  );
  if (!fits(target, facts))
    reporter.warning(
      `The requested interpreter resolved to Python ${formatVersion(facts.version)}, which is incompatible with the project's Python requirement: \`${target.python?.text ?? ''}\``,
    );
  return facts;
}

function requestOf(
  { values, target }: InterpreterPlace,
  host: PythonHost,
): { readonly request: PythonRequest; readonly isAsked: boolean } {
  const written = values.text('python');
  if (written !== undefined) return { request: parsePythonRequest(written, host), isAsked: true };
  const { current, root } = target.workspace;
  const file = values.flag('noConfig')
    ? undefined
    : findVersionFile({ start: current.folder, stop: root.folder }, host);
  if (file?.request !== undefined) return { request: file.request, isAsked: true };
  if (target.python === undefined) return { request: defaultPythonRequest, isAsked: false };
  const required = formatSpecifierSet(parseSpecifierSet(target.python.text));
  return { request: parsePythonRequest(required, host), isAsked: false };
}

function fits({ python }: LockTarget, { version }: InterpreterFacts): boolean {
  return python === undefined || rangeContains(python.range, baseVersion(version));
}

async function ownInterpreter(target: LockTarget, host: PythonHost): Promise<InterpreterFacts | undefined> {
  const root = join(target.workspace.root.folder, '.venv');
  if (!isVirtualEnvironment(root)) return undefined;
  try {
    const { interpreter } = await openEnvironment(root, host);
    return fits(target, interpreter) ? interpreter : undefined;
  } catch (error) {
    if (hasErrorCode(error, 'ENVIRONMENT_INVALID', 'INTERPRETER_UNUSABLE', 'INTERPRETER_INSPECTION')) return undefined;
    throw error;
  }
}
