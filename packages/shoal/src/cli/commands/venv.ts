import { basename, join, relative, resolve } from 'node:path';
import { formatVersion, parseRequirement } from '@shoal/packaging';
import { plainBuildPolicy } from '../../commands/build-policy.ts';
import { changeEnvironment } from '../../commands/change-environment.ts';
import type { ChangeResult } from '../../commands/change-environment.ts';
import { createEnvironment } from '../../environment/create-environment.ts';
import type { ExistingPolicy } from '../../environment/create-environment.ts';
import type { Environment } from '../../environment/environment.ts';
import { findInterpreter } from '../../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../../environment/interpreter-facts.ts';
import type { FoundProject } from '../../project/find-project.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { excludeNewerOf } from '../exclude-newer.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import type { OpenedContext } from '../open-context.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { installerOptions } from '../options/installer-options.ts';
import { resolverOptions } from '../options/resolver-options.ts';
import type { OptionValues } from '../option-values.ts';
import { renderChanges } from '../render/changes.ts';
import { absolutePath, projectFolder, shownPath } from '../session.ts';
import type { Session } from '../session.ts';
import { readVariable } from '../variable-values.ts';
import { SHOAL_VERSION } from '../version.ts';
import { wantedPython } from '../wanted-python.ts';

/** `venv [PATH]`. */
export const venv: CommandDefinition = {
  arguments: [
    {
      name: 'PATH',
      description: 'The path to the virtual environment to create; `.venv` by default',
      required: false,
      many: false,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'noProject',
          long: '--no-project',
          description: 'Avoid discovering a project: what its `pyproject.toml` requires does not count',
        },
        {
          key: 'seed',
          long: '--seed',
          variable: 'VENV_SEED',
          description:
            'Install seed packages (one or more of: `pip`, `setuptools`, and `wheel`) into the virtual environment',
        },
        {
          key: 'clear',
          short: '-c',
          long: '--clear',
          variable: 'VENV_CLEAR',
          description: 'Remove any existing files or directories at the target path',
        },
        {
          key: 'force',
          long: '--force',
          description: 'With `--clear`, remove a directory that is not a virtual environment too',
        },
        {
          key: 'allowExisting',
          long: '--allow-existing',
          description: 'Preserve any existing files or directories at the target path',
        },
        {
          key: 'prompt',
          long: '--prompt',
          value: 'PROMPT',
          description: 'Provide an alternative prompt prefix for the virtual environment',
        },
        {
          key: 'systemSitePackages',
          long: '--system-site-packages',
          description: 'Give the virtual environment access to the system site packages directory',
        },
        { key: 'relocatable', long: '--relocatable', description: 'Make the virtual environment relocatable' },
      ],
    },
    pythonOptions,
    indexOptions,
    { title: 'Resolver options', options: resolverOptions.options.filter(({ key }) => key.startsWith('excludeNewer')) },
    { title: 'Installer options', options: installerOptions.options.filter(({ key }) => key === 'linkMode') },
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
  ],
  run: async ({ values, words }, session) => {
    const { reporter } = session;
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const host = pythonHost(session, opened.context);
    const wanted = wantedPython({ session, values, host, written: values.text('python') });
    const scope = { environments: 'only-system', preference: pythonPreference(session, values) } as const;
    const { facts: interpreter } = await findInterpreter(wanted.request, scope, host);
    const { root, shown, defaultPrompt } = placeOf(words[0], { session, values, project: wanted.project });
    reporter.line(`Using ${pythonName(interpreter)} interpreter at: ${reporter.style.value(interpreter.executable)}`);
    wanted.warnIfUnfit(interpreter);
    reporter.line(
      `Creating virtual environment ${values.flag('seed') ? 'with seed packages ' : ''}at: ${reporter.style.value(shown)}`,
    );
    const environment = await createEnvironment(
      {
        interpreter,
        root,
        shown,
        onExisting: existingPolicy(values),
        lock: opened.context.lockOptions,
        prompt: promptOf(values, session) ?? defaultPrompt,
        systemSitePackages: values.flag('systemSitePackages'),
        relocatable: values.flag('relocatable'),
        seed: values.flag('seed'),
        version: SHOAL_VERSION,
      },
      host,
    );
    if (values.flag('seed')) await seed(environment, { session, values, opened });
    reporter.line(`Activate with: ${reporter.style.added(activationOf(relative(session.workingFolder, root)))}`);
    return 0;
  },
};

interface Place {
  readonly root: string;
  readonly shown: string;
  /** Only an environment whose place nobody chose is called after the working folder. */
  readonly defaultPrompt?: string;
}

/** Where it will be: as written, else the environment of the project whose root this is, else `.venv`. */
function placeOf(
  written: string | undefined,
  input: { readonly session: Session; readonly values: OptionValues; readonly project: FoundProject | undefined },
): Place {
  const { session, values, project } = input;
  if (written !== undefined && written !== '')
    return { root: absolutePath(session, written), shown: shownPath(session, written) };
  const folder = projectFolder(session, values);
  const named = project?.root === folder ? readVariable('PROJECT_ENVIRONMENT', session.variables)?.text : undefined;
  const root = resolve(folder, named === undefined || named === '' ? '.venv' : named);
  return { root, shown: shownPath(session, root), defaultPrompt: basename(session.workingFolder) };
}

function pythonName({ markers, version }: InterpreterFacts): string {
  return `${markers.platform_python_implementation} ${formatVersion(version)}`;
}

/** Of two options the later one counts, and both count more than a variable. */
function existingPolicy(values: OptionValues): ExistingPolicy {
  if (values.lastGiven(['allowExisting', 'clear']) === 'allowExisting') return 'allow';
  if (!values.flag('clear')) return 'fail';
  return values.flag('force') ? 'clear-anything' : 'clear';
}

/** `--prompt .` is the name of the working folder. */
function promptOf(values: OptionValues, session: Session): string | undefined {
  const written = values.text('prompt');
  return written === '.' ? session.workingFolder.split(/[/\\]/).at(-1) : written;
}

/** The line for the shells that people use most, from the working folder. */
function activationOf(folder: string): string {
  if (process.platform === 'win32') return join(folder, 'Scripts', 'activate');
  const path = join(folder, 'bin', 'activate');
  return `source ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`}`;
}

/** pip, and what older Pythons expect beside it. */
async function seed(
  environment: Environment,
  {
    session,
    values,
    opened,
  }: { readonly session: Session; readonly values: OptionValues; readonly opened: OpenedContext },
): Promise<void> {
  const [, minor = 0] = environment.interpreter.version.release;
  const names = minor >= 12 ? ['pip'] : ['pip', 'setuptools', 'wheel'];
  const excludeNewer = excludeNewerOf(values, new Date());
  const result: ChangeResult = await changeEnvironment(
    {
      environment,
      folder: session.workingFolder,
      requirements: {
        requirements: names.map((name) => ({ requirement: parseRequirement(name), origin: undefined })),
        constraints: [],
        overrides: [],
        excludes: [],
        unnamed: [],
        editables: new Set(),
        digests: new Map(),
      },
      resolution: {
        withoutDependencies: false,
        mode: 'highest',
        prerelease: 'if-necessary',
        prereleaseOf: new Map(),
        ...(excludeNewer === undefined ? {} : { excludeNewer }),
        buildOptions: { noBuild: new Set(), noBinary: new Set() },
        build: plainBuildPolicy(session.variables),
        hashMode: 'none',
      },
      change: {
        reinstall: new Set(),
        upgrade: new Set(),
        exact: false,
        isSync: false,
        dryRun: false,
        strict: false,
        linkMode: values.choice('linkMode', ['clone', 'copy', 'hardlink', 'symlink']),
        compileBytecode: false,
        variables: session.variables,
        installerMetadata: true,
      },
    },
    opened.context,
    { signal: session.signal, onEvent: (event) => (event.type === 'phase' ? undefined : opened.onEvent(event)) },
  );
  if (result.kind === 'changed')
    for (const line of renderChanges(result.changes, session.reporter.style)) session.reporter.line(line);
}
