import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { hasErrorCode, writeFileAtomic } from '@shoal/cache';
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { initProject, workspaceAbove } from '../../commands/init-project.ts';
import type { Membership } from '../../commands/init-project.ts';
import { hasScriptMetadata } from '../../project/script-metadata.ts';
import { newScriptText, splitShebang } from '../../project/script-block.ts';
import { BUILD_BACKENDS } from '../../project/starter/build-backends.ts';
import { isPackage } from '../../project/starter/new-project.ts';
import type { ProjectKind } from '../../project/starter/new-project.ts';
import type { Workspace } from '../../project/workspace.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { InputError } from '../input-error.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { pythonOfNewProject, pythonOfNewScript } from '../new-project-python.ts';
import { openContext } from '../open-context.ts';
import type { OpenedContext } from '../open-context.ts';
import type { OptionValues } from '../option-values.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { initOptions } from '../options/init-options.ts';
import { absolutePath, projectFolder } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { readIfPresent } from '../../host/read-if-present.ts';

/** `init [PATH]`. */
export const init: CommandDefinition = {
  arguments: [{ name: 'PATH', description: 'The path to use for the project or script', required: false, many: false }],
  groups: [{ title: 'Options', options: initOptions }, pythonOptions, cacheOptions],
  run: async ({ values, words }, session) => {
    const [path] = words;
    if (values.flag('script') && path === undefined)
      throw new UsageError('the following required arguments were not provided:\n  <PATH>');
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const start = { session, values, opened };
    if (path !== undefined && values.flag('script')) await initScript(path, start);
    else await initAt(path, start);
    return 0;
  },
};

interface Start {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
}

async function initAt(path: string | undefined, start: Start): Promise<void> {
  const { session, values, opened } = start;
  const folder = path === undefined ? projectFolder(session, values) : absolutePath(session, path);
  const kind = kindOf(values);
  const name = nameOf(values, folder, path === undefined ? 'current directory' : 'target directory');
  const workspace = values.flag('noWorkspace') ? undefined : workspaceOf(folder);
  const isBare = values.flag('bare');
  const python = await pythonOfNewProject({ ...pythonInput(start, folder), workspace, isPinned: isPinned(values) });
  const membership = await initProject(
    {
      folder,
      project: {
        kind,
        name,
        description: descriptionOf(values),
        hasReadme: !values.flag('noReadme') && !isBare,
        requiresPython: python.requiresPython,
        backend: values.choice('buildBackend', BUILD_BACKENDS) ?? 'uv',
      },
      vcs: values.choice('vcs', ['git', 'none']) ?? (isBare ? 'none' : undefined),
      authorFrom: values.choice('authorFrom', ['auto', 'git', 'none']) ?? (isPackage(kind) ? 'auto' : 'none'),
      workspaceRoot: workspace?.root.folder,
      pin: python.pin,
      variables: session.variables,
    },
    opened.context,
    { signal: session.signal, onEvent: opened.onEvent },
  );
  const { reporter } = session;
  const shown = reporter.style.value(name);
  if (workspace !== undefined && membership !== 'none')
    reporter.line(joinedLine(membership, shown, reporter.style.value(workspace.root.folder)));
  const place = path === undefined ? '' : ` at \`${reporter.style.value(folder)}\``;
  reporter.line(`Initialized project \`${shown}\`${place}`);
}

function joinedLine(membership: Exclude<Membership, 'none'>, name: string, root: string): string {
  switch (membership) {
    case 'added':
      return `Adding \`${name}\` as member of workspace \`${root}\``;
    case 'already':
      return `Project \`${name}\` is already a member of workspace \`${root}\``;
    case 'excluded':
      return `Project \`${name}\` is excluded by workspace \`${root}\``;
  }
}

/** A workspace that cannot be read is in the way of those who would join it. */
function workspaceOf(folder: string): Workspace | undefined {
  try {
    return workspaceAbove(folder);
  } catch (error) {
    if (!hasErrorCode(error, 'PROJECT_FILE', 'WORKSPACE')) throw error;
    throw new InputError('Failed to discover parent workspace; use `shoal init --no-workspace` to ignore', {
      cause: error,
    });
  }
}

function pythonInput(
  { session, values, opened }: Start,
  folder: string,
): Omit<Parameters<typeof pythonOfNewScript>[0], 'isPinned'> {
  return {
    folder,
    written: values.text('python'),
    readsConfiguration: !values.flag('noConfig'),
    preference: pythonPreference(session, values),
    host: pythonHost(session, opened.context),
  };
}

function isPinned(values: OptionValues): boolean {
  return (
    values.lastGiven(['pinPython', 'noPinPython']) === 'pinPython' ||
    (!values.flag('noPinPython') && !values.flag('bare'))
  );
}

function kindOf(values: OptionValues): ProjectKind {
  const [isVirtual, isLibrary] = [values.flag('virtual'), values.flag('lib')];
  if (isVirtual && isLibrary) throw new InputError('`--virtual` and `--lib` are mutually exclusive');
  if (isVirtual && values.text('buildBackend') !== undefined)
    throw new InputError('`--virtual` and `--build-backend` are mutually exclusive');
  const choice = values.lastGiven(['package', 'noPackage']);
  const isBuilt = choice === 'package' || values.text('buildBackend') !== undefined;
  if (values.flag('bare')) return isBuilt || isLibrary ? 'bare-package' : 'bare';
  if (isLibrary) return 'library';
  return isVirtual || (choice === 'noPackage' && !isBuilt) ? 'flat' : 'application';
}

function nameOf(values: OptionValues, folder: string, place: string): NormalizedName {
  const written = values.text('name');
  if (written !== undefined) {
    const name = tryNormalizeName(written);
    if (name !== undefined) return name;
    throw new UsageError(
      `invalid value '${written}' for '--name <NAME>': Not a valid package or extra name: "${written}". Names must start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.`,
    );
  }
  const name = tryNormalizeName(basename(folder).trim().replaceAll(' ', '-'));
  if (name !== undefined) return name;
  throw new InputError(
    `The ${place} (\`${basename(folder)}\`) is not a valid package name. Please provide a package name with \`--name\`.`,
  );
}

function descriptionOf(values: OptionValues): string | undefined {
  if (values.lastGiven(['description', 'noDescription']) === 'noDescription') return undefined;
  return values.text('description') ?? (values.flag('bare') ? undefined : 'Add your description here');
}

const PROJECT_ONLY = [
  ['noWorkspace', '--no-workspace'],
  ['noReadme', '--no-readme'],
  ['authorFrom', '--author-from'],
  ['package', '--package'],
] as const;

async function initScript(written: string, start: Start): Promise<void> {
  const { session, values } = start;
  const { reporter } = session;
  for (const [key, option] of PROJECT_ONLY)
    if (values.count(key) > 0) reporter.warning(`\`${option}\` is a no-op for Python scripts, which are standalone`);
  const path = absolutePath(session, written);
  const existing = readIfPresent(path);
  if (existing !== undefined && hasScriptMetadata(existing))
    throw new InputError(`\`${written}\` is already a PEP 723 script; use \`shoal run\` to execute it`);
  const requiresPython = await pythonOfNewScript({ ...pythonInput(start, dirname(path)), isPinned: isPinned(values) });
  mkdirSync(dirname(path), { recursive: true });
  const { shebang } = splitShebang(existing ?? '');
  if (shebang !== '' && !/\b(?:uv|shoal)\b/.test(shebang))
    reporter.warning(
      `If you execute ${reporter.style.value(written)} directly, it might ignore its inline metadata.\nConsider replacing its shebang with: ${reporter.style.value('#!/usr/bin/env -S shoal run --script')}`,
    );
  writeFileAtomic(path, newScriptText(basename(path), { requiresPython, existing, bare: values.flag('bare') }));
  reporter.line(`Initialized script at \`${reporter.style.value(written)}\``);
}
