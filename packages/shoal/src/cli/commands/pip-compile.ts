import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeFileAtomic } from '@shoal/cache';
import { normalizeName, parseVersion } from '@shoal/packaging';
import type { Version } from '@shoal/packaging';
import { compileRequirements } from '../../commands/pip-compile.ts';
import { pinsOf } from '../../commands/compiled-pins.ts';
import type { InterpreterFacts } from '../../environment/interpreter-facts.ts';
import { pinsOfFile } from '../../project/pins-of-file.ts';
import { requirementSet, resolutionPolicy, selectionOf } from '../change-options.ts';
import { compileCommandLine } from '../compile-command-line.ts';
import { chooseInterpreter, withVersionOfPython } from '../choose-interpreter.ts';
import type { CommandDefinition } from '../command-table.ts';
import { indexLinesOf } from '../index-lines.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import type { OpenedForRequirements } from '../open-for-requirements.ts';
import { sourceOptions } from '../options/build-options.ts';
import { emittedOptions, outputOptions } from '../options/compiled-file-options.ts';
import { certificateOption, pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { buildOptions, torchOption } from '../options/installer-options.ts';
import { refusedCompileOptions } from '../options/refused-pip-options.ts';
import { requirementOptions } from '../options/requirement-options.ts';
import { forkOptions, resolverOptions, targetOptions } from '../options/resolver-options.ts';
import type { OptionValues } from '../option-values.ts';
import { refuseTorchBackend } from '../refuse-torch-backend.ts';
import { renderCompiledRequirements } from '../render/compiled-requirements.ts';
import type { CompiledFile } from '../render/compiled-requirements.ts';
import { absolutePath } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

const PROJECT_FILES: ReadonlySet<string> = new Set(['pyproject.toml', 'setup.cfg', 'setup.py']);

/** `pip compile`. */
export const pipCompile: CommandDefinition = {
  arguments: [
    {
      name: 'SRC_FILE',
      description: 'Include the packages listed in the given files; `-` reads standard input',
      required: false,
      many: true,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        ...requirementOptions,
        {
          key: 'noDeps',
          long: '--no-deps',
          alias: '--no-dependencies',
          negations: ['--deps'],
          description: 'Ignore package dependencies, instead only add those packages explicitly listed',
        },
        ...outputOptions,
        {
          key: 'system',
          long: '--system',
          variable: 'SYSTEM_PYTHON',
          negations: ['--no-system'],
          description: 'Use the system Python environment',
        },
        ...buildOptions,
        ...sourceOptions,
        ...targetOptions,
        {
          key: 'universal',
          long: '--universal',
          negations: ['--no-universal'],
          description:
            'Perform a universal resolution, attempting to generate a single output file that is compatible with all operating systems, architectures, and Python implementations',
          conflicts: ['--python-platform'],
        },
        ...emittedOptions,
        torchOption,
        certificateOption,
        ...refusedCompileOptions,
      ],
    },
    indexOptions,
    { ...resolverOptions, options: [...resolverOptions.options, ...forkOptions] },
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values: given, words, rest }, session) => {
    refuseTorchBackend(given);
    refuseOtherFormats(given);
    refuseMissingSources(given, words);
    const values = withVersionOfPython(given);
    await using opened = await openForRequirements(session, values, { words: [], files: words });
    const interpreter = await chooseInterpreter(session, values, opened.context);
    const compiled = await compile(session, values, { opened, interpreter });
    const text = renderCompiledRequirements({
      command: values.flag('noHeader') ? undefined : commandShown(values, rest),
      options: indexLinesOf(values, opened),
      ...compiled,
      annotations: values.flag('noAnnotate')
        ? 'none'
        : (values.choice('annotationStyle', ['line', 'split']) ?? 'split'),
    });
    writeOutput(session, values, text);
    return 0;
  },
};

function commandShown(values: OptionValues, words: readonly string[]): string {
  const shown = { indexes: values.flag('emitIndexUrl'), links: values.flag('emitFindLinks') };
  return values.text('customCompileCommand') ?? compileCommandLine(words, shown);
}

function refuseMissingSources(values: OptionValues, files: readonly string[]): void {
  if (files.length === 0 && values.list('group').length === 0)
    throw new UsageError('the following required arguments were not provided:\n  <SRC_FILE|--group <GROUP>>');
  const asksForExtras = values.flag('allExtras') || values.list('extra').length > 0;
  if (asksForExtras && !files.some((file) => PROJECT_FILES.has(basename(file))))
    throw new UsageError('Requesting extras requires a `pyproject.toml`, `setup.cfg`, or `setup.py` file.');
}

function refuseOtherFormats(values: OptionValues): void {
  const output = values.text('outputFile');
  if (output !== undefined && basename(output).toLowerCase() === 'pyproject.toml')
    throw new UsageError(
      '`pyproject.toml` is not a supported output format for `shoal pip compile` (only `requirements.txt`-style output is supported)',
    );
  const byName = output?.toLowerCase().endsWith('.toml') === true ? 'pylock.toml' : 'requirements.txt';
  if ((values.text('format') ?? byName) === 'pylock.toml')
    throw new UsageError(
      'the format `pylock.toml` is not available in this release',
      'write a `requirements.txt` file instead',
    );
}

interface CompileParts {
  readonly opened: OpenedForRequirements;
  readonly interpreter: InterpreterFacts;
}

async function compile(
  session: Session,
  values: OptionValues,
  { opened, interpreter }: CompileParts,
): Promise<Pick<CompiledFile, 'pins' | 'excluded'>> {
  const kept = keptPins(session, values);
  const { context, sources, onEvent } = opened;
  const input = {
    requirements: requirementSet(values, sources),
    policy: resolutionPolicy(values, { sources, session, environment: { interpreter } }),
    interpreter,
    universal: values.flag('universal')
      ? {
          minimumPython: minimumPython(values, interpreter),
          forkStrategy: values.choice('forkStrategy', ['fewest', 'requires-python']) ?? 'requires-python',
        }
      : undefined,
    preferences: kept,
    folder: session.workingFolder,
  };
  const resolution = await compileRequirements(input, context, { signal: session.signal, onEvent });
  const omitted = values.list('noEmitPackage').map((name) => normalizeName(name));
  const options = {
    keepExtras: values.flag('noStripExtras'),
    keepMarkers: values.flag('noStripMarkers'),
    withHashes: values.flag('generateHashes'),
    omit: new Set(omitted),
    kept,
    folder: session.workingFolder,
  };
  const pins = await pinsOf(resolution, options, context);
  return {
    pins: values.flag('emitIndexAnnotation') ? pins : pins.map((pin) => ({ ...pin, index: undefined })),
    excluded: omitted.filter((name) => resolution.nodes.some((node) => node.name === name)),
  };
}

/** What the output file pins already, but for what is to be upgraded. */
function keptPins(session: Session, values: OptionValues): ReturnType<typeof pinsOfFile> {
  const output = values.text('outputFile');
  const upgrade = selectionOf(values, 'upgrade');
  if (output === undefined || upgrade === 'all') return new Map();
  const pins = pinsOfFile(absolutePath(session, output), output);
  return new Map([...pins].filter(([name]) => !upgrade.has(name)));
}

/** A universal resolution is for this minor version and later ones, whatever the patch of the interpreter at hand. */
function minimumPython(values: OptionValues, { version }: InterpreterFacts): Version {
  return parseVersion(values.text('pythonVersion') ?? version.release.slice(0, 2).join('.'));
}

function writeOutput(session: Session, values: OptionValues, text: string): void {
  const output = values.text('outputFile');
  if (output !== undefined) {
    const path = absolutePath(session, output);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, text);
  }
  if (output === undefined || session.reporter.quiet === 0) session.reporter.data(text);
}
