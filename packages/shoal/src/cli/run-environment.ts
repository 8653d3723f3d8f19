/** Where `run` runs when no stamp says that all is well: the project's environment, a script's, any Python; and what goes above it. */
import { dirname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { Digest, PinnedTree } from '@shoal/cache';
import { cachedEnvironment } from '../commands/cached-environment.ts';
import type { WorkflowEvent } from '../commands/install-phases.ts';
import { overlayEnvironment } from '../commands/overlay-environment.ts';
import { planEnvironment } from '../environment/environment-plan.ts';
import { environmentOfInterpreter, prefixEnvironment } from '../environment/environment.ts';
import type { Environment } from '../environment/environment.ts';
import { findInterpreter } from '../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { writeFreshEnvironment } from '../environment/write-environment.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import { pythonHost, pythonPreference } from './choose-environment.ts';
import type { RunEnvironment } from './commands/run.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import {
  chooseInterpreter,
  ensureProjectEnvironment,
  projectEnvironmentRoot,
  projectPython,
} from './project-environment.ts';
import { openForRun, runResolution, scriptPython, withRequirements } from './run-requirements.ts';
import type { OpenedForRun } from './run-requirements.ts';
import type { RunTarget } from './run-target.ts';
import { requirementSet } from './change-options.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';
import { syncWorkspace } from './sync-workspace.ts';
import { SHOAL_VERSION } from './version.ts';
import { wantedPython } from './wanted-python.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';

export interface RunInput {
  readonly session: Session;
  readonly values: OptionValues;
  readonly target: RunTarget | undefined;
  /** What is remembered of the project's environment; absent when it is not all that is needed. */
  readonly question: Digest | undefined;
}

/** @throws what locking, resolving and installing throw. */
export async function runEnvironment(input: RunInput): Promise<RunEnvironment> {
  const { target, values } = input;
  const workspace = target?.script !== undefined || values.flag('noProject') ? undefined : findWorkspace(input);
  const opened = await openForRun(input, workspace);
  const held: PinnedTree[] = [];
  try {
    const base = await baseEnvironment(input, { opened, held, workspace });
    const upper = await withEnvironment(base, { input, opened, held });
    return described(base, upper, { opened, held });
  } catch (error) {
    for (const tree of held) tree.release();
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

interface Base {
  readonly interpreter: InterpreterFacts;
  readonly environment: Environment;
  readonly temporary: Disposable | undefined;
}

async function baseEnvironment(
  input: RunInput,
  {
    opened,
    held,
    workspace,
  }: { readonly opened: OpenedForRun; readonly held: PinnedTree[]; readonly workspace: Workspace | undefined },
): Promise<Base> {
  if (input.target?.script !== undefined) return await scriptEnvironment(input, opened, held);
  if (workspace !== undefined) return await projectEnvironment(workspace, input, opened);
  return await anyEnvironment(input, opened, held);
}

/** A folder that is no project, or that is not to be managed, is no obstacle to running something in it. */
function findWorkspace({ session, values }: RunInput): Workspace | undefined {
  try {
    return discoverWorkspace(projectFolder(session, values));
  } catch (error) {
    if (hasErrorCode(error, 'UNMANAGED_PROJECT', 'MISSING_PROJECT_TABLE')) return undefined;
    throw error;
  }
}

async function projectEnvironment(workspace: Workspace, input: RunInput, opened: OpenedForRun): Promise<Base> {
  const { session, values, question } = input;
  const place = { session, values, workspace, context: opened.context };
  const python = projectPython(place);
  const isolated = values.flag('isolated');
  const temporary = isolated ? isolatedEnvironment(await chooseInterpreter(place, python), opened) : undefined;
  const environment =
    temporary?.environment ?? (await ensureProjectEnvironment(projectEnvironmentRoot(place), python, place));
  if (!values.flag('noSync'))
    await syncWorkspace(environment, {
      ...place,
      opened,
      exact: isolated || values.flag('exact'),
      dryRun: false,
      question: isolated ? undefined : question,
      onEvent: summarizing(opened),
    });
  return { interpreter: environment.interpreter, environment, temporary };
}

/** Of a sync that a run needs, only what changed something is worth a line. */
function summarizing({ onEvent }: OpenedContext): (event: WorkflowEvent) => void {
  return (event) => {
    if (event.type === 'phase' && (event.phase === 'resolved' || event.phase === 'checked')) return;
    onEvent(event);
  };
}

function isolatedEnvironment(
  interpreter: InterpreterFacts,
  { context }: OpenedContext,
): { readonly environment: Environment } & Disposable {
  const folder = context.cache.openWorkFolder();
  const root = join(folder.path, 'environment');
  writeFreshEnvironment(root, planEnvironment(root, { interpreter, version: SHOAL_VERSION }));
  return {
    environment: { ...prefixEnvironment(root, interpreter), kind: 'virtual' },
    [Symbol.dispose]: () => folder.close(),
  };
}

async function scriptEnvironment(input: RunInput, opened: OpenedForRun, held: PinnedTree[]): Promise<Base> {
  const interpreter = await scriptPython(input, opened);
  const { sources, folder } = opened;
  return baseOf(await sharedEnvironment(input, opened, { interpreter, sources, folder, held }), interpreter);
}

interface SharedEnvironment {
  readonly interpreter: InterpreterFacts;
  readonly sources: RequirementSources;
  /** Where relative paths of requirements start. */
  readonly folder: string;
  readonly held: PinnedTree[];
}

/** The immutable environment that holds what `sources` ask for; it joins what the run holds. */
async function sharedEnvironment(
  { session, values }: RunInput,
  opened: OpenedForRun,
  { interpreter, sources, folder, held }: SharedEnvironment,
): Promise<PinnedTree> {
  const tree = await cachedEnvironment(
    {
      interpreter,
      requirements: requirementSet(values, sources),
      resolution: runResolution(values, sources, session),
      folder,
      version: SHOAL_VERSION,
    },
    opened.context,
    { signal: session.signal, onEvent: summarizing(opened) },
  );
  held.push(tree);
  return tree;
}

function baseOf(tree: PinnedTree, interpreter: InterpreterFacts): Base {
  return {
    interpreter,
    environment: { ...prefixEnvironment(tree.folder, interpreter), kind: 'virtual', relocatable: true },
    temporary: undefined,
  };
}

/** Without a project: the environment that is active or near, else an interpreter. */
async function anyEnvironment(input: RunInput, opened: OpenedForRun, held: PinnedTree[]): Promise<Base> {
  const { session, values } = input;
  const host = pythonHost(session, opened.context);
  const wanted = wantedPython({ session, values, host, written: values.text('python') });
  const scope = { environments: 'any', preference: pythonPreference(session, values) } as const;
  const { facts } = await findInterpreter(wanted.request, scope, host);
  if (values.flag('isolated')) {
    const sources = { ...opened.sources, requirements: [], unnamed: [], editables: new Set<string>() };
    const place = { interpreter: facts, sources, folder: session.workingFolder, held };
    return baseOf(await sharedEnvironment(input, opened, place), facts);
  }
  return { interpreter: facts, environment: environmentOfInterpreter(facts, host), temporary: undefined };
}

interface Upper {
  readonly tree: PinnedTree;
  readonly overlay: PinnedTree;
}

async function withEnvironment(
  base: Base,
  { input, opened, held }: { readonly input: RunInput; readonly opened: OpenedForRun; readonly held: PinnedTree[] },
): Promise<Upper | undefined> {
  const { session, values } = input;
  const sources = await withRequirements(session, values);
  if (sources === undefined) return undefined;
  const tree = await sharedEnvironment(input, opened, {
    interpreter: base.interpreter,
    sources,
    folder: session.workingFolder,
    held,
  });
  const overlay = await overlayEnvironment(
    {
      interpreter: base.interpreter,
      upper: tree,
      lower: base.environment.scheme,
      version: SHOAL_VERSION,
      signal: session.signal,
    },
    opened.context,
  );
  held.push(overlay);
  return { tree, overlay };
}

function described(
  base: Base,
  upper: Upper | undefined,
  { opened, held }: { readonly opened: OpenedForRun; readonly held: readonly PinnedTree[] },
): RunEnvironment {
  const { environment, interpreter, temporary } = base;
  const above = upper === undefined ? [] : [upper.overlay, upper.tree];
  const folders = [
    ...above.map(({ folder }) => prefixEnvironment(folder, interpreter).scheme.scripts),
    ...(environment.kind === 'virtual' ? [environment.scheme.scripts] : [dirname(interpreter.executable)]),
  ];
  const [scripts = ''] = folders;
  const isVirtual = upper !== undefined || environment.kind === 'virtual';
  return {
    root: upper?.overlay.folder ?? (isVirtual ? environment.root : undefined),
    python: isVirtual ? join(scripts, process.platform === 'win32' ? 'python.exe' : 'python') : interpreter.executable,
    folders,
    handOver: () => {
      for (const tree of held) tree.inherit();
    },
    isTemporary: temporary !== undefined,
    [Symbol.asyncDispose]: async () => {
      for (const tree of held) tree.release();
      temporary?.[Symbol.dispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}
