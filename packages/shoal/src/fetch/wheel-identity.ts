/** Is a wheel what its filename says: the names of its folders and its METADATA, compared with the filename. */
import {
  formatVersion,
  normalizeName,
  tryNormalizeName,
  tryParseVersion,
  versionsEqual,
  type WheelFilename,
} from '@shoal/packaging';
import { InvalidWheelError } from './archive-errors.ts';

/** The one `.dist-info` folder of a wheel with these paths. @throws {InvalidWheelError} when there is none, several, or another project's. */
export function findDistInfo(paths: readonly string[], filename: WheelFilename): string {
  const found = topFolders(paths, '.dist-info');
  const [distInfo] = found;
  if (distInfo === undefined) throw new InvalidWheelError('The wheel has no `.dist-info` folder');
  if (found.length > 1) throw new InvalidWheelError(`Multiple .dist-info directories found: ${found.join(', ')}`);
  const [name, version] = splitStem(distInfo, '.dist-info');
  if (tryNormalizeName(name) === filename.name && sameVersion(version, filename)) return distInfo;
  throw new InvalidWheelError(
    `The .dist-info directory \`${distInfo}\` does not consist of the normalized package name and version: ${filename.name} ${formatVersion(filename.version)}`,
  );
}

/** The `.data` folder, when files are in it. */
export function findDataFolder(paths: readonly string[], filename: WheelFilename): string | undefined {
  return topFolders(paths, '.data').find((folder) => {
    const [name, version] = splitStem(folder, '.data');
    return tryNormalizeName(name) === filename.name && sameVersion(version, filename);
  });
}

/** Name and version as METADATA spells them. @throws {InvalidWheelError} when they are not those of the filename. */
export function checkIdentity(metadata: string, filename: WheelFilename): { name: string; version: string } {
  const name = headerOf(metadata, 'Name');
  const version = headerOf(metadata, 'Version');
  if (name === undefined || version === undefined) throw new InvalidWheelError('METADATA has no Name or no Version');
  if (tryNormalizeName(name) !== filename.name) {
    throw new InvalidWheelError(
      `Package metadata name \`${name}\` does not match given name \`${normalizeName(filename.name)}\``,
    );
  }
  if (sameVersion(version, filename)) return { name, version };
  throw new InvalidWheelError(
    `Wheel version does not match filename (${version} != ${formatVersion(filename.version)}), which indicates a malformed wheel`,
  );
}

function topFolders(paths: readonly string[], suffix: string): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const end = path.indexOf('/');
    if (end > 0 && path.endsWith(suffix, end)) folders.add(path.slice(0, end));
  }
  return [...folders];
}

function splitStem(folder: string, suffix: string): [string, string] {
  const stem = folder.slice(0, -suffix.length);
  const dash = stem.lastIndexOf('-');
  return [stem.slice(0, dash), stem.slice(dash + 1)];
}

function sameVersion(text: string, filename: WheelFilename): boolean {
  // A dash cannot stand in a folder's version, so `1.0+local-1` is spelled with underscores there.
  const version = tryParseVersion(text) ?? tryParseVersion(text.replaceAll('_', '-'));
  return version !== undefined && versionsEqual(version, filename.version);
}

/** The first value of a header of core metadata. */
function headerOf(metadata: string, name: string): string | undefined {
  const end = /\r?\n\r?\n/.exec(metadata)?.index ?? metadata.length;
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(metadata.slice(0, end))?.[1];
}
