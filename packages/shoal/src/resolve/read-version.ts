/** What a version depends on, read once its metadata is there. */
import { isTrueMarker, singleVersionRange, trueMarker, type NormalizedName, type Version } from '@shoal/packaging';
import type { DependencyMetadata } from '../project/distribution-file.ts';
import type { VersionProblem } from './availability.ts';
import { forkOnPython, type VersionFork } from './choose-version.ts';
import type { Dependency, DependencyList } from './dependency-reader.ts';
import type { ForkState } from './fork-state.ts';
import type { DependencyAnswer, MetadataGap, UrlAnswer } from './provider.ts';
import { servesPython } from './python-bounds.ts';
import { NeedsBuildError } from './resolve-errors.ts';
import type { SolveContext } from './solve-context.ts';
import type { SolverPackage } from './solver-package.ts';

/** What the loop waits for; `undefined` between two steps, where it waits for nothing. */
export type Need = Promise<void> | undefined;
export type Steps<T> = Generator<Need, T, void>;

/** The dependencies of a version, or why it cannot be used. */
export type VersionReading =
  | DependencyList
  | { readonly kind: 'problem'; readonly problem: VersionProblem }
  | { readonly kind: 'forks'; readonly forks: readonly VersionFork[] };

type Project = SolverPackage & { readonly kind: 'project' };

/** @throws {NeedsBuildError} */
export function* readVersion(
  context: SolveContext,
  state: ForkState,
  { taken, version }: { readonly taken: SolverPackage; readonly version: Version },
): Steps<VersionReading> {
  if (taken.kind === 'root') return context.reader.readRoot(state);
  if (taken.kind === 'python') return { kind: 'dependencies', dependencies: [] };
  if (taken.kind !== 'project') return { kind: 'dependencies', dependencies: proxyDependencies(taken, version) };
  if (context.input.dependencyMode === 'direct') return { kind: 'dependencies', dependencies: [] };
  const metadata = yield* metadataOf(context, state, { name: taken.name, version });
  if ('kind' in metadata)
    return { kind: 'problem', problem: noteGap(context, metadata, { name: taken.name, version }) };
  return readMetadata(context, state, { taken, metadata });
}

function readMetadata(
  context: SolveContext,
  state: ForkState,
  { taken, metadata }: { readonly taken: Project; readonly metadata: DependencyMetadata },
): VersionReading {
  const { requiresPython, requiresDist } = metadata;
  if (requiresPython === undefined || servesPython(state.python, requiresPython)) {
    return context.reader.readVersion(requiresDist, { name: taken.name, extra: taken.extra }, state);
  }
  const forks = forkOnPython(state, requiresPython, context.forkStrategy);
  if (forks.length > 0)
    return { kind: 'forks', forks: forks.map((environment) => ({ environment, version: undefined })) };
  return { kind: 'problem', problem: { kind: 'requires-python', requiresPython, which: 'metadata' } };
}

interface NamedVersion {
  readonly name: NormalizedName;
  readonly version: Version;
}

function* metadataOf(
  context: SolveContext,
  state: ForkState,
  { name, version }: NamedVersion,
): Steps<DependencyMetadata | MetadataGap> {
  const { knowledge } = context;
  const url = state.urls.get(name);
  const pin = url === undefined ? state.pinned(name, version) : undefined;
  if (pin?.kind === 'installed') return pin.installed.metadata();
  if (url === undefined && (pin === undefined || pin.choice.kind !== 'usable'))
    throw new RangeError(`${name} was taken without its files`);
  const pending =
    pin?.choice.kind === 'usable'
      ? knowledge.requestDependencies(pin.choice.forMetadata)
      : knowledge.requestUrl(name, url ?? '');
  if (pending.value === undefined) yield pending.arrival;
  const answer: DependencyAnswer | UrlAnswer | undefined = pending.value;
  if (answer === undefined) throw new RangeError(`the metadata of ${name} did not arrive`);
  return answer.kind === 'found' ? answer.metadata : answer;
}

function noteGap(context: SolveContext, gap: MetadataGap, { name, version }: NamedVersion): VersionProblem {
  if (gap.kind === 'needs-build') throw new NeedsBuildError(`${name}==${version.text}`, gap.detail);
  context.incomplete.note(name, version, gap);
  return gap.kind === 'requires-python' ? { ...gap, which: 'metadata' } : gap;
}

/** A proxy stands for the project at the same version, and for its extra, with and without the marker. */
function proxyDependencies(
  taken: SolverPackage & { readonly kind: 'marker' | 'extra' },
  version: Version,
): readonly Dependency[] {
  const common = { range: singleVersionRange(version), url: undefined };
  const extra = taken.kind === 'extra' ? taken.extra : undefined;
  const extras = extra === undefined ? [undefined] : [undefined, extra];
  const markers = isTrueMarker(taken.marker) ? [trueMarker] : [trueMarker, taken.marker];
  return markers.flatMap((marker) =>
    extras.map((name) => ({ ...common, package: { kind: 'project', name: taken.name, extra: name, marker } as const })),
  );
}
