/** What is in the cache, entry by entry, as far as the collector knows it. Listing is tolerant: entries come and go. */
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Digest } from './digest.ts';
import { digestOf, parseDigest } from './digest.ts';
import { hasErrorCode } from './errors.ts';
import { RECORD_BUCKETS } from './layout.ts';
import type { BucketName, Layout } from './layout.ts';
import type { JsonValue } from './manifest.ts';
import { parseRecord } from './record-format.ts';
import { namesIn } from './remove-tree.ts';
import { manifestPath, readTreeEntry } from './tree-entry.ts';
import { isTemporaryName } from './write-file-atomic.ts';

/** An entry as the callers of `clean` and `prune` see it when they choose. */
export interface CacheEntry {
  readonly kind: 'tree' | 'blob' | 'record';
  readonly bucket: BucketName;
  /** A tree's or blob's digest; a record's key. */
  readonly key: string;
  /** A tree's note; `undefined` for others, and when its manifest is damaged. */
  note(): JsonValue | undefined;
  /** A record's content; `undefined` for others, and when it is damaged. */
  content(): Uint8Array | undefined;
  /** Milliseconds since 1970, to the hour. */
  lastUsedMs(): number;
  /** Lengths of its files; 0 when it is gone. */
  sizeBytes(): number;
}

export interface LocatedEntry extends CacheEntry {
  readonly path: string;
  readonly lockPath: string;
}

const DIGEST = /^[0-9a-f]{64}$/u;

export function* listEntries(layout: Layout): Generator<LocatedEntry> {
  yield* digestEntries(layout, 'trees');
  yield* digestEntries(layout, 'blobs');
  for (const bucket of RECORD_BUCKETS) yield* recordEntries(layout, bucket);
}

function* digestEntries(layout: Layout, bucket: 'trees' | 'blobs'): Generator<LocatedEntry> {
  const folder = layout.bucket(bucket);
  for (const prefix of namesIn(folder)) {
    for (const name of namesIn(join(folder, prefix))) {
      if (!DIGEST.test(name)) continue;
      const digest = parseDigest(name);
      yield bucket === 'trees' ? treeEntry(layout, digest) : blobEntry(layout, digest);
    }
  }
}

function treeEntry(layout: Layout, digest: Digest): LocatedEntry {
  const path = layout.treeEntry(digest);
  return {
    kind: 'tree',
    bucket: 'trees',
    key: digest,
    path,
    lockPath: layout.keyLock(digest),
    note: () => manifestOf(path)?.note,
    content: () => undefined,
    lastUsedMs: () => timeOf(manifestPath(path)),
    sizeBytes: () => manifestOf(path)?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0,
  };
}

function manifestOf(
  path: string,
): { readonly note: JsonValue; readonly files: readonly { readonly sizeBytes: number }[] } | undefined {
  const found = readTreeEntry(path);
  return found.state === 'present' ? found.manifest : undefined;
}

function blobEntry(layout: Layout, digest: Digest): LocatedEntry {
  const path = layout.blob(digest);
  return {
    ...fileFacts(path),
    kind: 'blob',
    bucket: 'blobs',
    key: digest,
    path,
    lockPath: layout.keyLock(digest),
    content: () => undefined,
  };
}

function* recordEntries(layout: Layout, bucket: (typeof RECORD_BUCKETS)[number]): Generator<LocatedEntry> {
  const folder = layout.bucket(bucket);
  for (const name of namesIn(folder)) {
    const isFolder = lstatSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
    const keys = isFolder ? namesIn(join(folder, name)).map((inner) => `${name}/${inner}`) : [name];
    for (const key of keys) {
      if (isTemporaryName(key.split('/').at(-1) ?? '')) continue;
      yield recordEntry(layout, bucket, key);
    }
  }
}

function recordEntry(layout: Layout, bucket: (typeof RECORD_BUCKETS)[number], key: string): LocatedEntry {
  const path = join(layout.bucket(bucket), key);
  return {
    ...fileFacts(path),
    kind: 'record',
    bucket,
    key,
    path,
    lockPath: layout.keyLock(digestOf(`${bucket}/${key}`)),
    content: () => contentOf(path),
  };
}

function fileFacts(path: string): Pick<CacheEntry, 'note' | 'lastUsedMs' | 'sizeBytes'> {
  return {
    note: () => undefined,
    lastUsedMs: () => timeOf(path),
    sizeBytes: () => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  };
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function contentOf(path: string): Uint8Array | undefined {
  try {
    return parseRecord(readFileSync(path));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'ESTALE')) return undefined;
    throw error;
  }
}
