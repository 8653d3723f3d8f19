/** Recognising installed distributions by the names of entries in site-packages. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { tryNormalizeName, tryParseVersion } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';

export type InstalledKind = 'dist-info' | 'egg-info-folder' | 'egg-info-file' | 'egg-link';

export interface InstalledEntry {
  readonly name: NormalizedName;
  /** As the entry spells it. */
  readonly writtenName: string;
  readonly version: Version;
  readonly kind: InstalledKind;
  /** Absolute: the entry itself. */
  readonly path: string;
  /** Absolute: the file that holds the core metadata. */
  readonly metadataPath: string;
  /** The source folder that an egg link points to. */
  readonly linkedFolder: string | undefined;
}

interface InvalidEntry {
  readonly reason: string;
}

/** @returns `undefined` for an entry that has nothing to do with installed distributions. */
export function describeEntry(sitePackages: string, entry: Dirent): InstalledEntry | InvalidEntry | undefined {
  const { name } = entry;
  const path = join(sitePackages, name);
  if (name.endsWith('.dist-info')) return describeDistInfo(path);
  if (name.endsWith('.egg-info')) return describeEggInfo(path, isFolder(path, entry));
  if (name.endsWith('.egg-link')) return describeEggLink(path);
  return undefined;
}

function describeDistInfo(path: string): InstalledEntry | InvalidEntry {
  const [, writtenName = '', version = ''] = /^([^-]*)-(.*)\.dist-info$/.exec(basename(path)) ?? [];
  const metadataPath = join(path, 'METADATA');
  return entryOf({ writtenName, version, kind: 'dist-info', path, metadataPath });
}

/** `x-1.0-py3.12.egg-info`, `x-1.0.egg-info`, `x.egg-info`; the last has its version inside. */
function describeEggInfo(path: string, isDirectory: boolean): InstalledEntry | InvalidEntry {
  const [writtenName = '', version] = basename(path, '.egg-info').split('-');
  const kind = isDirectory ? 'egg-info-folder' : 'egg-info-file';
  const metadataPath = isDirectory ? join(path, 'PKG-INFO') : path;
  return entryOf({ writtenName, version: version ?? versionIn(metadataPath), kind, path, metadataPath });
}

/** The first line of an egg link is a folder, which holds the `.egg-info` of the project. */
function describeEggLink(path: string): InstalledEntry | InvalidEntry | undefined {
  const [firstLine = ''] = readText(path)?.split('\n') ?? [];
  const linkedFolder = firstLine.trim();
  if (linkedFolder === '') return { reason: 'the link names no folder' };
  const writtenName = basename(path, '.egg-link');
  const folder = resolve(path, '..', linkedFolder);
  const information = namesIn(folder).find((name) => name.endsWith('.egg-info') && isSameProject(name, writtenName));
  if (information === undefined) return { reason: `\`${folder}\` has no \`.egg-info\` folder` };
  const metadataPath = join(folder, information, 'PKG-INFO');
  return entryOf({
    writtenName,
    version: versionIn(metadataPath),
    kind: 'egg-link',
    path,
    metadataPath,
    linkedFolder: folder,
  });
}

function isSameProject(information: string, writtenName: string): boolean {
  const [name = ''] = basename(information, '.egg-info').split('-');
  return tryNormalizeName(name) === tryNormalizeName(writtenName);
}

type Parts = Omit<InstalledEntry, 'name' | 'version' | 'linkedFolder'> & {
  readonly version: string | undefined;
  readonly linkedFolder?: string;
};

function entryOf({ version: versionText, linkedFolder, ...parts }: Parts): InstalledEntry | InvalidEntry {
  const name = tryNormalizeName(parts.writtenName);
  if (name === undefined) return { reason: `\`${parts.writtenName}\` is not a valid package name` };
  const version = versionText === undefined ? undefined : tryParseVersion(versionText);
  if (version === undefined)
    return { reason: versionText === undefined ? 'it has no version' : `\`${versionText}\` is not a valid version` };
  return { ...parts, name, version, linkedFolder };
}

function versionIn(metadataPath: string): string | undefined {
  return /^Version:[ \t]*(\S+)/m.exec(readText(metadataPath) ?? '')?.[1];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

function isFolder(path: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
