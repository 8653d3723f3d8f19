/** The newest release of a project that the indexes offer to an interpreter: for `--outdated`. */
import { compareVersions, createTagPriorities, isPrerelease, tagPriority } from '@shoal/packaging';
import type { NormalizedName, Tag, TagPriorities, Version } from '@shoal/packaging';
import type { DistributionFile, VersionGroup } from '../project/distribution-file.ts';
import type { ExcludeNewer } from '../resolve/resolve-input.ts';
import type { Context } from './context.ts';
import { reachesPython } from './reaches-python.ts';

export interface LatestVersion {
  readonly version: Version;
  /** What offers it; a wheel that fits where there is one. */
  readonly kind: 'wheel' | 'sdist';
}

export interface LatestPolicy {
  readonly python: Version;
  readonly tags: readonly Tag[];
  readonly excludeNewer: ExcludeNewer | undefined;
}

/** How many projects are asked for at a time; the client's own limit on connections is lower for one host. */
const AT_ONCE = 50;

/**
 * The newest stable, not yanked, fitting release of each project, from pages that are validated again. Projects that no
 * index knows, or that cannot be asked for offline, are absent.
 */
export async function findLatestVersions(
  names: readonly NormalizedName[],
  policy: LatestPolicy,
  context: Context,
): Promise<ReadonlyMap<NormalizedName, LatestVersion>> {
  const index = context.indexWith({ ...context.options.indexes, refresh: 'all' });
  const priorities = createTagPriorities(policy.tags);
  const found = new Map<NormalizedName, LatestVersion>();
  const waiting = [...new Set(names)];
  const work = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const listing = await index.fetchProject(name);
      const latest =
        listing.kind === 'found'
          ? newestOf(listing.groups, { ...policy, priorities, cutoffMs: cutoffOf(name, policy) })
          : undefined;
      if (latest !== undefined) found.set(name, latest);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
  return found;
}

interface Acceptance extends LatestPolicy {
  readonly priorities: TagPriorities;
  /** Milliseconds since the epoch; files from then on do not exist. */
  readonly cutoffMs: number | undefined;
}

/** Exported for tests. */
function newestOf(groups: readonly VersionGroup[], acceptance: Acceptance): LatestVersion | undefined {
  const [first, ...others] = groups.flatMap((group) => newestOfGroup(group, acceptance) ?? []);
  if (first === undefined) return undefined;
  return others.reduce((best, one) => (isBetter(one, best) ? one : best), first);
}

function isBetter(one: LatestVersion, best: LatestVersion): boolean {
  const order = compareVersions(one.version, best.version);
  return order > 0 || (order === 0 && one.kind === 'wheel' && best.kind === 'sdist');
}

function newestOfGroup(group: VersionGroup, acceptance: Acceptance): LatestVersion | undefined {
  for (const version of group.versions) {
    if (isPrerelease(version)) continue;
    const files = group.files(version).filter((file) => isAcceptable(file, acceptance));
    if (files.length > 0)
      return { version, kind: files.some(({ filename }) => filename.kind === 'wheel') ? 'wheel' : 'sdist' };
  }
  return undefined;
}

function isAcceptable(
  { filename, yanked, requiresPython, uploadTime }: DistributionFile,
  { priorities, python, cutoffMs }: Acceptance,
): boolean {
  if (yanked !== false) return false;
  if (cutoffMs !== undefined && uploadTime !== undefined && Date.parse(uploadTime) >= cutoffMs) return false;
  if (requiresPython !== undefined && !reachesPython(requiresPython, python)) return false;
  return filename.kind === 'sdist' || tagPriority(priorities, filename) !== undefined;
}

function cutoffOf(name: NormalizedName, { excludeNewer }: LatestPolicy): number | undefined {
  const instant = excludeNewer?.perProject.get(name) ?? excludeNewer?.default;
  return instant === undefined || instant === false ? undefined : Date.parse(instant);
}
