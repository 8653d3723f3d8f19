import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '@shoal/cache';
import { questionOf } from '../../commands/sync-stamp.ts';
import { executableOfRoot } from '../../environment/environment-paths.ts';
import { answerForProject } from '../answer-for-project.ts';
import type { CommandDefinition } from '../command-table.ts';
import { valuesWithSettings } from '../load-settings.ts';
import { buildIsolationOptions } from '../options/build-options.ts';
import { lockBuildOptions } from '../options/lock-options.ts';
import {
  activeOption,
  groupOptions,
  lockOptions,
  memberOptions,
  noEditableOption,
  omissionOptions,
} from '../options/project-options.ts';
import { runOptions } from '../options/run-options.ts';
import type { OptionValues } from '../option-values.ts';
import { isRunnable, runProgram } from '../run-program.ts';
import { runTarget } from '../run-target.ts';
import type { RunTarget } from '../run-target.ts';
import { runVariables } from '../run-variables.ts';
import { projectFolder } from '../session.ts';
import type { Session } from '../session.ts';
import { SHOAL_VERSION } from '../version.ts';
import { syncGroups } from '../options/lock-and-sync-options.ts';

/** Where a program is to run. */
export interface RunEnvironment extends AsyncDisposable {
  /** Root of the virtual environment; absent for an interpreter that is in none. */
  readonly root: string | undefined;
  /** Absolute path of its interpreter. */
  readonly python: string;
  readonly folders: readonly string[];
  /** Hand the environments of the cache over to the program that replaces this process. */
  readonly handOver: () => void;
  /** It is removed when the program has ended. */
  readonly isTemporary: boolean;
}

/** `run`: a program in the project's environment, which is brought to its lockfile first. */
export const run: CommandDefinition = {
  passesOn: true,
  settings: 'late',
  arguments: [
    { name: 'COMMAND', description: 'The command or script, and its arguments', required: false, many: true },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        ...runOptions,
        ...groupOptions,
        noEditableOption,
        activeOption,
        ...omissionOptions,
        ...lockOptions,
        ...memberOptions,
        ...lockBuildOptions,
        ...buildIsolationOptions,
      ],
    },
    ...syncGroups,
  ],
  run: async ({ values, words, rest }, session) => {
    using downloads = new Downloads();
    const target = words.length === 0 ? undefined : await targetOf(words, { session, values, downloads });
    const own = rest.slice(0, rest.length - words.length);
    const question = isRememberable(values, target) ? questionIn(session, values, own) : undefined;
    await using environment =
      knownEnvironment(question, session, values) ?? (await makeEnvironment({ session, values, target, question }));
    if (target === undefined) return listCommands(environment, session);
    return await runProgram(
      {
        program: target.kind === 'python' ? environment.python : target.program,
        words: target.words,
        variables: runVariables(environment, session, values),
        handOver: environment.handOver,
        staysBehind: environment.isTemporary || downloads.hasFiles || values.flag('noCache'),
      },
      session,
    );
  },
};

/** Loaded when it is needed: most of the program is in there. */
async function makeEnvironment(place: RunEnvironmentPlace): Promise<RunEnvironment> {
  const { runEnvironment } = await import('../run-environment.ts');
  return await runEnvironment({ ...place, values: await valuesWithSettings(place.session, place.values, false) });
}

interface RunEnvironmentPlace {
  readonly session: Session;
  readonly values: OptionValues;
  readonly target: RunTarget | undefined;
  readonly question: Digest | undefined;
}

/** Scripts that were fetched, and go when the program has ended. */
class Downloads implements Disposable {
  #folder: string | undefined;

  get hasFiles(): boolean {
    return this.#folder !== undefined;
  }

  write(url: string, content: Uint8Array): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'shoal-run-'));
    const name = basename(new URL(url).pathname) || 'script';
    const path = join(this.#folder, name.endsWith('.py') ? name : `${name}.py`);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface TargetParts {
  readonly session: Session;
  readonly values: OptionValues;
  readonly downloads: Downloads;
}

async function targetOf(words: readonly string[], { session, values, downloads }: TargetParts): Promise<RunTarget> {
  return await runTarget(words, {
    isModule: values.flag('module'),
    isScript: values.flag('script'),
    session,
    download: async (url) => {
      const { fetchText } = await import('../open-for-requirements.ts');
      return downloads.write(url, await fetchText(session, values, url));
    },
  });
}

/** Whether the project's environment as it is may be all that is needed. */
function isRememberable(values: OptionValues, target: RunTarget | undefined): boolean {
  if (
    target?.script !== undefined ||
    values.text('configFile') !== undefined ||
    ['isolated', 'noProject', 'noCache', 'compileBytecode'].some((key) => values.flag(key))
  )
    return false;
  return ![
    'with',
    'withEditable',
    'withRequirements',
    'reinstall',
    'reinstallPackage',
    'upgrade',
    'upgradePackage',
    'refresh',
    'refreshPackage',
  ].some((key) => values.isGiven(key));
}

function questionIn(session: Session, values: OptionValues, own: readonly string[]): Digest {
  const words = own.filter((word) => word !== '--' && word !== '-m' && word !== '--module');
  return questionOf({
    version: SHOAL_VERSION,
    folder: projectFolder(session, values),
    words,
    variables: session.variables,
  });
}

function knownEnvironment(
  question: Digest | undefined,
  session: Session,
  values: OptionValues,
): RunEnvironment | undefined {
  const known = question === undefined ? undefined : answerForProject(question, { session, values });
  if (known === undefined) return undefined;
  const python = executableOfRoot(known.root).path;
  return {
    root: known.root,
    python,
    folders: [dirname(python)],
    handOver: () => undefined,
    isTemporary: false,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Nothing was named to be run. */
function listCommands({ folders }: RunEnvironment, { reporter }: Session): number {
  const names = [
    ...new Set(folders.flatMap((folder) => readdirSync(folder).filter((name) => isRunnable(folder, name)))),
  ];
  reporter.data('Provide a command or script to invoke with `shoal run <command>` or `shoal run <script>.py`.\n\n');
  reporter.data('The following commands are available in the environment:\n\n');
  for (const name of names.sort()) reporter.data(`- ${name}\n`);
  reporter.data('\nSee `shoal run --help` for more information.\n');
  return 2;
}
