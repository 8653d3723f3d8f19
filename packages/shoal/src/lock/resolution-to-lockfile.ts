/** A resolution as a lockfile: packages and edges sorted, markers without what their place implies. */
import {
  andMarkers,
  compareMarkers,
  falseMarker,
  formatMarker,
  formatVersion,
  markersEqual,
  orMarkers,
  restrictMarker,
  simplifyMarkerWithPython,
  compareVersions,
  trueMarker,
} from '@shoal/packaging';
import type { Marker, NormalizedName, VersionRange } from '@shoal/packaging';
import { boundsOfRange } from '../resolve/python-bounds.ts';
import type { Resolution, ResolvedEdge, ResolvedNode } from '../resolve/resolution.ts';
import { groupOfExtra } from '../project/dependency-group-extra.ts';
import { lockedFiles, lockedIndexSource } from './locked-files.ts';
import type { LockedFiles } from './locked-files.ts';
import { compareLists, compareText } from './locked-requirement.ts';
import type {
  DefaultGroups,
  LockedDependency,
  LockedManifest,
  LockedMetadata,
  LockedOptions,
  LockedPackage,
  LockedSource,
  Lockfile,
} from './lockfile.ts';
import { optional } from './optional.ts';

/** What the resolution does not know of a package that a URL or path names. */
export interface LocatedPackage extends LockedFiles {
  readonly source: LockedSource;
  /** Only a build tells its version. */
  readonly isDynamic: boolean;
  readonly metadata: LockedMetadata;
  readonly groupRequiresPython: ReadonlyMap<NormalizedName, string>;
  /** Of members of the workspace. */
  readonly defaultGroups?: DefaultGroups;
}

export interface LockfileParts {
  readonly requiresPython: { readonly range: VersionRange; readonly text: string };
  readonly supported: readonly Marker[];
  readonly required: readonly Marker[];
  readonly conflicts: Lockfile['conflicts'];
  readonly options: LockedOptions;
  readonly manifest: LockedManifest;
  /** Of every node that no index gave. */
  readonly located: ReadonlyMap<ResolvedNode, LocatedPackage>;
  /** Absolute folder of the workspace. */
  readonly root: string;
}

/** Of the schema that is written. */
const REVISION = 5;

export function lockfileOfResolution(resolution: Resolution, parts: LockfileParts): Lockfile {
  const builder = new LockfileBuilder(resolution, parts);
  const { options, manifest, conflicts, requiresPython } = parts;
  return {
    revision: REVISION,
    requiresPython: requiresPython.text,
    resolutionMarkers: builder.texts(resolution.forkMarkers),
    supportedMarkers: builder.texts(parts.supported),
    requiredMarkers: builder.texts(parts.required),
    conflicts,
    options,
    manifest,
    packages: builder.packages(),
  };
}

/** A dependency before extras that add nothing are left out. */
interface Draft {
  readonly node: ResolvedNode;
  readonly extras: readonly NormalizedName[];
  readonly marker: Marker;
}

class LockfileBuilder {
  readonly #resolution: Resolution;
  readonly #parts: LockfileParts;
  readonly #byName: ReadonlyMap<NormalizedName, readonly ResolvedNode[]>;
  readonly #sources: ReadonlyMap<ResolvedNode, LockedSource>;
  /** All that the forks cover. */
  readonly #whole: Marker;
  /** `tool.uv.environments`. */
  readonly #supported: Marker;

  constructor(resolution: Resolution, parts: LockfileParts) {
    this.#resolution = resolution;
    this.#parts = parts;
    this.#byName = Map.groupBy(resolution.nodes, ({ name }) => name);
    this.#sources = new Map(resolution.nodes.map((node) => [node, sourceOf(node, parts)]));
    const { forkMarkers } = resolution;
    this.#whole = forkMarkers.length === 0 ? trueMarker : this.#simple(unionOf(forkMarkers));
    this.#supported = parts.supported.length === 0 ? trueMarker : unionOf(parts.supported);
  }

  texts(markers: readonly Marker[]): readonly string[] {
    return [...new Set(markers.map((marker) => formatMarker(this.#simple(marker))))].filter(
      (text) => text !== undefined,
    );
  }

  packages(): readonly LockedPackage[] {
    return this.#resolution.nodes.toSorted((a, b) => this.#compareNodes(a, b)).map((node) => this.#package(node));
  }

  #compareNodes(a: ResolvedNode, b: ResolvedNode): number {
    return (
      compareText(a.name, b.name) ||
      Number(this.#isDynamic(b)) - Number(this.#isDynamic(a)) ||
      (this.#isDynamic(a) ? 0 : compareVersions(a.version, b.version)) ||
      compareSources(this.#source(a), this.#source(b))
    );
  }

  #package(node: ResolvedNode): LockedPackage {
    const located = this.#parts.located.get(node);
    const { source } = node;
    const python = boundsOfRange(this.#parts.requiresPython.range);
    const marker = andMarkers(node.marker, this.#supported);
    const files =
      located ??
      (source.kind === 'registry' ? lockedFiles(source, { marker, python }) : { sdist: undefined, wheels: [] });
    const added = [...node.extraDependencies].flatMap(([extra, { marker: when, dependencies }]) => {
      const list = this.#dependencies(dependencies, when);
      return list.length === 0 ? [] : [[extra, list] as const];
    });
    return {
      name: node.name,
      ...optional('version', this.#isDynamic(node) ? undefined : formatVersion(node.version)),
      source: this.#source(node),
      ...optional('defaultGroups', located?.defaultGroups),
      resolutionMarkers: this.#isAlone(node) ? [] : this.texts(node.resolutionMarkers),
      dependencies: this.#dependencies(node.dependencies, node.marker),
      optionalDependencies: new Map(added.filter(([extra]) => groupOfExtra(extra) === undefined)),
      devDependencies: new Map(
        added.flatMap(([extra, list]) => {
          const group = groupOfExtra(extra);
          return group === undefined ? [] : [[group, list] as const];
        }),
      ),
      groupRequiresPython: located?.groupRequiresPython ?? new Map(),
      ...optional('sdist', files.sdist),
      wheels: files.wheels,
      metadata: located?.metadata ?? { requiresDist: [], providesExtras: [], requiresDev: new Map() },
    };
  }

  #dependencies(edges: readonly ResolvedEdge[], parent: Marker): readonly LockedDependency[] {
    const drafts: Draft[] = [];
    for (const edge of edges) {
      const node = this.#target(edge);
      const marker = restrictMarker(restrictMarker(this.#simple(edge.marker), this.#simple(parent)), this.#whole);
      const index = drafts.findIndex((draft) => draft.node === node && markersEqual(draft.marker, marker));
      const before = drafts[index];
      if (before === undefined) drafts.push({ node, extras: edge.extras, marker });
      else
        drafts[index] = { ...before, extras: [...new Set([...before.extras, ...edge.extras])].toSorted(compareText) };
    }
    return drafts.toSorted((a, b) => this.#compareDrafts(a, b)).map((draft) => this.#dependency(draft));
  }

  #compareDrafts(a: Draft, b: Draft): number {
    return this.#compareNodes(a.node, b.node) || compareLists(a.extras, b.extras) || compareMarkers(a.marker, b.marker);
  }

  #dependency({ node, extras, marker }: Draft): LockedDependency {
    const isAmbiguous = !this.#isAlone(node);
    const hasVersion = isAmbiguous && !this.#isDynamic(node);
    return {
      name: node.name,
      ...optional('version', hasVersion ? formatVersion(node.version) : undefined),
      ...optional('source', isAmbiguous ? this.#source(node) : undefined),
      extras: extras.filter((extra) => (node.extraDependencies.get(extra)?.dependencies.length ?? 0) > 0),
      ...optional('marker', formatMarker(marker)),
    };
  }

  #target(edge: ResolvedEdge): ResolvedNode {
    const nodes = (this.#byName.get(edge.name) ?? []).filter(
      ({ version }) => compareVersions(version, edge.version) === 0,
    );
    const node = nodes.find((one) => !markersEqual(andMarkers(one.marker, edge.marker), falseMarker)) ?? nodes[0];
    if (node === undefined) throw new RangeError(`no package for the dependency on ${edge.name}`);
    return node;
  }

  #isAlone({ name }: ResolvedNode): boolean {
    return (this.#byName.get(name)?.length ?? 0) < 2;
  }

  #isDynamic(node: ResolvedNode): boolean {
    return this.#parts.located.get(node)?.isDynamic === true;
  }

  #source(node: ResolvedNode): LockedSource {
    const source = this.#sources.get(node);
    if (source === undefined) throw new RangeError(`no source for ${node.name}`);
    return source;
  }

  #simple(marker: Marker): Marker {
    return simplifyMarkerWithPython(marker, this.#parts.requiresPython.range);
  }
}

function unionOf(markers: readonly Marker[]): Marker {
  return markers.reduce<Marker>((all, marker) => orMarkers(all, marker), falseMarker);
}

function sourceOf(node: ResolvedNode, { located, root }: LockfileParts): LockedSource {
  const found = located.get(node);
  if (found !== undefined) return found.source;
  if (node.source.kind === 'registry') return lockedIndexSource(node.source.index, root);
  throw new RangeError(`${node.name} has no source that a lockfile can name`);
}

const SOURCE_ORDER = ['registry', 'git', 'url', 'path', 'directory', 'editable', 'virtual'];

function compareSources(a: LockedSource, b: LockedSource): number {
  return (
    SOURCE_ORDER.indexOf(a.kind) - SOURCE_ORDER.indexOf(b.kind) || compareText(JSON.stringify(a), JSON.stringify(b))
  );
}
