/** How the compiled file looks, and what it holds beside the pins. */
import type { OptionSpec } from '../option-spec.ts';

export const outputOptions: readonly OptionSpec[] = [
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
    choices: ['requirements.txt', 'pylock.toml'],
    description: 'The format in which the resolution should be output (`pylock.toml` is not available in this release)',
  },
  {
    key: 'noStripExtras',
    long: '--no-strip-extras',
    negations: ['--strip-extras'],
    description: 'Include extras in the output file',
  },
  {
    key: 'noStripMarkers',
    long: '--no-strip-markers',
    negations: ['--strip-markers'],
    description: 'Include environment markers in the output file',
  },
  {
    key: 'noAnnotate',
    long: '--no-annotate',
    negations: ['--annotate'],
    description: 'Exclude comment annotations indicating the source of each package',
  },
  {
    key: 'noHeader',
    long: '--no-header',
    negations: ['--header'],
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
    key: 'generateHashes',
    long: '--generate-hashes',
    negations: ['--no-generate-hashes'],
    description: 'Include distribution hashes in the output file',
  },
];

export const emittedOptions: readonly OptionSpec[] = [
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
    negations: ['--no-emit-index-url'],
    description: 'Include `--index-url` and `--extra-index-url` entries in the generated output file',
  },
  {
    key: 'emitFindLinks',
    long: '--emit-find-links',
    negations: ['--no-emit-find-links'],
    description: 'Include `--find-links` entries in the generated output file',
  },
  {
    key: 'emitBuildOptions',
    long: '--emit-build-options',
    negations: ['--no-emit-build-options'],
    description: 'Include `--no-binary` and `--only-binary` entries in the generated output file',
  },
  {
    key: 'emitIndexAnnotation',
    long: '--emit-index-annotation',
    negations: ['--no-emit-index-annotation'],
    description: 'Include comment annotations indicating the index used to resolve each package',
  },
];
