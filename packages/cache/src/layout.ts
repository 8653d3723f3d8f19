/** Every path and bucket version, in one place. A format that changes gets a new version, and so a new folder. */
import { join } from 'node:path';

import type { Digest } from './digest.ts';

export type RecordBucket = 'pages' | 'metadata' | 'builds' | 'interpreters' | 'files' | 'checks' | 'resolutions';

export const RECORD_BUCKETS: readonly RecordBucket[] = [
  'pages',
  'metadata',
  'builds',
  'interpreters',
  'files',
  'checks',
  'resolutions',
];

/** Answers that other records and environments outdate soon: `prune` removes them without being asked to. */
export const SHORT_LIVED_BUCKETS: readonly RecordBucket[] = ['checks', 'resolutions'];

const VERSIONS = {
  trees: 1,
  blobs: 1,
  pages: 1,
  metadata: 1,
  builds: 1,
  interpreters: 1,
  files: 1,
  checks: 1,
  resolutions: 1,
  mounts: 1,
} as const;

export type BucketName = keyof typeof VERSIONS;

const BUCKET_NAME = /^([a-z]+)-v([0-9]+)$/u;

/** Of a record's key: `name`, or `digest/name`. */
const KEY_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._+!-]{0,199}$/u;

export interface Layout {
  readonly root: string;
  readonly tmp: string;
  readonly trash: string;
  readonly locks: string;
  readonly partials: string;
  /** One file of facts for each host and mount. */
  readonly mounts: string;
  readonly collectLock: string;
  bucket(name: BucketName): string;
  /** The folder with `manifest` and `tree/`. */
  treeEntry(digest: Digest): string;
  blob(digest: Digest): string;
  /** @throws {TypeError} for a key that is not made of one or two plain path segments. */
  record(bucket: RecordBucket, key: string): string;
  partial(digest: Digest): string;
  keyLock(key: Digest): string;
  /** @throws {TypeError} for a name that is not one plain path segment. */
  namedLock(name: string): string;
}

export function createLayout(root: string): Layout {
  const inBucket = (name: BucketName, digest: Digest): string =>
    join(root, bucketFolder(name), digest.slice(0, 2), digest);
  return {
    root,
    tmp: join(root, 'tmp'),
    trash: join(root, 'trash'),
    locks: join(root, 'locks'),
    partials: join(root, 'partial'),
    mounts: join(root, bucketFolder('mounts')),
    collectLock: join(root, 'locks', 'collect.lock'),
    bucket: (name) => join(root, bucketFolder(name)),
    treeEntry: (digest) => inBucket('trees', digest),
    blob: (digest) => inBucket('blobs', digest),
    record: (bucket, key) => join(root, bucketFolder(bucket), checkedKey(key, 2)),
    partial: (digest) => join(root, 'partial', digest),
    keyLock: (key) => join(root, 'locks', key.slice(0, 2), `${key}.lock`),
    namedLock: (name) => join(root, 'locks', `${checkedKey(name, 1)}.lock`),
  };
}

function bucketFolder(name: BucketName): string {
  return `${name}-v${VERSIONS[name]}`;
}

/** Is `name` a bucket that an earlier release of ours made and no current one reads? */
export function isObsoleteBucket(name: string): boolean {
  const [, bucket = '', version = ''] = BUCKET_NAME.exec(name) ?? [];
  return Object.hasOwn(VERSIONS, bucket) && Number(version) < VERSIONS[bucket as BucketName];
}

function checkedKey(key: string, segmentLimit: number): string {
  const segments = key.split('/');
  if (segments.length > segmentLimit || !segments.every((segment) => KEY_SEGMENT.test(segment))) {
    throw new TypeError(`Not a key of the cache: ${JSON.stringify(key)}`);
  }
  return key;
}
