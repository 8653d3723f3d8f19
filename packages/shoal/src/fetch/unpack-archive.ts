/** Unpacking: every file of an archive below one folder, each inflated once, and hashed on the way where no hash is known. */
import { createHash, hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { ManifestFile } from '@shoal/cache';
import { InvalidArchiveError } from './archive-errors.ts';
import { ArchiveFile } from './archive-file.ts';
import { readZipDirectory, type ZipMember } from './zip-directory.ts';
import { isSmallEntry, readEntry, streamEntry } from './zip-entry.ts';

/** The SHA-256, as RECORD spells it, of the files whose hash the archive itself tells; `read` gives the text of a small member. */
export type HashFinder = (
  members: readonly ZipMember[],
  read: (member: ZipMember) => string,
) => ReadonlyMap<string, string>;

const noHashes: HashFinder = () => new Map();

interface Target {
  readonly path: string;
  /** `undefined` when it is to be computed. */
  readonly hash: string | undefined;
}

/**
 * Unpack the zip archive at `archivePath` into the existing, empty folder `folder`.
 *
 * @param findHashes Called before anything is written.
 * @returns the files that were written, sorted by path. Modes are 0666 or, for executables, 0777, both less the umask.
 * @throws {InvalidArchiveError} for broken and hostile archives; what was written then is to be deleted by the caller.
 */
export async function unpackArchive(
  archivePath: string,
  folder: string,
  findHashes: HashFinder = noHashes,
): Promise<ManifestFile[]> {
  using archive = new ArchiveFile(archivePath);
  const members = readZipDirectory(archive);
  const hashes = findHashes(members, (member) => readEntry(archive, member).toString('utf8'));
  makeFolders(folder, members);
  const files: ManifestFile[] = [];
  for (const member of members) {
    const target = { path: join(folder, member.path), hash: hashes.get(member.path) };
    const sha256 = isSmallEntry(member)
      ? writeSmall(archive, member, target)
      : await writeLarge(archive, member, target);
    files.push({
      path: member.path,
      sizeBytes: member.sizeBytes,
      executable: member.executable,
      sha256,
      crc32: member.crc.toString(16).padStart(8, '0'),
    });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function makeFolders(folder: string, members: readonly ZipMember[]): void {
  const wanted = new Set(members.map(({ path }) => dirname(path)));
  for (const path of wanted) if (path !== '.') mkdirSync(join(folder, path), { recursive: true });
}

function writeSmall(archive: ArchiveFile, member: ZipMember, target: Target): string {
  const content = readEntry(archive, member);
  const descriptor = createNew(target.path, member);
  try {
    writeAll(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
  return target.hash ?? hash('sha256', content, 'base64url');
}

async function writeLarge(archive: ArchiveFile, member: ZipMember, target: Target): Promise<string> {
  const sha256 = target.hash === undefined ? createHash('sha256') : undefined;
  const descriptor = createNew(target.path, member);
  try {
    await streamEntry(archive, member, (piece) => {
      sha256?.update(piece);
      writeAll(descriptor, piece);
    });
  } finally {
    closeSync(descriptor);
  }
  return target.hash ?? sha256?.digest('base64url') ?? '';
}

/** @throws {InvalidArchiveError} where the file system takes the name for that of an earlier entry. */
function createNew(path: string, member: ZipMember): number {
  try {
    return openSync(path, 'wx', modeOf(member));
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
    const problem = 'an earlier entry has the same name on this file system, which does not tell upper from lower case';
    throw new InvalidArchiveError('duplicate', problem, member.path);
  }
}

function writeAll(descriptor: number, content: Uint8Array): void {
  for (let done = 0; done < content.length;) done += writeSync(descriptor, content, done, content.length - done);
}

function modeOf(member: ZipMember): number {
  return member.executable ? 0o777 : 0o666;
}
