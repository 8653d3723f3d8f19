/** The files that decide what an environment of a project is to hold, whether they are there or not. */
import { dirname, join, resolve } from 'node:path';
import type { Lockfile } from '../lock/lockfile.ts';
import type { Workspace } from '../project/workspace.ts';
import type { Session } from './session.ts';

const BESIDE = ['pyproject.toml', 'uv.toml', '.python-version', '.python-versions'] as const;
const OF_SOURCE = ['pyproject.toml', 'setup.py', 'setup.cfg', 'src'] as const;

export function syncInputs(workspace: Workspace, lockfile: Lockfile, session: Session): readonly string[] {
  const { root, members, current } = workspace;
  const folders = [...members.values()].map(({ folder }) => folder);
  return [
    ...configurationFiles(session),
    ...foldersFrom(current.folder).flatMap((folder) => BESIDE.map((name) => join(folder, name))),
    ...[root.folder, ...folders].flatMap((folder) => BESIDE.map((name) => join(folder, name))),
    // A new member appears in one of them.
    ...folders.filter((folder) => folder !== root.folder).map((folder) => dirname(folder)),
    ...(root.toolUv.workspace?.members ?? []).map((pattern) =>
      join(root.folder, pattern.replace(/[^/]*[*?[{].*$/s, '')),
    ),
    join(root.folder, 'uv.lock'),
    ...sourceFiles(lockfile, root.folder),
  ];
}

function configurationFiles({ variables, homeFolder }: Session): readonly string[] {
  const own = variables['XDG_CONFIG_HOME'] || join(homeFolder, '.config');
  return [join(own, 'uv', 'uv.toml'), join(own, 'uv', '.python-version'), '/etc/uv/uv.toml', '/etc/xdg/uv/uv.toml'];
}

function foldersFrom(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersFrom(dirname(folder))];
}

function sourceFiles({ packages }: Lockfile, folder: string): readonly string[] {
  return packages.flatMap(({ source }) => {
    if (source.kind === 'path') return [resolve(folder, source.path)];
    if (source.kind !== 'directory' && source.kind !== 'editable' && source.kind !== 'virtual') return [];
    return OF_SOURCE.map((name) => resolve(folder, source.path, name));
  });
}
