/** RECORD and the files of a wheel, brought to agree as uv does: rows without a file go, files without a row come. */
import type { ManifestFile } from '@shoal/cache';
import { formatRecord, parseRecord, type RecordRow } from '@shoal/packaging';
import type { HashFinder } from './unpack-archive.ts';
import { isSmallEntry } from './zip-entry.ts';

/** What RECORD says of the files' hashes: the manifest takes them over, because the CRCs have shown that the content is whole. */
export const hashesOfRecord: HashFinder = (members, read) => {
  const record = members.find(({ path }) => /^[^/]+\.dist-info\/RECORD$/.test(path));
  if (record === undefined || !isSmallEntry(record)) return new Map();
  const sizes = new Map(members.map(({ path, sizeBytes }) => [path, sizeBytes]));
  const rows = parseRecord(read(record)).filter(
    ({ path, hash, sizeBytes }) =>
      hash?.algorithm === 'sha256' && hash.digest.length === 43 && sizeBytes === sizes.get(path),
  );
  return new Map(rows.map(({ path, hash }) => [path, hash?.digest ?? '']));
};

/** The text of RECORD to install: `text` itself where nothing is wrong with it, so that its spelling is kept. */
export function healRecord(text: string, files: readonly ManifestFile[], distInfo: string): string {
  const rows = parseRecord(text);
  const present = new Set(files.map(({ path }) => path));
  const listed = new Set(rows.map(({ path }) => path));
  const kept = rows.filter(({ path }) => present.has(path));
  const unlisted = files.filter(({ path }) => !listed.has(path) && !isSignature(path, distInfo));
  if (kept.length === rows.length && unlisted.length === 0) return text;
  return formatRecord([...kept, ...unlisted.map(({ path }): RecordRow => ({ path }))]);
}

/** Signatures of RECORD cannot be listed in it (binary distribution format, "The .dist-info directory"). */
function isSignature(path: string, distInfo: string): boolean {
  return path === `${distInfo}/RECORD.jws` || path === `${distInfo}/RECORD.p7s`;
}
