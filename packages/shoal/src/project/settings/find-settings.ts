/** The files that settings stand in: the project's, the person's, the machine's, in this order of precedence. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';

export interface SettingsText {
  readonly kind: 'uv-toml' | 'pyproject';
  readonly path: string;
  readonly text: string;
}

export interface SettingsHost {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/**
 * Files in and above `start` that may have settings, the nearest first: `uv.toml`, and `pyproject.toml` where it names uv at all.
 * The first one that has settings is the project's.
 */
export function projectTexts(start: string): readonly SettingsText[] {
  const found: SettingsText[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const own = textOf('uv-toml', join(folder, 'uv.toml'));
    if (own !== undefined) found.push(own);
    const project = textOf('pyproject', join(folder, 'pyproject.toml'));
    if (project?.text.includes('uv') === true) found.push(project);
    if (dirname(folder) === folder) return found;
  }
}

/** The person's `uv.toml`, then that of the machine. */
export function otherTexts(host: SettingsHost): readonly SettingsText[] {
  const system = systemPaths(host)
    .map((path) => textOf('uv-toml', path))
    .find((text) => text !== undefined);
  return [textOf('uv-toml', join(personalFolder(host), 'uv', 'uv.toml')), system].filter((text) => text !== undefined);
}

/** Whatever keeps others from reading it, it is as good as absent. */
function textOf(kind: SettingsText['kind'], path: string): SettingsText | undefined {
  try {
    return { kind, path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) return undefined;
    throw error;
  }
}

function personalFolder({ variables, homeFolder }: SettingsHost): string {
  if (process.platform === 'win32') return variables['APPDATA'] || join(homeFolder, 'AppData', 'Roaming');
  return variables['XDG_CONFIG_HOME'] || join(homeFolder, '.config');
}

function systemPaths({ variables }: SettingsHost): readonly string[] {
  if (/^(?:1|true|t|yes|y|on)$/i.test(variables['UV_NO_SYSTEM_CONFIG'] ?? '')) return [];
  if (process.platform === 'win32') return [join(variables['SYSTEMDRIVE'] || 'C:', 'ProgramData', 'uv', 'uv.toml')];
  const shared = (variables['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':').filter((folder) => folder !== '');
  return [...shared.map((folder) => join(folder, 'uv', 'uv.toml')), '/etc/uv/uv.toml'];
}
