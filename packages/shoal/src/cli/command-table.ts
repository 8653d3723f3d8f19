/**
 * The tree of commands: names, summaries, and where each one's definition is loaded from. Only the definition of the command
 * that runs is loaded, so that a new command costs the others nothing at start-up.
 */
import type { ArgumentSpec, OptionGroup } from './option-spec.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';

/** What a leaf command accepts and does. */
export interface CommandDefinition {
  readonly arguments: readonly ArgumentSpec[];
  readonly groups: readonly OptionGroup[];
  /** The first word that is no option begins the command line of another program: nothing after it is looked at. */
  readonly passesOn?: boolean;
  /** Whether configuration files are read before it runs (absent), by the command itself when it needs them, or not at all. */
  readonly settings?: 'late' | 'none';
  /** @returns the exit status. */
  run(input: CommandInput, session: Session): Promise<number>;
}

export interface CommandInput {
  readonly values: OptionValues;
  readonly words: readonly string[];
  /** The whole command line after the program's name, as it was typed. */
  readonly rest: readonly string[];
}

/** A command or a group of commands. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly hidden?: boolean;
  /** As its definition says: known before that is loaded. */
  readonly passesOn?: boolean;
  readonly children?: readonly CommandEntry[];
  readonly load?: () => Promise<CommandDefinition>;
}

const pip: CommandEntry = {
  name: 'pip',
  summary: 'Manage Python packages with a pip-compatible interface',
  children: [
    {
      name: 'compile',
      summary: 'Compile a `requirements.in` file to a `requirements.txt` file',
      load: async () => (await import('./commands/pip-compile.ts')).pipCompile,
    },
    {
      name: 'sync',
      summary: 'Sync an environment with a `requirements.txt` file',
      load: async () => (await import('./commands/pip-sync.ts')).pipSync,
    },
    {
      name: 'install',
      summary: 'Install packages into an environment',
      load: async () => (await import('./commands/pip-install.ts')).pipInstall,
    },
    {
      name: 'uninstall',
      summary: 'Uninstall packages from an environment',
      load: async () => (await import('./commands/pip-uninstall.ts')).pipUninstall,
    },
    {
      name: 'freeze',
      summary: 'List, in requirements format, packages installed in an environment',
      load: async () => (await import('./commands/pip-freeze.ts')).pipFreeze,
    },
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'List, in tabular format, packages installed in an environment',
      load: async () => (await import('./commands/pip-list.ts')).pipList,
    },
    {
      name: 'show',
      summary: 'Show information about one or more installed packages',
      load: async () => (await import('./commands/pip-show.ts')).pipShow,
    },
    {
      name: 'tree',
      summary: 'Display the dependency tree for an environment',
      load: async () => (await import('./commands/pip-tree.ts')).pipTree,
    },
    {
      name: 'check',
      summary: 'Verify installed packages have compatible dependencies',
      load: async () => (await import('./commands/pip-check.ts')).pipCheck,
    },
  ],
};

const python: CommandEntry = {
  name: 'python',
  summary: 'Find and list Python installations',
  children: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'List the available Python installations',
      load: async () => (await import('./commands/python-list.ts')).pythonList,
    },
    {
      name: 'find',
      summary: 'Search for a Python installation',
      load: async () => (await import('./commands/python-find.ts')).pythonFind,
    },
  ],
};

const cache: CommandEntry = {
  name: 'cache',
  summary: "Manage shoal's cache",
  children: [
    {
      name: 'clean',
      aliases: ['clear'],
      summary: 'Clear the cache, removing all entries or those linked to specific packages',
      load: async () => (await import('./commands/cache-clean.ts')).cacheClean,
    },
    {
      name: 'prune',
      summary: 'Prune all unreachable objects from the cache',
      load: async () => (await import('./commands/cache-prune.ts')).cachePrune,
    },
    {
      name: 'verify',
      summary: 'Read all entries of the cache, and remove those that are damaged',
      load: async () => (await import('./commands/cache-verify.ts')).cacheVerify,
    },
    {
      name: 'dir',
      summary: 'Show the cache directory',
      load: async () => (await import('./commands/cache-dir.ts')).cacheDir,
    },
    {
      name: 'size',
      summary: 'Show the cache size',
      load: async () => (await import('./commands/cache-size.ts')).cacheSize,
    },
    {
      name: 'doctor',
      summary: "Show what the cache's place gives and what it lacks",
      load: async () => (await import('./commands/cache-doctor.ts')).cacheDoctor,
    },
    {
      name: 'locks',
      summary: 'List the locks in use and who holds them',
      load: async () => (await import('./commands/cache-locks.ts')).cacheLocks,
    },
  ],
};

const self: CommandEntry = {
  name: 'self',
  summary: 'Inspect the shoal executable',
  children: [
    {
      name: 'version',
      summary: "Display shoal's version",
      load: async () => (await import('./commands/self-version.ts')).selfVersion,
    },
  ],
};

const project: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'Run a command or script',
    passesOn: true,
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'sync',
    summary: "Update the project's environment",
    load: async () => (await import('./commands/sync.ts')).sync,
  },
];

/** All commands, in the order in which help lists them. */
export const rootCommand: CommandEntry = {
  name: 'shoal',
  summary: 'A Python package manager: many processes, one cache.',
  children: [
    {
      name: 'init',
      summary: 'Create a new project',
      load: async () => (await import('./commands/init.ts')).init,
    },
    {
      name: 'add',
      summary: 'Add dependencies to the project',
      load: async () => (await import('./commands/add.ts')).add,
    },
    {
      name: 'remove',
      summary: 'Remove dependencies from the project',
      load: async () => (await import('./commands/remove.ts')).remove,
    },
    {
      name: 'version',
      summary: "Read or update the project's version",
      load: async () => (await import('./commands/version.ts')).version,
    },
    ...project,
    python,
    pip,
    {
      name: 'venv',
      aliases: ['virtualenv', 'v'],
      summary: 'Create a virtual environment',
      load: async () => (await import('./commands/venv.ts')).venv,
    },
    {
      name: 'lock',
      summary: "Update the project's lockfile",
      load: async () => (await import('./commands/lock.ts')).lock,
    },
    {
      name: 'export',
      summary: "Export the project's lockfile to an alternate format",
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'tree',
      summary: "Display the project's dependency tree",
      load: async () => (await import('./commands/tree.ts')).tree,
    },
    {
      name: 'build',
      summary: 'Build Python packages into source distributions and wheels',
      load: async () => (await import('./commands/build.ts')).build,
    },
    cache,
    self,
    {
      name: 'generate-shell-completion',
      summary: 'Generate shell completion',
      load: async () => (await import('./commands/generate-shell-completion.ts')).generateShellCompletion,
    },
    {
      name: 'clean',
      hidden: true,
      summary: 'Clear the cache: the same as `cache clean`',
      load: async () => (await import('./commands/cache-clean.ts')).cacheClean,
    },
    {
      name: 'complete',
      hidden: true,
      summary: 'Candidates for completion scripts',
      load: async () => (await import('./commands/complete.ts')).complete,
    },
    {
      name: 'help',
      summary: 'Display documentation for a command',
      load: async () => (await import('./commands/help.ts')).help,
    },
  ],
};

/** Commands of uv that this release does not have: they are refused by name. */
export const unavailableCommands: readonly string[] = [
  'auth',
  'format',
  'check',
  'audit',
  'tool',
  'publish',
  'workspace',
  'python install',
  'python upgrade',
  'python uninstall',
  'python pin',
  'python dir',
  'python update-shell',
  'self update',
  'pip download',
  'pip wheel',
  'pip debug',
];

/** The child of `entry` that is called `word`, by name or alias. */
export function childNamed(entry: CommandEntry, word: string): CommandEntry | undefined {
  return entry.children?.find((child) => child.name === word || child.aliases?.includes(word) === true);
}
