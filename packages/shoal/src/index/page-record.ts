/**
 * A project page as the cache keeps it: made for reading a few versions of a page that may list ten thousand files.
 *
 * One line of JSON holds the freshness and the versions, newest first; then come the files of each version, as JSON of
 * their own, which is parsed when that version is asked for.
 */
import {
  compareVersions,
  formatVersion,
  type NormalizedName,
  parseVersion,
  type ProjectFile,
  type SdistFilename,
  tryParseDistributionFilename,
  type Version,
  type WheelFilename,
} from '@shoal/packaging';
import type { StoredFreshness } from '../fetch/http-cache.ts';

/** The first line. */
export interface PageHeader {
  readonly format: typeof PAGE_FORMAT;
  /** `absent`: the index has no such project. */
  readonly status: 'found' | 'absent';
  readonly freshness: StoredFreshness;
  /** Normalized, newest first. */
  readonly versions: readonly string[];
  /** Bytes of each version's files. */
  readonly lengths: readonly number[];
  /** What all file URLs begin with. */
  readonly urlStem: string;
}

/** A file as it is stored; `0` is "not given". */
type StoredFile = readonly [
  filename: string,
  urlRest: string,
  hashes: string | Readonly<Record<string, string>>,
  requiresPython: string | 0,
  yanked: string | 0,
  sizeBytes: number,
  uploadTime: string | 0,
  coreMetadata: 0 | 1 | string | Readonly<Record<string, string>>,
];

export interface PageFile extends ProjectFile {
  readonly parsed: WheelFilename | SdistFilename;
}

/** Increase it when the meaning of a stored byte changes: older records are then read as absent. */
const PAGE_FORMAT = 1;
const NEWLINE = 0x0a;

/** The record of a page. Files whose names are no distribution of `name` are left out. */
export function formatPageRecord(
  name: NormalizedName,
  files: readonly ProjectFile[],
  freshness: StoredFreshness,
): Buffer {
  const groups = groupByVersion(name, files);
  const urlStem = commonStem(files.map(({ url }) => url));
  const slices = groups.map((group) =>
    Buffer.from(JSON.stringify(group.files.map((file) => storeFile(file, urlStem)))),
  );
  const header: PageHeader = {
    format: PAGE_FORMAT,
    status: 'found',
    freshness,
    versions: groups.map(({ version }) => formatVersion(version)),
    lengths: slices.map(({ length }) => length),
    urlStem,
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...slices]);
}

/** The record of "no such project". */
export function formatAbsentRecord(freshness: StoredFreshness): Buffer {
  const header: PageHeader = {
    format: PAGE_FORMAT,
    status: 'absent',
    freshness,
    versions: [],
    lengths: [],
    urlStem: '',
  };
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** The same page with another freshness. */
export function withFreshness(page: PageRecord, freshness: StoredFreshness): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...page.header, freshness })}\n`), page.body]);
}

/** A page in memory, of which little has been parsed. */
export class PageRecord {
  readonly header: PageHeader;
  readonly body: Buffer;
  readonly name: NormalizedName;
  #versions: readonly Version[] | undefined;
  #ends: readonly number[] | undefined;

  constructor(name: NormalizedName, header: PageHeader, body: Buffer) {
    this.name = name;
    this.header = header;
    this.body = body;
  }

  /** `undefined` for a record of another format. */
  static parse(name: NormalizedName, content: Uint8Array): PageRecord | undefined {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const end = bytes.indexOf(NEWLINE);
    if (end < 0) return undefined;
    const header: PageHeader = JSON.parse(bytes.toString('utf8', 0, end));
    return header.format === PAGE_FORMAT ? new PageRecord(name, header, bytes.subarray(end + 1)) : undefined;
  }

  /** Newest first, without duplicates. */
  get versions(): readonly Version[] {
    this.#versions ??= this.header.versions.map(parseVersion);
    return this.#versions;
  }

  /** The files of a version, in the order of the page; none for a version that is not listed. */
  files(version: Version): readonly PageFile[] {
    const at = findVersion(this.versions, version);
    if (at < 0) return [];
    this.#ends ??= runningSums(this.header.lengths);
    const stored: readonly StoredFile[] = JSON.parse(
      this.body.toString('utf8', this.#ends[at - 1] ?? 0, this.#ends[at]),
    );
    return stored.flatMap((file) => restoreFile(file, this.header.urlStem, this.name));
  }
}

/** The place of `version` among `versions`, which are descending; -1 when it is not there. */
export function findVersion(versions: readonly Version[], version: Version): number {
  let low = 0;
  let high = versions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = versions[middle];
    const order = candidate === undefined ? 0 : compareVersions(version, candidate);
    if (order === 0) return middle;
    if (order > 0) high = middle - 1;
    else low = middle + 1;
  }
  return -1;
}

function runningSums(lengths: readonly number[]): readonly number[] {
  let sum = 0;
  return lengths.map((length) => (sum += length));
}

function groupByVersion(
  name: NormalizedName,
  files: readonly ProjectFile[],
): { version: Version; files: ProjectFile[] }[] {
  const parsed = files.flatMap((file) => {
    const filename = tryParseDistributionFilename(file.filename, name);
    return filename === undefined ? [] : [{ version: filename.version, file }];
  });
  parsed.sort((a, b) => compareVersions(b.version, a.version));
  const groups: { version: Version; files: ProjectFile[] }[] = [];
  for (const { version, file } of parsed) {
    const last = groups.at(-1);
    if (last !== undefined && compareVersions(last.version, version) === 0) last.files.push(file);
    else groups.push({ version, files: [file] });
  }
  return groups;
}

function commonStem(urls: readonly string[]): string {
  let stem = urls[0] ?? '';
  for (const url of urls) while (!url.startsWith(stem)) stem = stem.slice(0, -1);
  return stem;
}

function storeFile(file: ProjectFile, urlStem: string): StoredFile {
  const { filename, url, requiresPython, yanked, sizeBytes, uploadTime } = file;
  const coreMetadata =
    typeof file.coreMetadata === 'boolean' ? (file.coreMetadata ? 1 : 0) : storeHashes(file.coreMetadata);
  return [
    filename,
    url.slice(urlStem.length),
    storeHashes(file.hashes),
    requiresPython ?? 0,
    yanked === false ? 0 : yanked,
    sizeBytes ?? -1,
    uploadTime ?? 0,
    coreMetadata,
  ];
}

/** Nearly every file has a SHA-256 and no other. */
function storeHashes(hashes: Readonly<Record<string, string>>): string | Readonly<Record<string, string>> {
  const { sha256, ...others } = hashes;
  return sha256 !== undefined && Object.keys(others).length === 0 ? sha256 : hashes;
}

function restoreFile(stored: StoredFile, urlStem: string, name: NormalizedName): PageFile[] {
  const [filename, urlRest, hashes, requiresPython, yanked, sizeBytes, uploadTime, coreMetadata] = stored;
  const parsed = tryParseDistributionFilename(filename, name);
  if (parsed === undefined) return [];
  const file: PageFile = {
    parsed,
    filename,
    url: urlStem + urlRest,
    hashes: restoreHashes(hashes),
    requiresPython: requiresPython === 0 ? undefined : requiresPython,
    yanked: yanked === 0 ? false : yanked,
    sizeBytes: sizeBytes < 0 ? undefined : sizeBytes,
    uploadTime: uploadTime === 0 ? undefined : uploadTime,
    coreMetadata: typeof coreMetadata === 'number' ? coreMetadata === 1 : restoreHashes(coreMetadata),
  };
  return [file];
}

function restoreHashes(hashes: string | Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return typeof hashes === 'string' ? { sha256: hashes } : hashes;
}
