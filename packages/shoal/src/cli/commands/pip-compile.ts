import { writeFileAtomic } from '@shoal/cache';
import { normalizeName, parseVersion } from '@shoal/packaging';
import { compileRequirements } from '../../commands/pip-compile.ts';
import { pinsOf } from '../../commands/compiled-pins.ts';
import type { InterpreterFacts } from '../../environment/interpreter-facts.ts';
import { pinsOfFile } from '../../project/pins-of-file.ts';
import { requirementSet, resolutionPolicy, selectionOf } from '../change-options.ts';
import { compileCommandLine } from '../compile-command-line.ts';
import { chooseInterpreter } from '../choose-interpreter.ts';
import type { CommandDefinition } from '../command-table.ts';
import { indexLinesOf } from '../index-lines.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import type { OpenedForRequirements } from '../open-for-requirements.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { buildOptions, torchOption } from '../options/installer-options.ts';
import { requirementOptions } from '../options/requirement-options.ts';
import { forkOptions, resolverOptions, targetOptions } from '../options/resolver-options.ts';
import type { OptionValues } from '../option-values.ts';
import { refuseTorchBackend } from '../refuse-torch-backend.ts';
import { renderCompiledRequirements } from '../render/compiled-requirements.ts';
import { absolutePath } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

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
          description: 'Ignore package dependencies, instead only add those packages explicitly listed',
        },
        {
          key: 'outputFile',
          short: '-o',
          long: '--output-file',
          value: 'OUTPUT_FILE',
          description: 'Write the compiled requirements to the given file; its pins are kept where they fit',
        },
        {
          key: 'format',
          long: '--format',
          value: 'FORMAT',
          description: 'The format in which the resolution should be output: `requirements.txt`',
        },
        { key: 'noStripExtras', long: '--no-strip-extras', description: 'Include extras in the output file' },
        {
          key: 'noStripMarkers',
          long: '--no-strip-markers',
          description: 'Include environment markers in the output file',
        },
        {
          key: 'noAnnotate',
          long: '--no-annotate',
          description: 'Exclude comment annotations indicating the source of each package',
        },
        {
          key: 'noHeader',
          long: '--no-header',
          description: 'Exclude the comment header at the top of the generated output file',
        },
        {
          key: 'annotationStyle',
          long: '--annotation-style',
          value: 'ANNOTATION_STYLE',
          choices: ['line', 'split'],
          description: 'The style of the annotation comments included in the output file',
        },
        {
          key: 'customCompileCommand',
          long: '--custom-compile-command',
          value: 'CUSTOM_COMPILE_COMMAND',
          variable: 'CUSTOM_COMPILE_COMMAND',
          description: 'The header comment to include at the top of the output file',
        },
        {
          key: 'system',
          long: '--system',
          variable: 'SYSTEM_PYTHON',
          description: 'Use the system Python environment',
          conflicts: ['--python'],
        },
        {
          key: 'generateHashes',
          long: '--generate-hashes',
          description: 'Include distribution hashes in the output file',
        },
        ...buildOptions,
        ...targetOptions,
        {
          key: 'universal',
          long: '--universal',
          description:
            'Perform a universal resolution, attempting to generate a single output file that is compatible with all operating systems, architectures, and Python implementations',
          conflicts: ['--python-platform'],
        },
        {
          key: 'noEmitPackage',
          long: '--no-emit-package',
          alias: '--unsafe-package',
          value: 'NO_EMIT_PACKAGE',
          repeat: true,
          description: 'Specify a package to omit from the output resolution',
        },
        {
          key: 'emitIndexUrl',
          long: '--emit-index-url',
          description: 'Include `--index-url` and `--extra-index-url` entries in the generated output file',
        },
        {
          key: 'emitFindLinks',
          long: '--emit-find-links',
          description: 'Include `--find-links` entries in the generated output file',
        },
        {
          key: 'emitBuildOptions',
          long: '--emit-build-options',
          description: 'Include `--no-binary` and `--only-binary` entries in the generated output file',
        },
        {
          key: 'emitIndexAnnotation',
          long: '--emit-index-annotation',
          description: 'Include comment annotations indicating the index used to resolve each package',
        },
        torchOption,
      ],
    },
    indexOptions,
    { ...resolverOptions, options: [...resolverOptions.options, ...forkOptions] },
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, words, rest }, session) => {
    refuseTorchBackend(values);
    refuseOtherFormats(values);
    if (words.length === 0 && values.list('group').length === 0)
      throw new UsageError('the following required arguments were not provided:\n  <SRC_FILE|--group <GROUP>>');
    await using opened = await openForRequirements(session, values, { words: [], files: words });
    const interpreter = await chooseInterpreter(session, values, opened.context);
    const resolution = await resolveFor(session, values, { opened, interpreter });
    const omitted = values.list('noEmitPackage').map((name) => normalizeName(name));
    const pins = await pinsOf(
      resolution,
      {
        keepExtras: values.flag('noStripExtras'),
        keepMarkers: values.flag('noStripMarkers'),
        withHashes: values.flag('generateHashes'),
        omit: new Set(omitted),
        folder: session.workingFolder,
      },
      opened.context,
    );
    const text = renderCompiledRequirements({
      command: values.flag('noHeader') ? undefined : (values.text('customCompileCommand') ?? compileCommandLine(rest)),
      options: indexLinesOf(values, opened),
      pins: values.flag('emitIndexAnnotation') ? pins : pins.map((pin) => ({ ...pin, index: undefined })),
      excluded: omitted.filter((name) => resolution.nodes.some((node) => node.name === name)).sort(),
      annotations: values.flag('noAnnotate')
        ? 'none'
        : (values.choice('annotationStyle', ['line', 'split']) ?? 'split'),
    });
    const output = values.text('outputFile');
    if (output !== undefined) writeFileAtomic(absolutePath(session, output), text);
    if (output === undefined || session.reporter.quiet === 0) session.reporter.data(text);
    return 0;
  },
};

function refuseOtherFormats(values: OptionValues): void {
  const format =
    values.text('format') ??
    (values.text('outputFile')?.endsWith('.toml') === true ? 'pylock.toml' : 'requirements.txt');
  if (format === 'requirements.txt') return;
  if (format === 'pylock.toml')
    throw new UsageError(
      'the format `pylock.toml` is not available in this release',
      'write a `requirements.txt` file instead',
    );
  throw new UsageError(`invalid value '${format}' for '--format <FORMAT>'\n  [possible values: requirements.txt]`);
}

interface ResolveParts {
  readonly opened: OpenedForRequirements;
  readonly interpreter: InterpreterFacts;
}

async function resolveFor(
  session: Session,
  values: OptionValues,
  { opened, interpreter }: ResolveParts,
): Promise<Awaited<ReturnType<typeof compileRequirements>>> {
  const { context, sources, onEvent } = opened;
  const output = values.text('outputFile');
  const policy = resolutionPolicy(values, { sources, environment: { interpreter } });
  const forkStrategy = values.choice('forkStrategy', ['fewest', 'requires-python']) ?? 'requires-python';
  const version = values.text('pythonVersion');
  const input = {
    requirements: requirementSet(values, sources),
    policy,
    interpreter,
    universal: values.flag('universal')
      ? { minimumPython: version === undefined ? interpreter.version : parseVersion(version), forkStrategy }
      : undefined,
    preferences: output === undefined ? new Map() : pinsOfFile(absolutePath(session, output), output),
    upgrade: selectionOf(values, 'upgrade'),
    folder: session.workingFolder,
  };
  return await compileRequirements(input, context, { signal: session.signal, onEvent });
}
