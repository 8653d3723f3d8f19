/** Listings of files by version, from pages and from several places together. */
import {
  compareVersions,
  type NormalizedName,
  PackagingError,
  parseLenientSpecifierSet,
  type ProjectFile,
  type SpecifierSet,
  type Version,
} from '@shoal/packaging';
import type { DistributionFile, IndexLocation, VersionGroup } from '../project/distribution-file.ts';
import { findVersion, formatPageRecord, type PageFile, PageRecord } from './page-record.ts';

/** The group that a page is. Nothing is parsed before it is asked for. */
export function groupOfPage(page: PageRecord, index: IndexLocation): VersionGroup {
  const parsed = new Map<number, readonly DistributionFile[]>();
  return {
    index,
    get versions(): readonly Version[] {
      return page.versions;
    },
    files(version) {
      const at = findVersion(page.versions, version);
      const files = parsed.get(at) ?? page.files(version).flatMap((file) => distributionFile(file, index));
      parsed.set(at, files);
      return files;
    },
  };
}

/** The group that the files of `name` among `files` make. */
export function groupOfFiles(name: NormalizedName, files: readonly ProjectFile[], index: IndexLocation): VersionGroup {
  const nowhere = { fetchedMs: 0, freshUntilMs: 0, policy: {} as never };
  const page = PageRecord.parse(name, formatPageRecord(name, files, nowhere));
  return page === undefined ? mergeGroups([]) : groupOfPage(page, index);
}

/** One group of all versions; the files of a version stand in the order of the groups. */
export function mergeGroups(groups: readonly VersionGroup[]): VersionGroup {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return only;
  let versions: readonly Version[] | undefined;
  return {
    index: undefined,
    get versions(): readonly Version[] {
      versions ??= distinctDescending(groups.flatMap((group) => group.versions));
      return versions;
    },
    files: (version) => groups.flatMap((group) => group.files(version)),
  };
}

function distinctDescending(versions: readonly Version[]): readonly Version[] {
  const sorted = versions.toSorted((a, b) => compareVersions(b, a));
  return sorted.filter((version, at) => at === 0 || compareVersions(version, sorted[at - 1] ?? version) !== 0);
}

/** None when the index says of the Pythons it needs what nobody can read. */
function distributionFile(file: PageFile, index: IndexLocation): DistributionFile[] {
  const requiresPython = file.requiresPython === undefined ? undefined : readSpecifiers(file.requiresPython);
  if (requiresPython === 'unreadable') return [];
  const { parsed: filename, url, hashes, yanked, sizeBytes, uploadTime, coreMetadata } = file;
  return [{ filename, url, hashes, requiresPython, yanked, sizeBytes, uploadTime, coreMetadata, index }];
}

function readSpecifiers(text: string): SpecifierSet | 'unreadable' {
  try {
    return parseLenientSpecifierSet(text);
  } catch (error) {
    if (error instanceof PackagingError) return 'unreadable';
    throw error;
  }
}
