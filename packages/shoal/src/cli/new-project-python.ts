/** Which Pythons a new project or script is for, and which one its version file names. */
import { join, dirname } from 'node:path';
import { formatSpecifierSet, parseSpecifierSet } from '@shoal/packaging';
import { openEnvironment } from '../environment/environment.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { PythonHost } from '../environment/python-host.ts';
import { defaultPythonRequest, formatPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import type { PythonRequest } from '../environment/python-request.ts';
import type { PythonPreference } from '../environment/python-source.ts';
import { findVersionFile } from '../environment/python-version-file.ts';
import { formatVersionRequest, versionVariant } from '../environment/version-request.ts';
import type { Workspace } from '../project/workspace.ts';

export interface NewPython {
  /** `>=3.12`. */
  readonly requiresPython: string;
  /** `3.12`: what `.python-version` is to say; `undefined` when it need not be written. */
  readonly pin: string | undefined;
}

interface NewPythonInput {
  /** Absolute: of the project, or where the script is. */
  readonly folder: string;
  /** `--python`. */
  readonly written: string | undefined;
  readonly workspace: Workspace | undefined;
  readonly isPinned: boolean;
  /** Whether version files count. */
  readonly readsConfiguration: boolean;
  readonly preference: PythonPreference;
  readonly host: PythonHost;
}

/** @throws what finding interpreters throws. */
export async function pythonOfNewProject(input: NewPythonInput): Promise<NewPython> {
  const { folder, written, workspace, host } = input;
  const request = written === undefined ? requestOfFile(input) : parsePythonRequest(written, host);
  const chosen =
    request === undefined
      ? ((await ofEnvironment(folder, host)) ??
        (await ofWorkspace(workspace, input)) ??
        (await ofRequest(defaultPythonRequest, input)))
      : await ofRequest(request, input);
  return {
    requiresPython: chosen.requiresPython,
    pin: input.isPinned && !isPinned(chosen.pin, input) ? chosen.pin : undefined,
  };
}

/** Scripts are for the minor version of the interpreter that is found for them. */
export async function pythonOfNewScript(input: Omit<NewPythonInput, 'workspace'>): Promise<string> {
  const { written, host, preference } = input;
  const ofFile = input.isPinned ? requestOfFile({ ...input, workspace: undefined }) : undefined;
  const request = written === undefined ? (ofFile ?? defaultPythonRequest) : parsePythonRequest(written, host);
  const { facts } = await findInterpreter(request, { environments: 'any', preference }, host);
  return `>=${minorOf(facts)}`;
}

function requestOfFile({ folder, workspace, readsConfiguration, host }: NewPythonInput): PythonRequest | undefined {
  if (!readsConfiguration) return undefined;
  return findVersionFile({ start: folder, stop: workspace?.root.folder }, host)?.request;
}

type Chosen = { readonly requiresPython: string; readonly pin: string };

async function ofRequest(request: PythonRequest, input: NewPythonInput): Promise<Chosen> {
  const version = request.kind === 'version' ? request.version : undefined;
  if (version?.kind === 'release' && version.release.length > 1 && version.pre === undefined)
    return { requiresPython: `>=${version.release.join('.')}`, pin: formatVersionRequest(version) };
  if (version?.kind === 'range') {
    const requiresPython = formatSpecifierSet(version.specifiers).replaceAll(/,\s*/g, ', ');
    if (!input.isPinned) return { requiresPython, pin: '' };
    const variant = versionVariant(version);
    const minor = await minorOfRequest(request, input);
    return { requiresPython, pin: variant === 'default' ? minor : `${minor}+${variant}` };
  }
  const minor = await minorOfRequest(request, input);
  return { requiresPython: `>=${minor}`, pin: minor };
}

async function ofEnvironment(folder: string, host: PythonHost): Promise<Chosen | undefined> {
  try {
    const { interpreter } = await openEnvironment(join(folder, '.venv'), host);
    return { requiresPython: `>=${minorOf(interpreter)}`, pin: minorOf(interpreter) };
  } catch (error) {
    // Whatever is wrong with the environment: another interpreter will do.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function ofWorkspace(workspace: Workspace | undefined, input: NewPythonInput): Promise<Chosen | undefined> {
  const texts = [...(workspace?.members.values() ?? [])].flatMap(({ requiresPython }) =>
    requiresPython === undefined ? [] : [formatSpecifierSet(requiresPython)],
  );
  if (texts.length === 0) return undefined;
  const specifiers = parseSpecifierSet([...new Set(texts.flatMap((text) => text.split(',')))].join(','));
  const requiresPython = formatSpecifierSet(specifiers).replaceAll(/,\s*/g, ', ');
  const request = parsePythonRequest(formatSpecifierSet(specifiers), input.host);
  return { requiresPython, pin: input.isPinned ? await minorOfRequest(request, input) : '' };
}

async function minorOfRequest(request: PythonRequest, { preference, host }: NewPythonInput): Promise<string> {
  const { facts } = await findInterpreter(request, { environments: 'only-system', preference }, host);
  return minorOf(facts);
}

function minorOf({ version }: InterpreterFacts): string {
  return version.release.slice(0, 2).join('.');
}

/** Does a version file of the project, or of the workspace that it joins, say so already? Alone, any version will do. */
function isPinned(pin: string, { folder, workspace, host }: NewPythonInput): boolean {
  const file = findVersionFile({ start: folder, stop: undefined }, host);
  if (file?.request === undefined) return false;
  const home = dirname(file.path);
  if (workspace === undefined) return home === folder;
  const same = formatPythonRequest(file.request) === formatPythonRequest(parsePythonRequest(pin, host));
  return same && (home === folder || home === workspace.root.folder);
}
