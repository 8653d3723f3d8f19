export { acquireFileLock } from './acquire-file-lock.ts';
export type { FileLockOptions } from './acquire-file-lock.ts';
export { cloneFile } from './clone-file.ts';
export { digestOf, parseDigest } from './digest.ts';
export type { Digest } from './digest.ts';
export {
  CacheUnstableError,
  CacheUntrustedError,
  CacheUnwritableError,
  causedByCode,
  hasErrorCode,
  OperationalError,
} from './errors.ts';
export type { OperationalErrorOptions } from './errors.ts';
export { CACHE_STEPS } from './events.ts';
export type * from './events.ts';
export { sha256 } from './checksums.ts';
export { exchangePaths } from './exchange-paths.ts';
export { fileCreationMask } from './file-creation-mask.ts';
export { tryFileLock } from './file-lock.ts';
export type { LockHandle, LockMode } from './file-lock.ts';
export { LockBrokenError, LockTimeoutError, LockUnsupportedError } from './lock-errors.ts';
export { describeHolder, readHolder } from './lock-holder.ts';
export type { LockHolder } from './lock-holder.ts';
export { randomName } from './random-name.ts';
export { removeIfPresent, writeFileAtomic } from './write-file-atomic.ts';
export type { WriteFileOptions } from './write-file-atomic.ts';
export type { BlobRequest, BlobStore, BlobWork, PinnedBlob } from './blob-store.ts';
export { Cache, isReadOnly, makeCacheFolder, openCache } from './cache.ts';
export type { CacheOptions, NamedLockOptions } from './cache.ts';
export type { CacheEntry } from './cache-entries.ts';
export type { CacheExamination } from './examine.ts';
export type { LockInUse } from './locks-in-use.ts';
export type { LockScope, MountFacts, MountLack } from './mount-facts.ts';
export type { CleanOptions } from './clean.ts';
export type { CollectReport } from './collector.ts';
export { CacheFullError } from './errors.ts';
export type { BucketName, RecordBucket } from './layout.ts';
export type { JsonValue, ManifestFile, TreeManifest } from './manifest.ts';
export type { PinnedTree } from './pinned-tree.ts';
export type { PruneOptions } from './prune.ts';
export { replaceProcess } from './replace-process.ts';
export type { ProgramStart } from './replace-process.ts';
export { renamePath } from './rename-path.ts';
export { LostEntryError } from './repeat-work.ts';
export type { RepeatedWork } from './repeat-work.ts';
export type { RecordRequest, RecordState, RecordStore } from './record-store.ts';
export type { FolderSize } from './size.ts';
export type { DamagedEntry, VerifyReport } from './verify.ts';
export type { WorkFolder } from './work-folder.ts';
export type { TreeContent, TreeRequest, TreeStore, TreeWork } from './tree-store.ts';
