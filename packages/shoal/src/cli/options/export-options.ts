/** What an export holds and how it looks. */
import type { OptionSpec } from '../option-spec.ts';

export const exportOptions: readonly OptionSpec[] = [
  {
    key: 'format',
    long: '--format',
    value: 'FORMAT',
    choices: ['requirements.txt', 'pylock.toml', 'cyclonedx1.5'],
    choiceAliases: { 'requirements-txt': 'requirements.txt', 'pylock-toml': 'pylock.toml' },
    description: 'The format to which `uv.lock` should be exported',
  },
  {
    key: 'prune',
    long: '--prune',
    value: 'PACKAGE',
    repeat: true,
    description: 'Prune the given package from the dependency tree',
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
    key: 'noEditablePackage',
    long: '--no-editable-package',
    value: 'NO_EDITABLE_PACKAGE',
    repeat: true,
    description: 'Export the specified editable packages as non-editable',
  },
  {
    key: 'noHashes',
    long: '--no-hashes',
    negations: ['--hashes'],
    description: 'Omit hashes in the generated output',
  },
  {
    key: 'outputFile',
    short: '-o',
    long: '--output-file',
    value: 'OUTPUT_FILE',
    description: 'Write the exported requirements to the given file',
  },
  {
    key: 'noInstallProject',
    long: '--no-emit-project',
    alias: '--no-install-project',
    description: 'Do not emit the current project',
  },
  {
    key: 'noInstallWorkspace',
    long: '--no-emit-workspace',
    alias: '--no-install-workspace',
    description: 'Do not emit any workspace members, including the root project',
  },
  {
    key: 'noInstallLocal',
    long: '--no-emit-local',
    alias: '--no-install-local',
    description: 'Do not include local path dependencies in the exported requirements',
  },
  {
    key: 'noInstallPackage',
    long: '--no-emit-package',
    alias: '--no-install-package',
    value: 'NO_EMIT_PACKAGE',
    repeat: true,
    description: 'Do not emit the given package(s)',
  },
];

export const scriptOption: OptionSpec = {
  key: 'script',
  long: '--script',
  value: 'SCRIPT',
  description: 'Work on the specified Python script with inline metadata, rather than on the current project',
};
