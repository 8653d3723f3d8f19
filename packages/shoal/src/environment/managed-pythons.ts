/** Interpreters that uv has installed and manages: one folder each, named by installation keys. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { compareVersions, tryParseVersion } from '@shoal/packaging';
import type { Version } from '@shoal/packaging';
import { setting, variable } from './python-host.ts';
import type { PythonHost } from './python-host.ts';
import { mayAcceptMinor, namesPatch } from './version-request.ts';
import type { VersionRequest } from './version-request.ts';

/** `PYTHON_INSTALL_DIR` of ours or uv's, else where uv keeps its data. */
function managedFolder(host: PythonHost): string {
  const given = setting(host, 'PYTHON_INSTALL_DIR');
  if (given !== undefined) return given;
  const data =
    process.platform === 'win32'
      ? (variable(host, 'APPDATA') ?? join(host.homeFolder, 'AppData', 'Roaming'))
      : (variable(host, 'XDG_DATA_HOME') ?? join(host.homeFolder, '.local', 'share'));
  return join(data, 'uv', 'python');
}

interface Installation {
  readonly folder: string;
  readonly implementation: string;
  readonly version: Version;
  readonly variant: string;
  /** What follows the version in the folder's name. */
  readonly platform: string;
}

/**
 * Interpreters that may be accepted, newest first. The link of a minor version is preferred to what it points to, unless a
 * patch version is asked for: environments made from it survive upgrades.
 */
export function managedInterpreters(version: VersionRequest, host: PythonHost): readonly string[] {
  const root = managedFolder(host);
  return installations(root)
    .filter((one) => mayAcceptMinor(version, one.version.release[0] ?? 0, one.version.release[1] ?? 0))
    .map((one) => programOf(root, namesPatch(version) ? one.folder : linkOrFolder(root, one), one))
    .filter((path) => existsSync(path));
}

function installations(root: string): readonly Installation[] {
  return namesIn(root)
    .flatMap((folder) => {
      const [, implementation = '', number = '', variant = '', platform = ''] =
        /^([a-z]+)-(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)((?:\+[a-z]+)*)-(.+)$/.exec(folder) ?? [];
      const version = tryParseVersion(number);
      return version === undefined ? [] : [{ folder, implementation, version, variant, platform }];
    })
    .sort((a, b) => compareVersions(b.version, a.version) || (a.folder < b.folder ? -1 : 1));
}

function linkOrFolder(root: string, { folder, implementation, version, variant, platform }: Installation): string {
  const link = `${implementation}-${version.release.slice(0, 2).join('.')}${variant}-${platform}`;
  return version.pre === undefined && existsSync(join(root, link)) ? link : folder;
}

function programOf(root: string, folder: string, { implementation, version, variant }: Installation): string {
  if (process.platform === 'win32')
    return join(root, folder, implementation === 'cpython' ? 'python.exe' : `${implementation}.exe`);
  const minor = version.release.slice(0, 2).join('.');
  const letter = variant.includes('freethreaded') ? 't' : '';
  return join(root, folder, 'bin', `${implementation === 'cpython' ? 'python' : implementation}${minor}${letter}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}
