/** A package of a lockfile as something that can be installed: its best wheel here, else its source, and where it came from. */
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OperationalError } from '@shoal/cache';
import {
  formatVersion,
  parseSdistFilename,
  parseVersion,
  tagPriority,
  trueMarker,
  tryParseWheelFilename,
} from '@shoal/packaging';
import type { DirectUrl, NormalizedName, TagPriorities, Version, WheelFilename } from '@shoal/packaging';
import type { LockedPackage, LockedSdist, LockedWheel } from '../lock/lockfile.ts';
import type { DistributionFile, IndexLocation } from '../project/distribution-file.ts';
import type { BuildOptions } from '../resolve/resolve-input.ts';
import type { ResolvedNode, ResolvedSource } from '../resolve/resolution.ts';

/** Nothing that is locked for a package can be installed here. */
export class NoInstallableFileError extends OperationalError {
  override readonly code = 'NO_INSTALLABLE_FILE';

  constructor(name: string, version: string, reason: string) {
    super(`Distribution \`${name}==${version}\` can't be installed because it ${reason}`, {
      hint: 'Lock a version that has a wheel for this platform, or allow it to be built',
    });
  }
}

export interface LockedDistribution {
  readonly name: NormalizedName;
  /** Absent when only a build tells it. */
  readonly version: Version | undefined;
  readonly source: ResolvedSource;
  /** Of what no index gave. */
  readonly directUrl: DirectUrl | undefined;
  /** `algorithm:hex` that the file must have; empty where the lockfile names none. */
  readonly hashes: readonly string[];
}

export interface LockedSurroundings {
  /** Absolute folder of the lockfile: where its relative paths start. */
  readonly folder: string;
  readonly tags: TagPriorities;
  readonly buildOptions: BuildOptions;
  /** False for `--no-editable`. */
  readonly isEditableKept: boolean;
}

/** @returns `undefined` for what is never installed: projects that are no packages. @throws {NoInstallableFileError} */
export function locateLocked(locked: LockedPackage, surroundings: LockedSurroundings): LockedDistribution | undefined {
  const { name, source } = locked;
  const version = locked.version === undefined ? undefined : parseVersion(locked.version);
  if (source.kind === 'virtual') return undefined;
  if (source.kind === 'registry') return { name, version, ...fromRegistry(locked, surroundings) };
  if (source.kind === 'git') return { name, version, ...fromGit(source.url) };
  if (source.kind === 'directory' || source.kind === 'editable') {
    const url = pathToFileURL(resolve(surroundings.folder, source.path)).href;
    const editable = source.kind === 'editable' && surroundings.isEditableKept;
    return { name, version, ...plainUrl(url), directUrl: { url, origin: { kind: 'directory', editable } }, hashes: [] };
  }
  const isUrl = source.kind === 'url';
  const url = isUrl ? source.url : pathToFileURL(resolve(surroundings.folder, source.path)).href;
  const subdirectory = isUrl ? source.subdirectory : undefined;
  const hashes = hashesOf(locked.sdist ?? locked.wheels[0]);
  return { name, version, ...fromArchive({ url, subdirectory }, hashes) };
}

type Located = Pick<LockedDistribution, 'source' | 'directUrl' | 'hashes'>;

function plainUrl(url: string): Pick<Located, 'source'> {
  return { source: { kind: 'url', url, file: undefined } };
}

function fromArchive(
  { url, subdirectory }: { readonly url: string; readonly subdirectory: string | undefined },
  hashes: Readonly<Record<string, string>>,
): Located {
  const below = subdirectory === undefined ? {} : { subdirectory };
  return {
    ...plainUrl(subdirectory === undefined ? url : `${url}#subdirectory=${subdirectory}`),
    directUrl: { url: withoutCredentials(url), ...below, origin: { kind: 'archive', hashes } },
    hashes: listed(hashes),
  };
}

/** `https://host/project?subdirectory=lib&rev=main#<commit>`. */
function fromGit(text: string): Located {
  const url = new URL(text);
  const commit = url.hash.slice(1);
  const [kind] = ['rev', 'tag', 'branch'].filter((key) => url.searchParams.has(key));
  const requested = kind === undefined ? undefined : (url.searchParams.get(kind) ?? undefined);
  const subdirectory = url.searchParams.get('subdirectory') ?? undefined;
  const isLarge = url.searchParams.get('lfs') === 'true';
  url.search = '';
  url.hash = '';
  const below = [
    ...(subdirectory === undefined ? [] : [`subdirectory=${subdirectory}`]),
    ...(isLarge ? ['lfs=true'] : []),
  ];
  return {
    ...plainUrl(`git+${url.href}@${commit}${below.length === 0 ? '' : `#${below.join('&')}`}`),
    directUrl: {
      url: withoutCredentials(url.href),
      ...(subdirectory === undefined ? {} : { subdirectory }),
      origin: {
        kind: 'vcs',
        vcs: 'git',
        commit,
        ...(requested === undefined ? {} : { requestedRevision: requested }),
      },
    },
    hashes: [],
  };
}

function fromRegistry(locked: LockedPackage, surroundings: LockedSurroundings): Located {
  const { name, version = '', source } = locked;
  const { noBuild, noBinary } = surroundings.buildOptions;
  const index: IndexLocation = { url: source.kind === 'registry' ? source.location : '', kind: 'simple' };
  const mayBuild = !includes(noBuild, name);
  const wheel = includes(noBinary, name) ? undefined : bestWheel(locked, { ...surroundings, index });
  const sdist = wheel === undefined && mayBuild ? sdistFile(locked, { ...surroundings, index }) : undefined;
  const chosen = wheel ?? sdist;
  if (chosen === undefined) throw new NoInstallableFileError(name, version, reasonFor(locked, surroundings));
  return {
    source: { kind: 'registry', index, wheel, sdist, files: [chosen], needsBuild: wheel === undefined },
    directUrl: undefined,
    hashes: listed(chosen.hashes),
  };
}

function reasonFor({ name, sdist }: LockedPackage, { buildOptions }: LockedSurroundings): string {
  const isUnbuilt = includes(buildOptions.noBuild, name);
  const isUnbinary = includes(buildOptions.noBinary, name);
  if (isUnbuilt && isUnbinary) return 'is marked as both `--no-binary` and `--no-build`';
  if (isUnbuilt) return 'is marked as `--no-build` but has no binary distribution';
  if (isUnbinary && sdist === undefined) return 'is marked as `--no-binary` but has no source distribution';
  return "doesn't have a source distribution or wheel for the current platform";
}

function includes(selection: BuildOptions['noBuild'], name: NormalizedName): boolean {
  return selection === 'all' || selection.has(name);
}

type FilePlace = Pick<LockedSurroundings, 'folder' | 'tags'> & { readonly index: IndexLocation };

function bestWheel({ wheels }: LockedPackage, place: FilePlace): DistributionFile | undefined {
  let best: { readonly file: LockedWheel; readonly filename: WheelFilename; readonly priority: number } | undefined;
  for (const file of wheels) {
    const filename = tryParseWheelFilename(file.filename ?? nameOf(file));
    const priority = filename === undefined ? undefined : tagPriority(place.tags, filename);
    if (filename === undefined || priority === undefined) continue;
    if (
      best === undefined ||
      priority > best.priority ||
      (priority === best.priority && hasNewerBuild(filename, best.filename))
    )
      best = { file, filename, priority };
  }
  return best && fileOf(best.file, best.filename, place);
}

function hasNewerBuild({ buildTag: a }: WheelFilename, { buildTag: b }: WheelFilename): boolean {
  if (a === undefined || b === undefined) return a !== undefined;
  return a.number === b.number ? a.suffix > b.suffix : a.number > b.number;
}

function sdistFile({ name, sdist }: LockedPackage, place: FilePlace): DistributionFile | undefined {
  if (sdist === undefined || (sdist.url ?? sdist.path) === undefined) return undefined;
  return fileOf(sdist, parseSdistFilename(nameOf(sdist), name), place);
}

function nameOf({ url, path }: Pick<LockedWheel, 'url' | 'path'>): string {
  if (url === undefined) return basename(path ?? '');
  return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
}

function fileOf(
  file: LockedWheel | LockedSdist,
  filename: DistributionFile['filename'],
  { folder, index }: FilePlace,
): DistributionFile {
  return {
    filename,
    url: file.url ?? pathToFileURL(resolve(folder, index.url.includes('://') ? '' : index.url, file.path ?? '')).href,
    hashes: hashesOf(file),
    requiresPython: undefined,
    yanked: false,
    sizeBytes: file.size,
    uploadTime: file.uploadTime,
    coreMetadata: false,
    index,
  };
}

function hashesOf(file: LockedWheel | LockedSdist | undefined): Readonly<Record<string, string>> {
  const [algorithm, digest] = file?.hash?.split(':') ?? [];
  return algorithm === undefined || digest === undefined ? {} : { [algorithm]: digest };
}

function listed(hashes: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(hashes).map(([algorithm, digest]) => `${algorithm}:${digest}`);
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

/** The node that fetching and installing work with. @param version What the lockfile says, or a build has told. */
export function nodeOf({ name, source }: LockedDistribution, version: Version): ResolvedNode {
  return {
    name,
    version,
    source,
    extras: [],
    marker: trueMarker,
    resolutionMarkers: [],
    dependencies: [],
    extraDependencies: new Map(),
    requestedBy: { requirements: [], constraints: [], overrides: [], projects: [] },
    metadata: undefined,
  };
}

/** By what digests are looked up while fetching. */
export function digestKey({ name, source }: LockedDistribution, version: Version): string {
  return source.kind === 'url' ? source.url : `${name}==${formatVersion(version)}`;
}
