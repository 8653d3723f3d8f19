/**
 * The content of one entry of a zip archive: inflated, and compared with what the directory says of it.
 *
 * Small entries are inflated in one synchronous call, because a stream for each entry is what makes unpacking slow.
 * Large ones are inflated in pieces, so that memory stays bounded whatever an archive holds.
 */
import type * as Zlib from 'node:zlib';
import { InvalidArchiveError } from './archive-errors.ts';
import { type ByteSource, zip64Field, type ZipMember } from './zip-directory.ts';

/** Entries up to this size, packed and unpacked, are read in one piece. */
const SMALL_ENTRY_BYTES = 8 * 1024 ** 2;
const PIECE_BYTES = 256 * 1024;
const LOCAL_HEADER = 0x04034b50;
const SIZES_FOLLOW = 8;

/** Loaded when something is unpacked, because loading it takes as long as a small command. */
let zlib: typeof Zlib | undefined;

function loadZlib(): typeof Zlib {
  return (zlib ??= process.getBuiltinModule('node:zlib'));
}

/** May `readEntry` be used, or must it be `streamEntry`? */
export function isSmallEntry(member: ZipMember): boolean {
  return member.packedBytes <= SMALL_ENTRY_BYTES && member.sizeBytes <= SMALL_ENTRY_BYTES;
}

/** The whole content of a small entry. @throws {InvalidArchiveError} naming the entry. */
export function readEntry(source: ByteSource, member: ZipMember): Buffer {
  const start = 30 + member.rawName.length;
  const header = source.read(member.offset, start);
  const bytes = source.read(contentPosition(source, member, header), member.packedBytes);
  const content = member.method === 'stored' ? bytes : inflateWhole(bytes, member);
  if (content.length !== member.sizeBytes) throw wrongSize(member);
  if (loadZlib().crc32(content) !== member.crc) throw wrongCrc(member);
  return content;
}

/** Give the content of an entry of any size to `sink`, in pieces that it must not keep. @throws {InvalidArchiveError} */
export async function streamEntry(
  source: ByteSource,
  member: ZipMember,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  const position = contentPosition(source, member, source.read(member.offset, 30 + member.rawName.length));
  const { crc32 } = loadZlib();
  let crc = 0;
  let sizeBytes = 0;
  const take = (piece: Uint8Array): void => {
    sizeBytes += piece.length;
    if (sizeBytes > member.sizeBytes) throw wrongSize(member);
    crc = crc32(piece, crc);
    sink(piece);
  };
  const pieces = piecesOf(source, position, member.packedBytes);
  if (member.method === 'stored') for (const piece of pieces) take(piece);
  else await inflatePieces(pieces, take, member);
  if (sizeBytes !== member.sizeBytes) throw wrongSize(member);
  if (crc !== member.crc) throw wrongCrc(member);
}

function* piecesOf(source: ByteSource, position: number, length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += PIECE_BYTES) yield source.read(position + at, Math.min(PIECE_BYTES, length - at));
}

function inflateWhole(bytes: Uint8Array, member: ZipMember): Buffer {
  try {
    return loadZlib().inflateRawSync(bytes, {
      chunkSize: Math.max(64, member.sizeBytes + 1),
      maxOutputLength: member.sizeBytes + 1,
    });
  } catch (error) {
    throw inflateFault(error, member);
  }
}

async function inflatePieces(
  pieces: Iterable<Buffer>,
  take: (piece: Uint8Array) => void,
  member: ZipMember,
): Promise<void> {
  const inflate = loadZlib().createInflateRaw({ chunkSize: PIECE_BYTES });
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  inflate.on('error', (error) => failure.reject(inflateFault(error, member)));
  inflate.on('data', (piece: Buffer) => {
    try {
      take(piece);
    } catch (error) {
      failure.reject(error);
    }
  });
  const ended = new Promise<void>((resolve) => {
    inflate.once('end', resolve);
  });
  try {
    // A copy, because the stream reads it later and the source reuses its buffer.
    for (const piece of pieces) await Promise.race([failure.promise, writePiece(inflate, Buffer.from(piece))]);
    inflate.end();
    await Promise.race([failure.promise, ended]);
  } finally {
    inflate.destroy();
  }
}

function writePiece(inflate: Zlib.InflateRaw, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    inflate.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

/** Where the content begins. The local header must repeat what the directory says: readers that trust the one see what readers of the other do. */
function contentPosition(source: ByteSource, member: ZipMember, header: Buffer): number {
  const flags = header.readUInt16LE(6);
  const sameName = header.readUInt16LE(26) === member.rawName.length && header.subarray(30).equals(member.rawName);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw mismatch(member, 'there is no local header');
  if (!sameName) throw mismatch(member, 'its local header has another name');
  if (header.readUInt16LE(8) !== (member.method === 'stored' ? 0 : 8))
    throw mismatch(member, 'its local header has another compression method');
  const extraBytes = header.readUInt16LE(28);
  const position = member.offset + 30 + member.rawName.length;
  if (position + extraBytes + member.packedBytes > member.end)
    throw new InvalidArchiveError('overlap', 'the content overlaps with what follows it', member.path);
  if ((flags & SIZES_FOLLOW) === 0) {
    const [crc, packed, size] = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
    const large =
      packed === 0xffffffff || size === 0xffffffff
        ? zip64Field(Buffer.from(source.read(position, extraBytes)))
        : undefined;
    const same =
      crc === member.crc &&
      (large === undefined
        ? packed === member.packedBytes && size === member.sizeBytes
        : sameLargeSizes(large, member));
    if (!same) throw mismatch(member, 'its local header has another CRC or size');
  }
  return position + extraBytes;
}

function sameLargeSizes(field: Buffer, member: ZipMember): boolean {
  return (
    field.length >= 16 &&
    Number(field.readBigUInt64LE(0)) === member.sizeBytes &&
    Number(field.readBigUInt64LE(8)) === member.packedBytes
  );
}

function inflateFault(error: unknown, member: ZipMember): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return wrongSize(member);
  if (error.code.startsWith('Z_'))
    return new InvalidArchiveError('truncated', `the compressed data is damaged (${error.message})`, member.path);
  return error;
}

function mismatch(member: ZipMember, what: string): InvalidArchiveError {
  return new InvalidArchiveError('mismatch', `the directory and the content disagree: ${what}`, member.path);
}

function wrongSize(member: ZipMember): InvalidArchiveError {
  return new InvalidArchiveError(
    'wrong-size',
    `the content is not ${member.sizeBytes} bytes long, as the directory says`,
    member.path,
  );
}

function wrongCrc(member: ZipMember): InvalidArchiveError {
  return new InvalidArchiveError('wrong-crc', 'the content does not have the CRC that the directory says', member.path);
}
