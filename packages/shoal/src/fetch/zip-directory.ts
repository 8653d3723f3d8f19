/**
 * The central directory of a zip archive, read with suspicion (APPNOTE 6.3.10).
 *
 * ## Guarantees
 * - Every path is relative, has no `.`, `..`, empty, drive or backslash part, and occurs once; no file is also a folder.
 * - No entry is a link, encrypted, or packed by other means than deflate; entries do not overlap.
 * - Sums and counts are within the limits of `archive-limits.ts`, so unpacking ends with a bounded disk use.
 *
 * Local headers and contents are compared with the directory by `zip-entry.ts`, when they are read.
 */
import { InvalidArchiveError } from './archive-errors.ts';
import { MAX_ENTRIES, MAX_EXPANSION, MAX_PATH_BYTES, MAX_UNPACKED_BYTES } from './archive-limits.ts';

/** One file of the archive. */
export interface ZipMember {
  readonly path: string;
  readonly method: 'stored' | 'deflate';
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Position of the local header. */
  readonly offset: number;
  /** Position of the next local header or of the directory: content ends before it. */
  readonly end: number;
  readonly executable: boolean;
  /** Bit flags of the directory, for comparison with the local header. */
  readonly flags: number;
  readonly rawName: Uint8Array;
}

/** Random access to the bytes of an archive. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `position`. @throws {InvalidArchiveError} `truncated` when there are fewer. */
  read(position: number, length: number): Buffer;
}

interface DirectoryPlace {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly count: number;
}

const END_RECORD = 0x06054b50;
const ZIP64_END_RECORD = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const CENTRAL_HEADER = 0x02014b50;
const MAX_COMMENT = 0xffff;

/** All files of the archive in the order of their contents. Folders are checked and left out. @throws {InvalidArchiveError} */
export function readZipDirectory(source: ByteSource): readonly ZipMember[] {
  const place = findDirectory(source);
  // A copy, because names are kept and the source reuses its buffer.
  const entries = parseEntries(Buffer.from(source.read(place.offset, place.sizeBytes)), place.count);
  const members = withEnds(entries, place.offset);
  checkTotals(members, source.sizeBytes);
  checkNames(members);
  return members.filter((member) => !member.path.endsWith('/'));
}

/**
 * Only the files whose path ends with `suffix`: the others are passed over, and compared with nothing. For a look into an
 * archive that is not unpacked. @throws {InvalidArchiveError}
 */
export function findZipMembers(source: ByteSource, suffix: string): readonly ZipMember[] {
  const place = findDirectory(source);
  const directory = source.read(place.offset, place.sizeBytes);
  const wanted = Buffer.from(suffix);
  const found: ZipMember[] = [];
  forEachHeader(directory, (at, length) => {
    const nameLength = directory.readUInt16LE(at + 28);
    const nameEnd = at + 46 + nameLength;
    if (nameLength < wanted.length || wanted.compare(directory, nameEnd - wanted.length, nameEnd) !== 0) return;
    found.push({ ...parseEntry(Buffer.from(directory.subarray(at, at + length))), end: place.offset });
  });
  return found;
}

function findDirectory(source: ByteSource): DirectoryPlace {
  const place = locateDirectory(source);
  if (place.count > MAX_ENTRIES)
    throw new InvalidArchiveError('too-large', `the archive has ${place.count} entries, more than ${MAX_ENTRIES}`);
  if (place.offset + place.sizeBytes > source.sizeBytes)
    throw new InvalidArchiveError('truncated', 'the central directory is cut off');
  return place;
}

function locateDirectory(source: ByteSource): DirectoryPlace {
  const tailLength = Math.min(source.sizeBytes, 22 + MAX_COMMENT);
  const tail = source.read(source.sizeBytes - tailLength, tailLength);
  for (let at = tailLength - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_RECORD || at + 22 + tail.readUInt16LE(at + 20) !== tailLength) continue;
    return placeOf(source, tail.subarray(at), source.sizeBytes - tailLength + at);
  }
  throw new InvalidArchiveError(
    'not-a-zip',
    'the end of the central directory is missing: not a zip archive, or cut off',
  );
}

function placeOf(source: ByteSource, end: Buffer, position: number): DirectoryPlace {
  const place = { count: end.readUInt16LE(10), sizeBytes: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0)
    throw new InvalidArchiveError('not-a-zip', 'the archive is one of several volumes');
  if (place.count !== 0xffff && place.sizeBytes !== 0xffffffff && place.offset !== 0xffffffff)
    return endingAt(place, position);
  if (position < 20) return endingAt(place, position);
  const locator = source.read(position - 20, 20);
  if (locator.readUInt32LE(0) !== ZIP64_LOCATOR) return endingAt(place, position);
  const recordAt = toNumber(locator.readBigUInt64LE(8));
  const record = source.read(recordAt, 56);
  if (record.readUInt32LE(0) !== ZIP64_END_RECORD)
    throw new InvalidArchiveError('not-a-zip', 'the zip64 end record is missing');
  const large = {
    count: toNumber(record.readBigUInt64LE(32)),
    sizeBytes: toNumber(record.readBigUInt64LE(40)),
    offset: toNumber(record.readBigUInt64LE(48)),
  };
  return endingAt(large, recordAt);
}

/** Bytes between the directory and its end record can hide a second directory from other readers. */
function endingAt(place: DirectoryPlace, end: number): DirectoryPlace {
  if (place.offset + place.sizeBytes === end) return place;
  throw new InvalidArchiveError(
    place.offset + place.sizeBytes > end ? 'truncated' : 'mismatch',
    'the central directory does not end where its end record begins',
  );
}

function parseEntries(directory: Buffer, count: number): Omit<ZipMember, 'end'>[] {
  const entries: Omit<ZipMember, 'end'>[] = [];
  forEachHeader(directory, (at, length) => entries.push(parseEntry(directory.subarray(at, at + length))));
  if (entries.length !== count)
    throw new InvalidArchiveError(
      'mismatch',
      `the central directory has ${entries.length} entries and claims ${count}`,
    );
  return entries;
}

/** Where the header of each entry lies, with its name and its extra field. @throws {InvalidArchiveError} when they do not fill the directory. */
function forEachHeader(directory: Buffer, visit: (at: number, length: number) => void): void {
  let at = 0;
  while (at < directory.length) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL_HEADER) break;
    const length =
      46 + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (at + length > directory.length) break;
    visit(at, length);
    at += length;
  }
  if (at !== directory.length) throw new InvalidArchiveError('truncated', 'the central directory is damaged');
}

function parseEntry(header: Buffer): Omit<ZipMember, 'end'> {
  const nameLength = header.readUInt16LE(28);
  const rawName = header.subarray(46, 46 + nameLength);
  const flags = header.readUInt16LE(8);
  const path = rawName.toString('utf8');
  const mode = header.readUInt16LE(4) >> 8 === 3 ? header.readUInt32LE(38) >>> 16 : 0;
  if ((flags & 1) !== 0) throw new InvalidArchiveError('encrypted', 'the entry is encrypted', path);
  checkPath(path, rawName);
  checkFileType(mode, path);
  const sizes = readSizes(header, header.subarray(46 + nameLength, 46 + nameLength + header.readUInt16LE(30)), path);
  const method = methodOf(header.readUInt16LE(10), path);
  return { path, method, crc: header.readUInt32LE(16), ...sizes, executable: (mode & 0o111) !== 0, flags, rawName };
}

function readSizes(
  header: Buffer,
  extra: Buffer,
  path: string,
): Pick<ZipMember, 'packedBytes' | 'sizeBytes' | 'offset'> {
  const large = zip64Field(extra);
  let at = 0;
  const pick = (small: number): number => {
    if (small !== 0xffffffff || large === undefined) return small;
    if (at + 8 > large.length) throw new InvalidArchiveError('mismatch', 'the zip64 sizes are missing', path);
    at += 8;
    return toNumber(large.readBigUInt64LE(at - 8));
  };
  const sizeBytes = pick(header.readUInt32LE(24));
  const packedBytes = pick(header.readUInt32LE(20));
  return { sizeBytes, packedBytes, offset: pick(header.readUInt32LE(42)) };
}

/** The content of the extra field 0x0001, when there is one. */
export function zip64Field(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

function methodOf(method: number, path: string): 'stored' | 'deflate' {
  if (method === 0) return 'stored';
  if (method === 8) return 'deflate';
  throw new InvalidArchiveError(
    'method',
    `compression method ${method} is not supported (deflate and stored are)`,
    path,
  );
}

function checkPath(path: string, rawName: Uint8Array): void {
  const fault = pathFault(path);
  if (fault !== undefined) throw new InvalidArchiveError('unsafe-path', `the path ${fault}`, path);
  if (rawName.length > MAX_PATH_BYTES)
    throw new InvalidArchiveError('unsafe-path', 'the path is too long', path.slice(0, 80));
  if (path.includes('\uFFFD')) throw new InvalidArchiveError('unsafe-path', 'the path is not UTF-8', path);
}

/** Why `path` must not be unpacked; `undefined` when it may. A folder's path ends with `/`. */
function pathFault(path: string): string | undefined {
  if (path === '' || path === '/') return 'is empty';
  if (path.includes('\0')) return 'has a NUL character';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is absolute';
  const parts = path.split('/');
  if (parts.at(-1) === '') parts.pop();
  if (parts.includes('..')) return 'leads out of the archive';
  if (parts.includes('') || parts.includes('.')) return 'has an empty part';
  return parts.some((part) => part.length > 255) ? 'has a part that is too long' : undefined;
}

function checkFileType(mode: number, path: string): void {
  const type = mode & 0o170000;
  if (type === 0 || type === 0o100000 || (type === 0o040000 && path.endsWith('/'))) return;
  throw new InvalidArchiveError(
    'link',
    type === 0o120000 ? 'the entry is a symbolic link' : 'the entry is not a regular file',
    path,
  );
}

function withEnds(entries: readonly Omit<ZipMember, 'end'>[], directoryOffset: number): ZipMember[] {
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  return ordered.map((entry, index) => {
    const end = ordered[index + 1]?.offset ?? directoryOffset;
    if (entry.offset + 30 + entry.rawName.length + entry.packedBytes > end)
      throw new InvalidArchiveError('overlap', 'the entry overlaps with what follows it', entry.path);
    return { ...entry, end };
  });
}

function checkTotals(members: readonly ZipMember[], archiveBytes: number): void {
  const limit = Math.max(MAX_UNPACKED_BYTES, archiveBytes * MAX_EXPANSION);
  const total = members.reduce((sum, member) => sum + member.sizeBytes, 0);
  if (total > limit)
    throw new InvalidArchiveError('too-large', `the archive would unpack to ${total} bytes, more than ${limit}`);
}

function checkNames(members: readonly ZipMember[]): void {
  const seen = new Set<string>();
  for (const { path } of members) {
    const name = path.endsWith('/') ? path.slice(0, -1) : path;
    if (seen.has(name)) throw new InvalidArchiveError('duplicate', 'the path occurs twice', path);
    seen.add(name);
  }
  const files = new Set(members.filter(({ path }) => !path.endsWith('/')).map(({ path }) => path));
  const checked = new Set<string>();
  for (const { path } of members) checkParents(path, files, checked);
}

function checkParents(path: string, files: ReadonlySet<string>, checked: Set<string>): void {
  for (let at = path.lastIndexOf('/', path.length - 2); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = path.slice(0, at);
    if (checked.has(folder)) return;
    checked.add(folder);
    if (!files.has(folder)) continue;
    throw new InvalidArchiveError('duplicate', `the path needs \`${folder}\` to be a folder and a file`, path);
  }
}

function toNumber(value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new InvalidArchiveError('truncated', 'a 64-bit size is beyond the archive');
}
