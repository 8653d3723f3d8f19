/**
 * The list of a tree's files, kept beside the tree so that installing reads one file and walks no folder.
 *
 * One line names the format and the CRC-32 of the rest, which is one JSON object. Its lists are columns joined into one
 * string each: 20,000 rows then parse in a few milliseconds, and rows are made when somebody asks for them.
 */
import { crc32 } from './checksums.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface ManifestFile {
  /** Relative to the tree, '/'-separated. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
  /** Base64url without padding, as RECORD spells it; empty when the producer names none. */
  readonly sha256: string;
  /** CRC-32 of the content as it was written, 8 hexadecimal characters; absent when the producer names none. */
  readonly crc32?: string;
  /**
   * The file's modification time, in milliseconds since 1970, when it was known to be whole. Set by the store; absent in
   * trees of earlier releases.
   */
  readonly modifiedMs?: number;
}

export interface TreeManifest {
  readonly files: readonly ManifestFile[];
  /** Whatever the producer wanted to be remembered with the tree. */
  readonly note: JsonValue;
}

/** What the store adds: who this publication is, and under which start of the machine it was written. */
export interface ManifestStamp {
  /** 128 random bits. Stays when the manifest is stamped again. */
  readonly publication: string;
  /** Milliseconds since 1970. */
  readonly publishedMs: number;
  /** The boot id, or `settled` once the tree was seen whole after a later start. */
  readonly boot: string;
}

export interface StampedManifest extends TreeManifest, ManifestStamp {}

interface ManifestColumns extends ManifestStamp {
  readonly paths: string;
  readonly sizes: readonly number[];
  /** Indices of the executable files. */
  readonly executable: readonly number[];
  readonly sha256: string;
  /** Joined without separator. */
  readonly crc32?: string;
  /** Microseconds before `publishedMs`. */
  readonly modified?: readonly number[];
  readonly note: JsonValue;
}

const FORMAT = 'shoal-tree-1 ';
const HEADER_BYTES = FORMAT.length + 9;
/** No relative path contains an empty segment, so this never occurs in one. */
const PATH_SEPARATOR = '//';
const UNSAFE_SEGMENTS: ReadonlySet<string> = new Set(['', '.', '..']);

export function formatManifest(manifest: TreeManifest, stamp: ManifestStamp): Uint8Array {
  const { files, note } = manifest;
  for (const file of files) requireSafePath(file.path);
  const columns: ManifestColumns = {
    publication: stamp.publication,
    publishedMs: stamp.publishedMs,
    boot: stamp.boot,
    paths: files.map((file) => file.path).join(PATH_SEPARATOR),
    sizes: files.map((file) => file.sizeBytes),
    executable: files.flatMap((file, index) => (file.executable ? [index] : [])),
    sha256: files.map((file) => file.sha256).join(','),
    ...optionalColumns(files, stamp.publishedMs),
    note,
  };
  const body = Buffer.from(asciiJson(columns), 'latin1');
  return Buffer.concat([Buffer.from(`${FORMAT}${checksum(body)}\n`), body]);
}

/** Columns that every row has, or none. */
function optionalColumns(
  files: readonly ManifestFile[],
  publishedMs: number,
): Pick<ManifestColumns, 'crc32' | 'modified'> {
  const sums = files.flatMap(({ crc32: sum }) => (sum === undefined ? [] : [sum]));
  const modified = files.flatMap(({ modifiedMs }) =>
    modifiedMs === undefined ? [] : [Math.round((publishedMs - modifiedMs) * 1000)],
  );
  return {
    ...(sums.length === files.length ? { crc32: sums.join('') } : {}),
    ...(modified.length === files.length ? { modified } : {}),
  };
}

/** `undefined` when the bytes are not a whole, unchanged manifest of this format. */
export function parseManifest(bytes: Buffer): StampedManifest | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const body = bytes.subarray(HEADER_BYTES);
  if (bytes.toString('latin1', 0, HEADER_BYTES) !== `${FORMAT}${checksum(body)}\n`) return undefined;
  return new ColumnManifest(JSON.parse(body.toString('latin1')) as ManifestColumns);
}

/** ASCII only: reading it then needs no UTF-8 decoding, which costs as much as parsing. */
function asciiJson(value: ManifestColumns): string {
  return JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Rows out of columns, made once and only when read. */
class ColumnManifest implements StampedManifest {
  readonly #columns: ManifestColumns;
  #files: readonly ManifestFile[] | undefined;

  constructor(columns: ManifestColumns) {
    this.#columns = columns;
  }

  get publication(): string {
    return this.#columns.publication;
  }

  get publishedMs(): number {
    return this.#columns.publishedMs;
  }

  get boot(): string {
    return this.#columns.boot;
  }

  get note(): JsonValue {
    return this.#columns.note;
  }

  get files(): readonly ManifestFile[] {
    return (this.#files ??= rowsOf(this.#columns));
  }
}

const CRC_CHARACTERS = 8;

function rowsOf(columns: ManifestColumns): readonly ManifestFile[] {
  const { paths, sizes, executable, sha256, crc32: sums, modified, publishedMs } = columns;
  if (sizes.length === 0) return [];
  const pathList = paths.split(PATH_SEPARATOR);
  const hashList = sha256.split(',');
  const executables = new Set(executable);
  return pathList.map((path, index) => ({
    path,
    sizeBytes: sizes[index] ?? 0,
    executable: executables.has(index),
    sha256: hashList[index] ?? '',
    ...(sums === undefined ? {} : { crc32: sums.slice(index * CRC_CHARACTERS, (index + 1) * CRC_CHARACTERS) }),
    ...(modified === undefined ? {} : { modifiedMs: publishedMs - (modified[index] ?? 0) / 1000 }),
  }));
}

/** @throws {TypeError} for a path that leaves the tree: the producer should have refused it. */
function requireSafePath(path: string): void {
  if (path.split('/').some((segment) => UNSAFE_SEGMENTS.has(segment)) || path.includes('\0')) {
    throw new TypeError(`Not a path inside a tree: ${JSON.stringify(path)}`);
  }
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
