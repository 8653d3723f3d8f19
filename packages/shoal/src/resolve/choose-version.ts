/**
 * The next version to try of a package in a fork, once the listing of its project is known (docs/solver.md,
 * "Candidates"). In universal mode the answer may be to fork: where no version serves all Pythons, or where a local
 * version has wheels for fewer platforms than its public one.
 */
import {
  andMarkers,
  areMarkersDisjoint,
  intersectRanges,
  isFalseMarker,
  isLocal,
  isTrueMarker,
  notMarker,
  orMarkers,
  parseMarker,
  publicVersion,
  rangeContains,
  singleVersionRange,
  type Marker,
  type SpecifierSet,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import type { VersionProblem } from './availability.ts';
import type { Candidate, CandidateSelector, SelectionRequest } from './candidate-selector.ts';
import type { UsableFiles } from './file-choice.ts';
import { includesMarker, narrowEnvironment, splitEnvironment, type ForkEnvironment } from './fork-environment.ts';
import type { ForkState } from './fork-state.ts';
import { markerOfFiles, markerOfWheel } from './implied-markers.ts';
import { environmentsOf } from './package-environments.ts';
import type { UrlAnswer } from './provider.ts';
import { boundsOfRequiresPython, markerOfPython, servesPython, splitPython } from './python-bounds.ts';
import type { ForkStrategy } from './resolve-input.ts';
import type { PackageId } from './solver-package.ts';
import { fitsPython, startsWithin } from './wheel-python.ts';

export type VersionDecision =
  | { readonly kind: 'version'; readonly version: Version }
  | { readonly kind: 'unusable'; readonly version: Version; readonly problem: VersionProblem }
  | { readonly kind: 'forks'; readonly forks: readonly VersionFork[] }
  | { readonly kind: 'none' };

export interface VersionFork {
  readonly environment: ForkEnvironment;
  readonly version: Version | undefined;
}

export interface ChoiceContext {
  readonly selector: CandidateSelector;
  readonly forkStrategy: ForkStrategy;
  readonly requiredEnvironments: readonly Marker[];
  /** Names the Python in errors: of the machine, or another that was asked for. */
  readonly targetIsInstalled: boolean;
}

type Registry = Candidate & { readonly kind: 'registry' };

export function chooseRegistryVersion(
  state: ForkState,
  item: PackageId,
  { request, context }: { readonly request: SelectionRequest; readonly context: ChoiceContext },
): VersionDecision {
  const candidate = context.selector.select(request);
  if (candidate === undefined) return { kind: 'none' };
  if (candidate.kind === 'installed') {
    state.pin(request.name, candidate);
    return { kind: 'version', version: candidate.version };
  }
  const { choice, version } = candidate;
  if (choice.kind === 'unusable') return { kind: 'unusable', version, problem: choice.problem };
  const unserved = decideOnPython(state, { version, requiresPython: choice.requiresPython }, context);
  if (unserved !== undefined) return unserved;
  if (isForLaterPythons(state, choice))
    return { kind: 'unusable', version, problem: { kind: 'tag', mismatch: 'abi-python-version' } };
  const forked = forkOnPlatforms(state, item, { candidate, choice, request, context });
  if (forked !== undefined) return forked;
  state.pin(request.name, candidate);
  return { kind: 'version', version };
}

/** All its wheels start above the Pythons of this fork, and there is nothing to build. */
function isForLaterPythons({ environment, python }: ForkState, { sdist, fittingWheels }: UsableFiles): boolean {
  if (environment.kind === 'specific' || sdist !== undefined || python.upper === undefined) return false;
  return !fittingWheels.some(({ filename }) => filename.kind === 'wheel' && startsWithin(filename, python));
}

/** What to do when a version does not serve all our Pythons; `undefined` when it does. */
function decideOnPython(
  state: ForkState,
  { version, requiresPython }: { readonly version: Version; readonly requiresPython: SpecifierSet | undefined },
  context: ChoiceContext,
): VersionDecision | undefined {
  if (requiresPython === undefined || servesPython(state.python, requiresPython)) return undefined;
  const environments = forkOnPython(state, requiresPython, context.forkStrategy);
  if (environments.length > 0)
    return { kind: 'forks', forks: environments.map((environment) => ({ environment, version: undefined })) };
  const which = context.targetIsInstalled ? 'installed' : 'target';
  return { kind: 'unusable', version, problem: { kind: 'requires-python', requiresPython, which } };
}

/** The Pythons below what a version requires, and the rest; none when that does not divide ours, or forking is not wanted. */
export function forkOnPython(
  state: ForkState,
  requiresPython: SpecifierSet,
  strategy: ForkStrategy,
): readonly ForkEnvironment[] {
  const { environment } = state;
  if (strategy !== 'requires-python' || environment.kind === 'specific') return [];
  const parts = splitPython(state.python, boundsOfRequiresPython(requiresPython).lower);
  if (parts === undefined) return [];
  return parts
    .map(markerOfPython)
    .flatMap((marker) => (includesMarker(environment, marker) ? [narrowEnvironment(environment, marker)] : []));
}

interface PlatformQuestion {
  readonly candidate: Registry;
  readonly choice: UsableFiles;
  readonly request: SelectionRequest;
  readonly context: ChoiceContext;
}

function forkOnPlatforms(state: ForkState, item: PackageId, question: PlatformQuestion): VersionDecision | undefined {
  if (state.environment.kind === 'specific') return undefined;
  const { choice, candidate } = question;
  const covered = markerOfFiles(choice.fittingWheels, choice.sdist !== undefined);
  if (isTrueMarker(covered)) return undefined;
  const required = forkOnRequired(state, item, { covered, question });
  if (required !== undefined || !isLocal(candidate.version)) return required;
  return forkOnLocal(state, question, covered);
}

function forkOnRequired(
  state: ForkState,
  item: PackageId,
  { covered, question }: { readonly covered: Marker; readonly question: PlatformQuestion },
): VersionDecision | undefined {
  const coveredHere = coveredIn(state.environment, covered);
  for (const marker of question.context.requiredEnvironments) {
    if (!includesMarker(state.environment, marker) || !areMarkersDisjoint(coveredHere, marker)) continue;
    if (areMarkersDisjoint(environmentsOf(item, state.solver), marker)) continue;
    // Wheels of the platform for other Pythons than those of the fork: no part of it is served, so none is split off.
    const isElsewhere = !areMarkersDisjoint(covered, marker);
    const parts = isElsewhere ? undefined : splitEnvironment(state.environment, marker);
    if (parts !== undefined)
      return { kind: 'forks', forks: parts.map((environment) => ({ environment, version: undefined })) };
    return {
      kind: 'unusable',
      version: question.candidate.version,
      problem: { kind: 'missing-platform', marker },
    };
  }
  return undefined;
}

/** Wheels for other Pythons than those of the fork cover none of its platforms. */
function coveredIn(environment: ForkEnvironment, covered: Marker): Marker {
  return environment.kind === 'universal' ? andMarkers(covered, environment.marker) : covered;
}

/** Where `1.0+cpu` has no wheels but `1.0` has, take `1.0` there. */
function forkOnLocal(
  state: ForkState,
  { candidate, request, context }: PlatformQuestion,
  covered: Marker,
): VersionDecision | undefined {
  const range = intersectRanges(request.range, singleVersionRange(publicVersion(candidate.version)));
  const base = context.selector.select({ ...request, range });
  if (base?.kind !== 'registry' || base.choice.kind !== 'usable') return undefined;
  const baseCovered = markerOfFiles(base.choice.fittingWheels, base.choice.sdist !== undefined);
  const remainder = andMarkers(baseCovered, notMarker(covered));
  if (isFalseMarker(remainder) || !includesMarker(state.environment, remainder)) return undefined;
  state.pin(request.name, base);
  if (!includesMarker(state.environment, covered)) return { kind: 'version', version: base.version };
  const parts = splitEnvironment(state.environment, widenToSystems(remainder, covered));
  if (parts === undefined) return undefined;
  state.pin(request.name, candidate);
  const [baseEnvironment, localEnvironment] = parts;
  return {
    kind: 'forks',
    forks: [
      { environment: baseEnvironment, version: base.version },
      { environment: localEnvironment, version: candidate.version },
    ],
  };
}

/** A system that the local version does not serve at all goes to the public one whole, not one architecture of it. */
function widenToSystems(remainder: Marker, covered: Marker): Marker {
  let wide = remainder;
  for (const system of ['darwin', 'linux', 'win32']) {
    const marker = parseMarker(`sys_platform == '${system}'`);
    if (areMarkersDisjoint(covered, marker) && !areMarkersDisjoint(wide, marker)) wide = orMarkers(wide, marker);
  }
  return wide;
}

/** A URL has one version: it serves, or it does not. */
export function chooseUrlVersion(
  state: ForkState,
  item: PackageId,
  {
    answer,
    range,
    context,
  }: {
    readonly answer: UrlAnswer & { readonly kind: 'found' };
    readonly range: VersionRange;
    readonly context: ChoiceContext;
  },
): VersionDecision {
  const { version, file, metadata } = answer;
  if (!rangeContains(range, version)) return { kind: 'none' };
  const problem = problemOfUrl(state, item, { file, context });
  if (problem !== undefined) return { kind: 'unusable', version, problem };
  if (!servesPython(state.python, metadata.requiresPython) && metadata.requiresPython !== undefined) {
    const which = context.targetIsInstalled ? 'installed' : 'target';
    return {
      kind: 'unusable',
      version,
      problem: { kind: 'requires-python', requiresPython: metadata.requiresPython, which },
    };
  }
  return { kind: 'version', version };
}

function problemOfUrl(
  state: ForkState,
  item: PackageId,
  {
    file,
    context,
  }: { readonly file: (UrlAnswer & { readonly kind: 'found' })['file']; readonly context: ChoiceContext },
): VersionProblem | undefined {
  if (file?.filename.kind !== 'wheel') return undefined;
  if (state.environment.kind === 'universal') {
    const covered = coveredIn(state.environment, markerOfWheel(file.filename));
    const missing = context.requiredEnvironments.find(
      (marker) =>
        includesMarker(state.environment, marker) &&
        !areMarkersDisjoint(environmentsOf(item, state.solver), marker) &&
        areMarkersDisjoint(covered, marker),
    );
    if (missing !== undefined) return { kind: 'missing-platform', marker: missing };
  }
  return fitsPython(file.filename, state.python) ? undefined : { kind: 'tag', mismatch: 'abi-python-version' };
}
