/** What the lockfile says of the packages that no index gave. */
import { formatSpecifierSet } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { lockedGitUrl, lockedPath, lockedRequirements, withoutCredentials } from '../lock/locked-requirement.ts';
import { OperationalError } from '@shoal/cache';
import type { DefaultGroups, LockedMetadata, LockedSdist, LockedWheel } from '../lock/lockfile.ts';
import { optional } from '../lock/optional.ts';
import type { LocatedPackage } from '../lock/resolution-to-lockfile.ts';
import type { LoweredRequirement, LoweredSource } from '../project/lowered-requirement.ts';
import type { ProjectFile } from '../project/project-file.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import { isBuiltFrom } from './builder.ts';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';
import type { FolderProject, LockSources } from './lock-sources.ts';
import { wheelSourceOfUrl } from './resolve-provider.ts';

export interface LocatingSurroundings {
  readonly sources: LockSources;
  readonly builder: Builder;
  readonly context: Context;
  /** Absolute folder of the workspace. */
  readonly root: string;
}

/** A default group is not defined. */
class DefaultGroupError extends OperationalError {
  override readonly code = 'DEFAULT_GROUP';

  constructor(group: string) {
    super(
      `Default group \`${group}\` (from \`tool.uv.default-groups\`) is not defined in the project's \`dependency-groups\` table`,
    );
  }
}

const NO_METADATA: LockedMetadata = { requiresDist: [], providesExtras: [], requiresDev: new Map() };

export async function locatedPackages(
  { nodes }: Resolution,
  surroundings: LocatingSurroundings,
): Promise<ReadonlyMap<ResolvedNode, LocatedPackage>> {
  const found = await Promise.all(
    nodes.map(async (node) => {
      const { source } = node;
      return source.kind === 'url' ? [[node, await locatedPackage(node, source.url, surroundings)] as const] : [];
    }),
  );
  return new Map(found.flat());
}

async function locatedPackage(
  node: ResolvedNode,
  url: string,
  surroundings: LocatingSurroundings,
): Promise<LocatedPackage> {
  const { sources, root } = surroundings;
  const source = sources.sourceOf(node.name, url) ?? sources.lowering.plain(urlRequirement(node, url)).source;
  switch (source.kind) {
    case 'registry':
      throw new RangeError(`${node.name} has a URL and comes from an index`);
    case 'git':
      return await gitPackage(node, source, { ...surroundings, url });
    case 'url': {
      const { subdirectory } = source;
      const files = await archiveFiles(node, url, surroundings);
      const wheels = files.wheels.map(({ hash }) => ({
        url: withoutCredentials(source.url),
        ...optional('hash', hash),
      }));
      const locked = {
        kind: 'url',
        url: withoutCredentials(source.url),
        ...optional('subdirectory', subdirectory),
      } as const;
      return { ...archivePackage(node, surroundings), ...files, wheels, source: locked };
    }
    case 'path': {
      const files = await archiveFiles(node, url, surroundings);
      return {
        ...archivePackage(node, surroundings),
        ...files,
        source: { kind: 'path', path: lockedPath(source, root) },
      };
    }
    default:
      return {
        ...folderPackage(await sources.folder(node.name, source), root),
        ...optional('defaultGroups', defaultGroupsOf(sources.memberOf(node.name))),
        source: { kind: source.kind, path: lockedPath(source, root) },
      };
  }
}

function urlRequirement({ name }: ResolvedNode, url: string): Parameters<LockSources['lowering']['plain']>[0] {
  return { name, writtenName: name, extras: [], specifiers: { specifiers: [] }, url, marker: undefined };
}

/** A commit never changes: nothing of what it declares is kept. */
async function gitPackage(
  { name }: ResolvedNode,
  source: LoweredSource & { readonly kind: 'git' },
  { builder, url }: LocatingSurroundings & { readonly url: string },
): Promise<LocatedPackage> {
  const { origin } = await builder.directUrlOf({ url, name });
  const commit = origin.kind === 'vcs' ? origin.commit : undefined;
  return {
    source: { kind: 'git', url: lockedGitUrl(source, commit) },
    sdist: undefined,
    wheels: [],
    isDynamic: false,
    metadata: NO_METADATA,
    groupRequiresPython: new Map(),
  };
}

/** The one file, with the hash of its content. */
async function archiveFiles(
  { name }: ResolvedNode,
  url: string,
  { builder, context, root }: LocatingSurroundings,
): Promise<{ readonly sdist: LockedSdist | undefined; readonly wheels: readonly LockedWheel[] }> {
  if (isBuiltFrom(url)) {
    const { origin } = await builder.directUrlOf({ url, name });
    const digest = origin.kind === 'archive' ? origin.hashes['sha256'] : undefined;
    return { sdist: digest === undefined ? undefined : { hash: `sha256:${digest}` }, wheels: [] };
  }
  const wheel = wheelSourceOfUrl(url, root);
  using tree = await context.distributions.fetchTree(wheel);
  return { sdist: undefined, wheels: [{ filename: wheel.filename.filename, hash: `sha256:${tree.digest}` }] };
}

function archivePackage(
  { metadata }: ResolvedNode,
  { sources, root }: LocatingSurroundings,
): Pick<LocatedPackage, 'isDynamic' | 'metadata' | 'groupRequiresPython'> {
  const requirements = (metadata?.requiresDist ?? []).map((requirement) => sources.lowering.plain(requirement));
  return {
    isDynamic: false,
    metadata: {
      requiresDist: lockedRequirements(requirements, root),
      providesExtras: metadata?.providesExtra ?? [],
      requiresDev: new Map(),
    },
    groupRequiresPython: new Map(),
  };
}

function folderPackage({ declared, isDynamic, file }: FolderProject, root: string): Omit<LocatedPackage, 'source'> {
  return {
    sdist: undefined,
    wheels: [],
    isDynamic,
    metadata: lockedMetadata(declared, root),
    groupRequiresPython: file === undefined ? new Map() : groupPythons(file),
  };
}

export function lockedMetadata(declared: FolderProject['declared'], root: string): LockedMetadata {
  return {
    requiresDist: lockedRequirements(declared.requiresDist, root),
    providesExtras: declared.providesExtras,
    requiresDev: lockedGroups(declared.groups, root),
  };
}

export function lockedGroups(
  groups: ReadonlyMap<NormalizedName, readonly LoweredRequirement[]>,
  root: string,
): LockedMetadata['requiresDev'] {
  return new Map([...groups].map(([group, list]) => [group, lockedRequirements(list, root)] as const));
}

function defaultGroupsOf(member: ProjectFile | undefined): DefaultGroups | undefined {
  return member && lockedDefaultGroups(member);
}

/** `tool.uv.default-groups` as lockfiles keep them: `dev` alone goes without saying. @throws {DefaultGroupError} */
export function lockedDefaultGroups({ toolUv, dependencyGroups }: ProjectFile): DefaultGroups | undefined {
  const { defaultGroups } = toolUv;
  if (defaultGroups === undefined || defaultGroups === 'all') return defaultGroups;
  const unknown = defaultGroups.find((group) => !dependencyGroups.has(group));
  if (unknown !== undefined) throw new DefaultGroupError(unknown);
  const sorted = [...new Set(defaultGroups)].toSorted();
  return sorted.length === 1 && sorted[0] === 'dev' ? undefined : sorted;
}

/** `tool.uv.dependency-groups`, as it is written there. */
export function groupPythons({ dependencyGroups }: ProjectFile): ReadonlyMap<NormalizedName, string> {
  return new Map(
    [...dependencyGroups].flatMap(([group, { requiresPython }]) =>
      requiresPython.length === 0 ? [] : [[group, requiresPython.map(formatSpecifierSet).join(',')] as const],
    ),
  );
}
