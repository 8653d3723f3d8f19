/** Which Python a command outside of `pip` wants: the one that was asked for, else that of a version file, else what the project requires. */
import { formatSpecifierSet, formatVersion, specifierSetContains, tryParseSpecifierSet } from '@shoal/packaging';
import type { SpecifierSet } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { PythonRequest } from '../environment/python-request.ts';
import { findVersionFile } from '../environment/python-version-file.ts';
import { findProject } from '../project/find-project.ts';
import type { FoundProject } from '../project/find-project.ts';
import { RequirementsFileError } from '../project/requirement-errors.ts';
import type { OptionValues } from './option-values.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';

export interface WantedPython {
  readonly request: PythonRequest;
  /** The project whose needs count; absent without one and with `--no-project`. */
  readonly project: FoundProject | undefined;
  /** Warn when what was found is not what the project requires. */
  warnIfUnfit(facts: InterpreterFacts): void;
}

interface WantedInput {
  readonly session: Session;
  readonly values: OptionValues;
  readonly host: PythonHost;
  /** What the command line asks for. */
  readonly written: string | undefined;
}

/** @throws {UsageError} for a `--project` that is not there. */
export function wantedPython({ session, values, host, written }: WantedInput): WantedPython {
  const folder = projectFolder(session, values);
  const project = values.flag('noProject') ? undefined : projectOf(folder, session);
  const required = requiredOf(project, session);
  const { request, origin } = requestOf({ written, required, values, session, host, folder, project });
  return {
    request,
    project,
    warnIfUnfit: ({ version }) => {
      if (required === undefined || specifierSetContains(required, version)) return;
      const found = `resolved to Python ${formatVersion(version)}, which is incompatible with the project's Python requirement: \`${spaced(required)}\` (from \`project.requires-python\`)`;
      session.reporter.warning(
        origin === undefined
          ? `The requested interpreter ${found}`
          : `The Python request from \`${origin}\` ${found}\nUpdate the \`${origin}\` file to a compatible version`,
      );
    },
  };
}

/** A broken `pyproject.toml` is named and no more: what is asked for here does not stand in it. */
function projectOf(folder: string, { reporter }: Session): FoundProject | undefined {
  try {
    return findProject(folder);
  } catch (error) {
    if (!(error instanceof RequirementsFileError)) throw error;
    reporter.warning(`${error.message}; it is not taken into account`);
    return undefined;
  }
}

function requiredOf(project: FoundProject | undefined, { reporter }: Session): SpecifierSet | undefined {
  if (project?.requiresPython === undefined) return undefined;
  const required = tryParseSpecifierSet(project.requiresPython);
  if (required === undefined)
    reporter.warning(
      `\`project.requires-python\` in \`${project.root}/pyproject.toml\` is no version specifier: \`${project.requiresPython}\`; it is not taken into account`,
    );
  return required;
}

interface RequestInput extends WantedInput {
  readonly required: SpecifierSet | undefined;
  readonly folder: string;
  readonly project: FoundProject | undefined;
}

/** `origin` names the version file, when one decided. */
function requestOf({ written, required, values, session, host, folder, project }: RequestInput): {
  readonly request: PythonRequest;
  readonly origin: string | undefined;
} {
  if (written !== undefined) return { request: parsePythonRequest(written, host), origin: undefined };
  const file = values.flag('noConfig') ? undefined : findVersionFile({ start: folder, stop: project?.root }, host);
  for (const line of file?.unsupported ?? [])
    session.reporter.warning(`Ignoring unsupported Python request \`${line}\` in version file: ${file?.path}`);
  if (file?.request !== undefined) return { request: file.request, origin: file.name };
  if (required === undefined || required.specifiers.length === 0)
    return { request: defaultPythonRequest, origin: undefined };
  return { request: parsePythonRequest(formatSpecifierSet(required), host), origin: undefined };
}

function spaced(required: SpecifierSet): string {
  return formatSpecifierSet(required).replaceAll(/,\s*/g, ', ');
}
