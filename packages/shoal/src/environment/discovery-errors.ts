/** Why no interpreter, or no environment, was found. */
import { OperationalError } from '@shoal/cache';
import { formatPythonRequest } from './python-request.ts';
import type { PythonRequest } from './python-request.ts';
import { describeSources, shownSource } from './python-source.ts';
import type { EnvironmentPreference, PythonPreference, PythonSource } from './python-source.ts';

export interface SearchScope {
  readonly environments: EnvironmentPreference;
  readonly preference: PythonPreference;
}

/** Nothing that was looked at is what the request asks for. */
export class InterpreterNotFoundError extends OperationalError {
  override readonly code = 'INTERPRETER_NOT_FOUND';
  readonly request: PythonRequest;
  readonly scope: SearchScope;

  constructor(request: PythonRequest, scope: SearchScope) {
    super(notFoundMessage(request, scope));
    this.request = request;
    this.scope = scope;
  }
}

function notFoundMessage(request: PythonRequest, { environments, preference }: SearchScope): string {
  const sources = describeSources(environments, {
    preference,
    isExplicit: request.kind === 'file' || request.kind === 'folder',
  });
  const asked = formatPythonRequest(request);
  if (request.kind === 'any' || request.kind === 'default') return `No interpreter found in ${sources}`;
  if (request.kind === 'file') return `No interpreter found at ${asked}`;
  if (request.kind === 'folder') return `No interpreter found in ${asked}`;
  return `No interpreter found for ${asked} in ${sources}`;
}

/** There is no environment to work in. */
export class EnvironmentNotFoundError extends OperationalError {
  override readonly code = 'ENVIRONMENT_NOT_FOUND';
  readonly request: PythonRequest;

  constructor(request: PythonRequest, environments: EnvironmentPreference) {
    super(environmentMessage(request, environments));
    this.request = request;
  }
}

function environmentMessage(request: PythonRequest, environments: EnvironmentPreference): string {
  const isPointed = request.kind === 'file' || request.kind === 'folder';
  const only = environments === 'explicit-system' && !isPointed ? 'only-virtual' : environments;
  const asked = request.kind === 'any' || request.kind === 'default' ? '' : ` for ${formatPythonRequest(request)}`;
  if (only === 'only-virtual') {
    return `No virtual environment found${asked}; run \`shoal venv\` to create an environment, or pass \`--system\` to install into a non-virtual environment`;
  }
  if (only === 'only-system') return `No system Python installation found${asked}`;
  return `No virtual environment or system Python installation found${asked}; run \`shoal venv\` to create an environment`;
}

/** A request that no interpreter can ever satisfy. */
export class InvalidPythonRequestError extends OperationalError {
  override readonly code = 'INVALID_PYTHON_REQUEST';

  constructor(reason: string) {
    super(`Invalid version request: ${reason}`);
  }
}

/** The request needs a place that the preference forbids: `--managed-python -p foo`. */
export class SourceNotAllowedError extends OperationalError {
  override readonly code = 'PYTHON_SOURCE_NOT_ALLOWED';

  constructor(request: PythonRequest, source: PythonSource, preference: PythonPreference) {
    const allowed = preference === 'only-managed' ? 'only managed' : 'only system';
    super(
      `Interpreter discovery for \`${formatPythonRequest(request)}\` requires \`${shownSource(source)}\` but only \`${allowed}\` is allowed`,
    );
  }
}

/** An interpreter that was looked at could not be used, and nothing else was found. */
export class InspectionError extends OperationalError {
  override readonly code = 'INTERPRETER_INSPECTION';
  readonly path: string;
  readonly source: PythonSource;

  constructor(path: string, source: PythonSource, cause: Error) {
    super(`Failed to inspect Python interpreter from ${shownSource(source)} at \`${path}\``, { cause });
    this.path = path;
    this.source = source;
  }
}
