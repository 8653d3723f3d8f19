/**
 * A resolution for one environment as plain JSON, and back. What was resolved for all environments, or needs anything that
 * an index does not offer, is not stored.
 */
import {
  formatMarker,
  formatSpecifierSet,
  formatVersion,
  isTrueMarker,
  parseMarker,
  parseSpecifierSet,
  parseVersion,
  trueMarker,
  tryParseDistributionFilename,
} from '@shoal/packaging';
import type { Marker, MarkerEnvironment, NormalizedName } from '@shoal/packaging';
import type { DistributionFile, IndexLocation } from '../project/distribution-file.ts';
import { naming } from './manifest.ts';
import type { Resolution, ResolutionWarning, ResolvedEdge, ResolvedNode, ResolvedSource } from './resolution.ts';
import type { SourcedRequirement } from './resolve-input.ts';

type StoredEdge = readonly [name: NormalizedName, version: string, extras: readonly NormalizedName[], marker: string];
type StoredExtra = readonly [name: NormalizedName, marker: string, dependencies: readonly StoredEdge[]];
type StoredFile = Omit<DistributionFile, 'filename' | 'requiresPython' | 'index'> & {
  readonly filename: string;
  readonly requiresPython: string | undefined;
};

interface StoredNode {
  readonly name: NormalizedName;
  readonly version: string;
  readonly index: IndexLocation;
  readonly files: readonly StoredFile[];
  /** Places among `files`; -1 for none. */
  readonly wheel: number;
  readonly sdist: number;
  readonly marker: string;
  readonly extras: readonly StoredExtra[];
  readonly dependencies: readonly StoredEdge[];
  readonly projects: readonly NormalizedName[];
}

type StoredWarning = Omit<ResolutionWarning, 'version'> & { readonly version?: string };

export interface StoredResolution {
  readonly nodes: readonly StoredNode[];
  readonly rootDependencies: readonly StoredEdge[];
  readonly warnings: readonly StoredWarning[];
}

/** What asked for the nodes is not stored: it is part of the question. */
export interface StoredQuestion {
  readonly requirements: readonly SourcedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  readonly markers: MarkerEnvironment;
}

/** `undefined` when the resolution cannot be stored. */
export function storeResolution(resolution: Resolution): StoredResolution | undefined {
  if (resolution.requiresPython !== undefined || resolution.forkMarkers.length > 0) return undefined;
  const nodes = resolution.nodes.flatMap((node) => storeNode(node) ?? []);
  if (nodes.length < resolution.nodes.length) return undefined;
  return {
    nodes,
    rootDependencies: resolution.rootDependencies.map(storeEdge),
    warnings: resolution.warnings.map((warning) =>
      'version' in warning ? { ...warning, version: formatVersion(warning.version) } : warning,
    ),
  };
}

function storeNode({ source, requestedBy, ...node }: ResolvedNode): StoredNode | undefined {
  if (source.kind !== 'registry' || source.needsBuild) return undefined;
  const placeOf = (file: DistributionFile | undefined): number =>
    file === undefined ? -1 : source.files.indexOf(file);
  const [wheel, sdist] = [placeOf(source.wheel), placeOf(source.sdist)];
  if ((wheel < 0 && source.wheel !== undefined) || (sdist < 0 && source.sdist !== undefined)) return undefined;
  return {
    name: node.name,
    version: formatVersion(node.version),
    index: source.index,
    files: source.files.map(storeFile),
    wheel,
    sdist,
    marker: storeMarker(node.marker),
    extras: [...node.extraDependencies].map(([name, { marker, dependencies }]) => [
      name,
      storeMarker(marker),
      dependencies.map(storeEdge),
    ]),
    dependencies: node.dependencies.map(storeEdge),
    projects: requestedBy.projects,
  };
}

function storeEdge({ name, version, extras, marker }: ResolvedEdge): StoredEdge {
  return [name, formatVersion(version), extras, storeMarker(marker)];
}

function storeFile({
  url,
  hashes,
  yanked,
  sizeBytes,
  uploadTime,
  coreMetadata,
  ...file
}: DistributionFile): StoredFile {
  const { requiresPython } = file;
  return {
    url,
    hashes,
    yanked,
    sizeBytes,
    uploadTime,
    coreMetadata,
    filename: file.filename.filename,
    requiresPython: requiresPython === undefined ? undefined : formatSpecifierSet(requiresPython),
  };
}

function storeMarker(marker: Marker): string {
  return isTrueMarker(marker) ? '' : (formatMarker(marker) ?? '');
}

/** The resolution again, but for the metadata of its nodes. */
export function restoreResolution(stored: StoredResolution, question: StoredQuestion): Resolution {
  return {
    nodes: stored.nodes.map((node) => restoreNode(node, question)),
    rootDependencies: stored.rootDependencies.map(restoreEdge),
    forkMarkers: [],
    requiresPython: undefined,
    warnings: stored.warnings.map(restoreWarning),
  };
}

/** Nothing of a node is parsed before it is asked for: few of the files are. */
function restoreNode(stored: StoredNode, question: StoredQuestion): ResolvedNode {
  const { name } = stored;
  return {
    name,
    version: parseVersion(stored.version),
    source: restoreSource(stored),
    extras: stored.extras.map(([extra]) => extra),
    get marker() {
      return restoreMarker(stored.marker);
    },
    resolutionMarkers: [],
    get dependencies() {
      return stored.dependencies.map(restoreEdge);
    },
    get extraDependencies() {
      return new Map(
        stored.extras.map(([extra, marker, dependencies]) => [
          extra,
          { marker: restoreMarker(marker), dependencies: dependencies.map(restoreEdge) },
        ]),
      );
    },
    requestedBy: {
      requirements: naming(question.requirements, name, question.markers),
      constraints: naming(question.constraints, name, question.markers),
      overrides: naming(question.overrides, name, question.markers),
      projects: stored.projects,
    },
    metadata: undefined,
  };
}

function restoreSource(stored: StoredNode): ResolvedSource {
  const restored: (DistributionFile | undefined)[] = [];
  const fileAt = (place: number): DistributionFile | undefined => {
    const file = stored.files[place];
    return file === undefined ? undefined : (restored[place] ??= restoreFile(file, stored));
  };
  return {
    kind: 'registry',
    index: stored.index,
    get wheel() {
      return fileAt(stored.wheel);
    },
    get sdist() {
      return fileAt(stored.sdist);
    },
    get files() {
      return stored.files.flatMap((_, place) => fileAt(place) ?? []);
    },
    needsBuild: false,
  };
}

function restoreFile({ filename, requiresPython, ...file }: StoredFile, { name, index }: StoredNode): DistributionFile {
  const parsed = tryParseDistributionFilename(filename, name);
  if (parsed === undefined) throw new TypeError(`${filename} was stored as a file of ${name}`);
  return {
    ...file,
    filename: parsed,
    requiresPython: requiresPython === undefined ? undefined : parseSpecifierSet(requiresPython),
    index,
  };
}

function restoreEdge([name, version, extras, marker]: StoredEdge): ResolvedEdge {
  return { name, version: parseVersion(version), extras, marker: restoreMarker(marker) };
}

function restoreMarker(text: string): Marker {
  return text === '' ? trueMarker : parseMarker(text);
}

function restoreWarning({ version, ...warning }: StoredWarning): ResolutionWarning {
  return (version === undefined ? warning : { ...warning, version: parseVersion(version) }) as ResolutionWarning;
}
