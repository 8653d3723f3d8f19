/** An index in memory: a handful of projects for tests of the resolver, answered through its port. */
import {
  compareVersions,
  formatVersion,
  normalizeName,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  type NormalizedName,
  type Requirement,
  type Version,
} from '@shoal/packaging';
import type {
  DependencyMetadata,
  DistributionFile,
  IndexLocation,
  ProjectListing,
} from '../../packages/shoal/src/project/distribution-file.ts';
import type { DependencyAnswer, Provider, UrlAnswer } from '../../packages/shoal/src/resolve/provider.ts';

export interface UniverseRelease {
  readonly requires?: readonly string[];
  readonly requires_python?: string | null;
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Is there a source distribution; yes unless said otherwise. */
  readonly sdist?: boolean;
  /** Tags of the wheels; one `py3-none-any` unless said otherwise. */
  readonly wheels?: readonly string[];
  readonly yanked?: boolean | string;
  readonly uploadTime?: string;
}

/** Project -> version -> release. */
export type Universe = Readonly<Record<string, Readonly<Record<string, UniverseRelease>>>>;

const memoryIndex: IndexLocation = { url: 'http://index/simple/', kind: 'simple', isDefault: true };

export class MemoryProvider implements Provider {
  readonly #projects: ReadonlyMap<NormalizedName, ReadonlyMap<string, UniverseRelease>>;
  readonly index: IndexLocation;
  /** What was asked for, in order. */
  readonly asked: string[] = [];

  constructor(universe: Universe, index: IndexLocation = memoryIndex) {
    this.index = index;
    this.#projects = new Map(
      Object.entries(universe).map(([name, releases]) => [
        normalizeName(name),
        new Map(Object.entries(releases).map(([version, release]) => [formatVersion(parseVersion(version)), release])),
      ]),
    );
  }

  async fetchProject(name: NormalizedName): Promise<ProjectListing> {
    this.asked.push(name);
    const releases = this.#projects.get(name);
    if (releases === undefined) return { kind: 'not-found' };
    const versions = [...releases.keys()].map((text) => parseVersion(text)).toSorted((a, b) => compareVersions(b, a));
    const files = (version: Version): readonly DistributionFile[] => this.#files(name, version);
    return { kind: 'found', groups: [{ index: this.index, versions, files }] };
  }

  #release(name: NormalizedName, version: Version): UniverseRelease {
    return this.#projects.get(name)?.get(formatVersion(version)) ?? {};
  }

  #files(name: NormalizedName, version: Version): readonly DistributionFile[] {
    const {
      wheels = ['py3-none-any'],
      sdist = true,
      requires_python: requiresPython,
      yanked = false,
      uploadTime,
    } = this.#release(name, version);
    const stem = `${name.replaceAll('-', '_')}-${formatVersion(version)}`;
    const common = {
      hashes: {},
      requiresPython:
        requiresPython === undefined || requiresPython === null ? undefined : parseSpecifierSet(requiresPython),
      yanked: yanked === true ? '' : yanked,
      sizeBytes: undefined,
      uploadTime,
      coreMetadata: true,
      index: this.index,
    } as const;
    const files: DistributionFile[] = wheels.map((tags) => {
      const filename = `${stem}-${tags}.whl`;
      const [pythons = '', abis = '', platforms = ''] = tags.split('-');
      const parts = { pythons: pythons.split('.'), abis: abis.split('.'), platforms: platforms.split('.') };
      return {
        ...common,
        url: `http://index/files/${filename}`,
        filename: { kind: 'wheel', filename, name, version, buildTag: undefined, ...parts },
      };
    });
    const filename = `${stem}.tar.gz`;
    if (sdist)
      files.push({
        ...common,
        url: `http://index/files/${filename}`,
        filename: { kind: 'sdist', filename, name, version, extension: '.tar.gz' },
      });
    return files;
  }

  async fetchDependencies(file: DistributionFile): Promise<DependencyAnswer> {
    const { name, version } = file.filename;
    this.asked.push(`${name}==${formatVersion(version)}`);
    return { kind: 'found', metadata: this.metadata(name, version) };
  }

  metadata(name: NormalizedName, version: Version): DependencyMetadata {
    const { requires = [], extras = {}, requires_python: requiresPython } = this.#release(name, version);
    const optional = Object.entries(extras).flatMap(([extra, list]) =>
      list.map((text) => parseRequirement(withExtra(text, extra))),
    );
    const requiresDist: readonly Requirement[] = [...requires.map((text) => parseRequirement(text)), ...optional];
    return {
      name,
      version,
      requiresDist,
      requiresPython:
        requiresPython === undefined || requiresPython === null ? undefined : parseSpecifierSet(requiresPython),
      providesExtra: Object.keys(extras).map((extra) => normalizeName(extra)),
      dynamic: [],
      metadataVersion: '2.3',
    };
  }

  async fetchUrlDependencies({
    name,
    url,
  }: {
    readonly name: NormalizedName;
    readonly url: string;
  }): Promise<UrlAnswer> {
    this.asked.push(url);
    const version = parseVersion(/-([^-/]+?)(?:-py3-none-any\.whl|\.tar\.gz)$/.exec(url)?.[1] ?? '1.0');
    return { kind: 'found', metadata: this.metadata(name, version), version };
  }
}

/** `a; x` of the extra `e` is `a; (x) and extra == 'e'`. */
function withExtra(text: string, extra: string): string {
  const [requirement = text, marker] = text.split(';');
  return marker === undefined
    ? `${text} ; extra == '${extra}'`
    : `${requirement};(${marker.trim()}) and extra == '${extra}'`;
}
