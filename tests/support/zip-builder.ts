/**
 * Zip archives as bytes, well formed or deliberately not: every field that a hostile archive lies about can be set.
 * Entries are written in the given order, so duplicates are possible.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** As written in the central directory: `pkg/__init__.py`. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Unix `st_mode`, file type included. Default: a regular file, 0644. */
  readonly mode?: number;
  /** Default `deflate`. */
  readonly method?: 'deflate' | 'stored';
  /** The method number to declare instead of the true one. */
  readonly declaredMethod?: number;
  /** The name in the local header, when it shall differ. */
  readonly localName?: string;
  /** The CRC to declare instead of the true one. */
  readonly declaredCrc?: number;
  /** The unpacked size to declare instead of the true one. */
  readonly declaredSizeBytes?: number;
  /** Sets the encryption bit; the content stays plain. */
  readonly encrypted?: boolean;
  /** Sizes and CRC follow the content and are zero in the local header. */
  readonly dataDescriptor?: boolean;
  /** Sizes and offset are in zip64 extra fields. */
  readonly zip64?: boolean;
}

export interface ZipOptions {
  readonly comment?: string;
  /** Ends with a zip64 end record, as archives with more than 65,535 entries do. */
  readonly zip64?: boolean;
  /** Bytes before the first entry. */
  readonly prefix?: Uint8Array;
}

interface WrittenEntry {
  readonly entry: ZipEntry;
  readonly offset: number;
  readonly packed: Uint8Array;
  readonly crc: number;
  readonly sizeBytes: number;
}

const UTF8_NAME = 0x0800;
const DOS_DATE_1980 = 0x0021;
const NEEDS_ZIP64 = 0xffffffff;

/** The archive that holds `entries`. */
export function buildZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [options.prefix ?? new Uint8Array()];
  let position = parts[0]?.length ?? 0;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    position += part.length;
  };
  const written: WrittenEntry[] = [];
  for (const entry of entries) {
    const one = pack(entry, position);
    written.push(one);
    push(localHeader(one));
    push(one.packed);
    if (entry.dataDescriptor === true) push(dataDescriptor(one));
  }
  const directoryOffset = position;
  for (const one of written) push(centralHeader(one));
  const directory = {
    offset: directoryOffset,
    sizeBytes: position - directoryOffset,
    count: entries.length,
    end: position,
  };
  if (options.zip64 === true || entries.length > 0xffff) push(zip64End(directory));
  push(endRecord(directory, options));
  return Buffer.concat(parts);
}

function pack(entry: ZipEntry, offset: number): WrittenEntry {
  const content = typeof entry.content === 'string' ? Buffer.from(entry.content) : entry.content;
  const packed = entry.method === 'stored' ? content : deflateRawSync(content);
  return {
    entry,
    offset,
    packed,
    crc: entry.declaredCrc ?? crc32(content),
    sizeBytes: entry.declaredSizeBytes ?? content.length,
  };
}

function flags(entry: ZipEntry): number {
  return UTF8_NAME | (entry.encrypted === true ? 1 : 0) | (entry.dataDescriptor === true ? 8 : 0);
}

function methodNumber(entry: ZipEntry): number {
  return entry.declaredMethod ?? (entry.method === 'stored' ? 0 : 8);
}

function localHeader({ entry, packed, crc, sizeBytes }: WrittenEntry): Uint8Array {
  const name = Buffer.from(entry.localName ?? entry.name);
  const extra = entry.zip64 === true ? zip64Extra([sizeBytes, packed.length]) : Buffer.alloc(0);
  const later = entry.dataDescriptor === true;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(entry.zip64 === true ? 45 : 20, 4);
  header.writeUInt16LE(flags(entry), 6);
  header.writeUInt16LE(methodNumber(entry), 8);
  header.writeUInt16LE(DOS_DATE_1980, 12);
  header.writeUInt32LE(later ? 0 : crc, 14);
  header.writeUInt32LE(later ? 0 : entry.zip64 === true ? NEEDS_ZIP64 : packed.length, 18);
  header.writeUInt32LE(later ? 0 : entry.zip64 === true ? NEEDS_ZIP64 : sizeBytes, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function dataDescriptor({ packed, crc, sizeBytes }: WrittenEntry): Uint8Array {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(packed.length, 8);
  descriptor.writeUInt32LE(sizeBytes, 12);
  return descriptor;
}

function centralHeader({ entry, offset, packed, crc, sizeBytes }: WrittenEntry): Uint8Array {
  const name = Buffer.from(entry.name);
  const extra = entry.zip64 === true ? zip64Extra([sizeBytes, packed.length, offset]) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 45, 4);
  header.writeUInt16LE(entry.zip64 === true ? 45 : 20, 6);
  header.writeUInt16LE(flags(entry), 8);
  header.writeUInt16LE(methodNumber(entry), 10);
  header.writeUInt16LE(DOS_DATE_1980, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(entry.zip64 === true ? NEEDS_ZIP64 : packed.length, 20);
  header.writeUInt32LE(entry.zip64 === true ? NEEDS_ZIP64 : sizeBytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
  header.writeUInt32LE(entry.zip64 === true ? NEEDS_ZIP64 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return extra;
}

interface Directory {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly count: number;
  readonly end: number;
}

function zip64End(directory: Directory): Uint8Array {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE((3 << 8) | 45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(directory.count), 24);
  record.writeBigUInt64LE(BigInt(directory.count), 32);
  record.writeBigUInt64LE(BigInt(directory.sizeBytes), 40);
  record.writeBigUInt64LE(BigInt(directory.offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(directory.end), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function endRecord(directory: Directory, options: ZipOptions): Uint8Array {
  const comment = Buffer.from(options.comment ?? '');
  const zip64 = options.zip64 === true || directory.count > 0xffff;
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(zip64 ? 0xffff : directory.count, 8);
  record.writeUInt16LE(zip64 ? 0xffff : directory.count, 10);
  record.writeUInt32LE(zip64 ? NEEDS_ZIP64 : directory.sizeBytes, 12);
  record.writeUInt32LE(zip64 ? NEEDS_ZIP64 : directory.offset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, comment]);
}
