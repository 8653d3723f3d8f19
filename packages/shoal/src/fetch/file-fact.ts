/** What is remembered of a file that no index gave a hash for: which content its URL, or its path at a certain time, had. */
import { statSync } from 'node:fs';
import { type Digest, digestOf, parseDigest } from '@shoal/cache';

export interface FileFact {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Algorithm -> hexadecimal of all that were computed. */
  readonly hashes: Readonly<Record<string, string>>;
  /** When it was fetched, milliseconds since 1970. */
  readonly fetchedMs: number;
}

export function formatFileFact(fact: FileFact): string {
  return JSON.stringify(fact);
}

/** The fact; `undefined` for a text of another format or release. */
export function parseFileFact(content: Uint8Array): FileFact | undefined {
  try {
    const value: Partial<FileFact> = JSON.parse(Buffer.from(content).toString('utf8'));
    const { digest, sizeBytes, hashes, fetchedMs } = value;
    if (digest === undefined || sizeBytes === undefined || hashes === undefined || fetchedMs === undefined)
      return undefined;
    return { digest: parseDigest(digest), sizeBytes, hashes, fetchedMs };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The record's key for a URL. */
export function keyOfUrl(url: string): Digest {
  return digestOf(`url ${url.replace(/#.*$/, '')}`);
}

/** The record's key for the file at `path` as it is now: another time stamp or file is another key. @throws ENOENT */
export function keyOfFile(path: string): Digest {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return digestOf(`file ${path} ${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`);
}
