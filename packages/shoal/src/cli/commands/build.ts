import { dirname, relative, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { buildProject } from '../../commands/build-project.ts';
import type { BuildOrder, BuildPhase } from '../../commands/build-project.ts';
import { buildPolicy } from '../build-options.ts';
import { chooseInterpreter } from '../choose-interpreter.ts';
import type { CommandDefinition } from '../command-table.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import type { OptionValues } from '../option-values.ts';
import { buildConstraintOption, buildIsolationOptions } from '../options/build-options.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { absolutePath } from '../session.ts';

const PHASES: Readonly<Record<BuildPhase, string>> = {
  sdist: 'Building source distribution...',
  wheel: 'Building wheel...',
  'wheel-from-sdist': 'Building wheel from source distribution...',
};

/** `build`. */
export const build: CommandDefinition = {
  arguments: [
    {
      name: 'SRC',
      description:
        'The directory from which distributions should be built, or a source distribution archive to build into a wheel',
      required: false,
      many: false,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'outDir',
          short: '-o',
          long: '--out-dir',
          value: 'OUT_DIR',
          description: 'The output directory to which distributions should be written',
        },
        {
          key: 'sdist',
          long: '--sdist',
          description: 'Build a source distribution ("sdist") from the given directory',
        },
        {
          key: 'wheel',
          long: '--wheel',
          description: 'Build a binary distribution ("wheel") from the given directory',
        },
        { key: 'noBuildLogs', long: '--no-build-logs', description: 'Hide logs from the build backend' },
        {
          key: 'clear',
          long: '--clear',
          description: 'Clear the output directory before the build, removing stale artifacts',
        },
        {
          key: 'noCreateGitignore',
          long: '--no-create-gitignore',
          description: 'Do not create a `.gitignore` file in the output directory',
        },
        buildConstraintOption,
        ...buildIsolationOptions,
      ],
    },
    pythonOptions,
    indexOptions,
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
  ],
  run: async ({ values, words }, session) => {
    const { reporter } = session;
    const shown = words[0] ?? '.';
    const source = absolutePath(session, shown);
    await using opened = await openForRequirements(session, values, { words: [], files: [] });
    const { context, sources } = opened;
    const showsLogs = !values.flag('noBuildLogs') && reporter.quiet === 0;
    const built = await buildProject(
      {
        source,
        shown,
        order: orderOf(values),
        outFolder: outFolderOf(source, values.text('outDir'), session.workingFolder),
        clear: values.flag('clear'),
        ignores: !values.flag('noCreateGitignore'),
        interpreter: await chooseInterpreter(session, values, context),
        policy: buildPolicy(values, { session, sources }),
      },
      context,
      {
        signal: session.signal,
        onEvent: (event) => {
          if (event.type === 'build-output' && showsLogs) reporter.raw(event.text);
          else opened.onEvent(event);
        },
        onPhase: (phase) => reporter.line(reporter.style.bold(PHASES[phase])),
      },
    );
    for (const path of built)
      reporter.line(`Successfully built ${reporter.style.bold(relative(session.workingFolder, path) || path)}`);
    return 0;
  },
};

function orderOf(values: OptionValues): BuildOrder {
  if (values.flag('sdist')) return values.flag('wheel') ? 'sdist-and-wheel' : 'sdist';
  return values.flag('wheel') ? 'wheel' : 'sdist-then-wheel';
}

function outFolderOf(source: string, written: string | undefined, workingFolder: string): string {
  if (written !== undefined) return resolve(workingFolder, written);
  const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? true;
  return isFolder ? resolve(source, 'dist') : dirname(source);
}
