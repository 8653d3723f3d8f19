/** What a script's metadata and `--with` ask for, and the context in which that is resolved. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  baseVersion,
  formatSpecifierSet,
  formatVersion,
  specifierContains,
  tryParseSpecifierSet,
} from '@shoal/packaging';
import type { ResolutionPolicy } from '../commands/change-environment.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { defaultPythonRequest, parsePythonRequest } from '../environment/python-request.ts';
import { workspaceTarget } from '../project/lock-target.ts';
import type { RequirementSources } from '../project/requirement-collector.ts';
import type { Workspace } from '../project/workspace.ts';
import { readRequirementSources } from '../project/requirement-sources.ts';
import { readRequiresPythonOfScript } from '../project/script-python.ts';
import { selectProjects } from '../project/select-projects.ts';
import { buildPolicy } from './build-options.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import { excludeNewerOf } from './exclude-newer.ts';
import { NO_INDEX_SOURCES } from './index-locations.ts';
import { openContext } from './open-context.ts';
import type { OpenedContext } from './open-context.ts';
import { openForLock } from './open-for-lock.ts';
import { fetchText, ignoredSources } from './open-for-requirements.ts';
import type { OptionValues } from './option-values.ts';
import { prereleasePolicy } from './prerelease-policy.ts';
import type { RunInput } from './run-environment.ts';
import type { ScriptText } from './run-target.ts';
import type { Session } from './session.ts';

export interface OpenedForRun extends OpenedContext {
  /** Of the script; empty without one. */
  readonly sources: RequirementSources;
  /** Absolute: where relative paths of the sources start. */
  readonly folder: string;
}

/** The context, with the indexes that the script or the project names. */
export async function openForRun(
  { session, values, target }: RunInput,
  workspace: Workspace | undefined,
): Promise<OpenedForRun> {
  const script = target?.script;
  const folder = script?.path === undefined ? session.workingFolder : dirname(script.path);
  const sources = await sourcesOf(script === undefined ? {} : { script }, { session, values, folder });
  for (const warning of sources.warnings) session.reporter.warning(warning);
  const opened =
    workspace === undefined
      ? openContext(session, values, { ...NO_INDEX_SOURCES, fromFiles: sources.options })
      : openForLock(session, values, workspaceTarget(workspace));
  return { ...opened, sources, folder };
}

/** What `--with` and its kin name; `undefined` when none was given. */
export async function withRequirements(
  session: Session,
  values: OptionValues,
): Promise<RequirementSources | undefined> {
  const words = values.list('with').flatMap(splitRequirements);
  const editables = values.list('withEditable');
  const files = values.list('withRequirements');
  if (words.length + editables.length + files.length === 0) return undefined;
  return await sourcesOf({ words, editables, files }, { session, values, folder: session.workingFolder });
}

/** `a,b>=1,<2`: a comma parts two requirements unless a specifier goes on after it. */
function splitRequirements(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  for (const piece of text.split(',')) {
    const isNew = depth === 0 && /^\s*[A-Za-z0-9.]/.test(piece);
    if (isNew || parts.length === 0) parts.push(piece.trim());
    else parts[parts.length - 1] += `,${piece}`;
    depth += (piece.match(/[[(]/g)?.length ?? 0) - (piece.match(/[\])]/g)?.length ?? 0);
  }
  return parts.filter((part) => part !== '');
}

interface Asked {
  readonly words?: readonly string[];
  readonly editables?: readonly string[];
  readonly files?: readonly string[];
  readonly script?: ScriptText;
}

interface SourcesPlace {
  readonly session: Session;
  readonly values: OptionValues;
  readonly folder: string;
}

async function sourcesOf(asked: Asked, { session, values, folder }: SourcesPlace): Promise<RequirementSources> {
  using script = asked.script === undefined ? undefined : scriptFile(asked.script);
  return await readRequirementSources(
    {
      words: asked.words ?? [],
      editables: asked.editables ?? [],
      files: script === undefined ? (asked.files ?? []) : [script.path],
      constraintFiles: [],
      overrideFiles: [],
      excludeFiles: [],
      extras: [],
      groups: [],
      ignoredSources: ignoredSources(values),
    },
    {
      folder,
      variables: session.variables,
      readStandardInput: session.readStandardInput,
      fetchText: (url) => fetchText(session, values, url),
    },
  );
}

/** What came from standard input, or has another ending, is read as a file of its own. */
function scriptFile({ path, text }: ScriptText): { readonly path: string } & Disposable {
  if (path?.endsWith('.py') === true) return { path, [Symbol.dispose]: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'shoal-script-'));
  const copy = join(folder, 'script.py');
  writeFileSync(copy, text);
  return { path: copy, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The interpreter for a script: `--python`, else what its metadata requires. */
export async function scriptPython(
  { session, values, target }: RunInput,
  opened: OpenedForRun,
): Promise<InterpreterFacts> {
  const host = pythonHost(session, opened.context);
  const required = readRequiresPythonOfScript(target?.script?.text ?? '', target?.script?.path ?? 'stdin');
  const written = values.text('python') ?? (required === undefined ? undefined : required.replaceAll(/\s+/g, ''));
  const request = written === undefined || written === '' ? defaultPythonRequest : parsePythonRequest(written, host);
  const scope = { environments: 'only-system', preference: pythonPreference(session, values) } as const;
  const { facts } = await findInterpreter(request, scope, host);
  const specifiers = required === undefined ? undefined : tryParseSpecifierSet(required);
  if (specifiers !== undefined && !fits(specifiers, facts))
    session.reporter.warning(
      `The requested interpreter resolved to Python ${formatVersion(facts.version)}, which is incompatible with the script's Python requirement: \`${formatSpecifierSet(specifiers).replaceAll(/,\s*/g, ', ')}\``,
    );
  return facts;
}

function fits(required: NonNullable<ReturnType<typeof tryParseSpecifierSet>>, { version }: InterpreterFacts): boolean {
  return required.specifiers.every((specifier) => specifierContains(specifier, baseVersion(version)));
}

export function runResolution(
  values: OptionValues,
  sources: RequirementSources,
  session: Pick<Session, 'variables'>,
): ResolutionPolicy {
  const excludeNewer = excludeNewerOf(values, new Date());
  return {
    withoutDependencies: false,
    mode: values.choice('resolution', ['highest', 'lowest', 'lowest-direct']) ?? 'highest',
    ...prereleasePolicy(values, sources.options),
    ...(excludeNewer === undefined ? {} : { excludeNewer }),
    buildOptions: {
      noBuild: values.flag('noBuild') ? 'all' : selectProjects(values.list('noBuildPackage')),
      noBinary: values.flag('noBinary') ? 'all' : selectProjects(values.list('noBinaryPackage')),
    },
    build: buildPolicy(values, { session, sources }),
    hashMode: 'verify',
  };
}
