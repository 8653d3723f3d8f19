/** What `add` adds, and from where. */
import { BOUNDS } from '../../project/version-bounds.ts';
import type { OptionSpec } from '../option-spec.ts';

const GIT_REFERENCES = ['--rev', '--tag', '--branch'] as const;

function gitReference(kind: 'rev' | 'tag' | 'branch', description: string): OptionSpec {
  const long = `--${kind}` as const;
  return {
    key: kind,
    long,
    value: kind.toUpperCase(),
    description,
    conflicts: ['--raw', ...GIT_REFERENCES.filter((one) => one !== long)],
  };
}

export const addOptions: readonly OptionSpec[] = [
  {
    key: 'requirements',
    short: '-r',
    long: '--requirements',
    alias: '--requirement',
    value: 'REQUIREMENTS',
    repeat: true,
    description: 'Add the packages listed in the given files',
  },
  {
    key: 'constraints',
    short: '-c',
    long: '--constraints',
    alias: '--constraint',
    value: 'CONSTRAINTS',
    repeat: true,
    separator: ' ',
    variable: 'CONSTRAINT',
    description: 'Constrain versions using the given requirements files, while locking this once',
  },
  {
    key: 'marker',
    short: '-m',
    long: '--marker',
    value: 'MARKER',
    description: 'Apply this marker to all added packages',
  },
  {
    key: 'editable',
    long: '--editable',
    negations: ['--no-editable'],
    description: 'Add the requirements as editable',
    conflicts: ['--raw'],
  },
  {
    key: 'raw',
    long: '--raw',
    alias: '--raw-sources',
    description: 'Add a dependency as provided: without bounds, and with its URL instead of a source',
    conflicts: ['--editable', ...GIT_REFERENCES],
  },
  {
    key: 'bounds',
    long: '--bounds',
    value: 'BOUNDS',
    choices: BOUNDS,
    description: 'The kind of version specifier to use when adding dependencies',
  },
  gitReference('rev', 'Commit to use when adding a dependency from Git'),
  gitReference('tag', 'Tag to use when adding a dependency from Git'),
  gitReference('branch', 'Branch to use when adding a dependency from Git'),
  {
    key: 'lfs',
    long: '--lfs',
    variable: 'GIT_LFS',
    description: 'Whether to use Git LFS when adding a dependency from Git',
  },
  {
    key: 'extra',
    long: '--extra',
    value: 'EXTRA',
    repeat: true,
    description: 'Extras to enable for the dependency',
  },
  {
    key: 'workspace',
    long: '--workspace',
    description: 'Add the dependency as a workspace member',
    conflicts: ['--script'],
  },
  {
    key: 'noWorkspace',
    long: '--no-workspace',
    description: "Don't add the dependency as a workspace member, even if it is within the workspace root",
  },
];
