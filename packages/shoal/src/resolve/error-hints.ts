/** Finds out, from the facts of a failed derivation, what would probably help. */
import {
  evaluateMarker,
  areMarkersDisjoint,
  formatRange,
  isPrerelease,
  parseMarker,
  rangeContains,
  rangeIntervals,
  type NormalizedName,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import type { DistributionFile } from '../project/distribution-file.ts';
import type { TagMismatch } from './availability.ts';
import { factsOf, type ErrorFact, type ErrorTree } from './error-tree.ts';
import { shownSingleOf } from './error-ranges.ts';
import { describeRange, isPluralRange } from './error-words.ts';
import type { ForkState } from './fork-state.ts';
import {
  hintDependsOnItself,
  hintDependsOnMember,
  hintExcludeNewer,
  hintForbidden,
  hintInconsistentMetadata,
  hintInvalidMetadata,
  hintInvalidStructure,
  hintNetwork,
  hintNoBinary,
  hintNoBuild,
  hintOtherPython,
  hintPlatforms,
  hintPrereleaseRequested,
  hintPrereleases,
  hintRequiresPython,
  hintTags,
  hintUnauthorized,
  hintUncheckedIndex,
  noIndexHint,
  offlineHint,
  otherEnvironmentHint,
  type Hint,
} from './hint.ts';
import { formatPython } from './python-bounds.ts';
import { wantedPython } from './wanted-python.ts';
import type { SolveContext } from './solve-context.ts';
import { extraOfPackage, nameOfPackage } from './solver-package.ts';
import { bestTagOf, type TagPart } from './tag-words.ts';
import type { ErrorListings } from './error-listings.ts';

/** Each hint once, in the order the derivation suggests them. */
export function findHints(tree: ErrorTree, search: HintSearch): readonly Hint[] {
  const hints = new Map<string, Hint>();
  const add = (hint: Hint): void => {
    if (!hints.has(hint.key)) hints.set(hint.key, hint);
  };
  for (const hint of search.ofEnvironment()) add(hint);
  const requested = requestedRanges(tree);
  for (const fact of factsOf(tree)) for (const hint of search.ofFact(fact, requested)) add(hint);
  return [...hints.values()];
}

type RequestedRanges = ReadonlyMap<NormalizedName, readonly VersionRange[]>;

/** The ranges as requirements wrote them. */
function requestedRanges(tree: ErrorTree): RequestedRanges {
  const ranges = new Map<NormalizedName, VersionRange[]>();
  for (const fact of factsOf(tree)) {
    const name = fact.kind === 'dependency' ? nameOfPackage(fact.dependency) : undefined;
    if (fact.kind !== 'dependency' || name === undefined) continue;
    const known = ranges.get(name);
    if (known === undefined) ranges.set(name, [fact.dependencyRange]);
    else known.push(fact.dependencyRange);
  }
  return ranges;
}

export class HintSearch {
  readonly #context: SolveContext;
  readonly #state: ForkState;
  readonly #listings: ErrorListings;

  constructor(context: SolveContext, state: ForkState, listings: ErrorListings) {
    this.#context = context;
    this.#state = state;
    this.#listings = listings;
  }

  /** A fork failed that is not for the Python or the platform at hand. */
  *ofEnvironment(): Generator<Hint> {
    const { target } = this.#context.input;
    const { environment } = this.#state;
    if (target.kind !== 'universal' || environment.kind !== 'universal') return;
    const [major = 3, minor = 0] = target.installedPython.release;
    const current = `${major}.${minor}`;
    if (areMarkersDisjoint(environment.marker, parseMarker(`python_version == '${current}'`)))
      yield hintOtherPython(current);
    else if (target.currentMarkers !== undefined && !evaluateMarker(environment.marker, target.currentMarkers))
      yield otherEnvironmentHint;
  }

  *ofFact(fact: ErrorFact, requested: RequestedRanges): Generator<Hint> {
    if (fact.kind === 'dependency') yield* this.#ofDependency(fact);
    if (fact.kind !== 'no-versions' && fact.kind !== 'unavailable') return;
    const name = nameOfPackage(fact.package);
    if (name === undefined) return;
    const { range } = fact;
    if (
      fact.kind === 'unavailable' &&
      fact.reason.scope === 'version' &&
      fact.reason.problem.kind === 'unsatisfiable-dependency'
    )
      return;
    if (!this.#state.urls.has(name)) yield* this.#ofPrereleases(name, range, requested.get(name) ?? []);
    yield* this.#ofIndexes(name, range);
    if (fact.kind === 'no-versions') yield* this.#ofCutoff(name, range);
    else if (fact.reason.scope === 'version') yield* this.#ofProblem(name, range, fact.reason.problem);
  }

  *#ofProblem(
    name: NormalizedName,
    range: VersionRange,
    problem: { readonly kind: string; readonly mismatch?: TagMismatch },
  ): Generator<Hint> {
    const { buildOptions } = this.#context.input;
    if (problem.kind === 'no-binary') yield hintNoBinary(name, buildOptions.noBinary === 'all');
    if (problem.kind === 'no-build') yield hintNoBuild(name, buildOptions.noBuild === 'all');
    if (problem.kind === 'tag' && problem.mismatch !== undefined) yield* this.#ofTags(name, range, problem.mismatch);
  }

  *#ofPrereleases(name: NormalizedName, range: VersionRange, requested: readonly VersionRange[]): Generator<Hint> {
    const { policies, input } = this.#context;
    if (policies.prereleases(name, this.#state.environment) !== 'disallow') return;
    const perProject = input.prereleaseOf?.has(name) ?? false;
    const asked = requested.find(namesPrerelease);
    if (asked !== undefined) {
      yield hintPrereleaseRequested(name, describeRange(name, asked, 'compatibility'), perProject);
      return;
    }
    const version = this.#listings
      .listed(name)
      ?.find((candidate) => isPrerelease(candidate) && rangeContains(range, candidate));
    if (version !== undefined) yield hintPrereleases(name, version, perProject);
  }

  *#ofIndexes(name: NormalizedName, range: VersionRange): Generator<Hint> {
    const problem = this.#context.unavailable.get(name);
    if (problem?.kind === 'no-index') yield noIndexHint;
    if (problem?.kind === 'offline') yield offlineHint;
    if (problem?.kind === 'invalid-metadata') yield hintInvalidMetadata(name, problem.detail);
    if (problem?.kind === 'invalid-structure') yield hintInvalidStructure(name, problem.detail);
    if (problem?.kind === 'network') yield hintNetwork(name, problem.status);
    if (problem?.kind === 'unauthorized') yield hintUnauthorized(problem.url);
    if (problem?.kind === 'forbidden') yield hintForbidden(problem.url);
    yield* this.#ofGaps(name, range);
    yield* this.#ofUncheckedIndexes(name, range);
  }

  *#ofGaps(name: NormalizedName, range: VersionRange): Generator<Hint> {
    const note = this.#context.incomplete.of(name).findLast(({ version }) => rangeContains(range, version));
    if (note === undefined) return;
    const { gap, version } = note;
    if (gap.kind === 'offline') yield offlineHint;
    if (gap.kind === 'invalid-metadata') yield hintInvalidMetadata(name, gap.detail, version);
    if (gap.kind === 'inconsistent-metadata') yield hintInconsistentMetadata(name, gap.detail, version);
    if (gap.kind === 'invalid-structure') yield hintInvalidStructure(name, gap.detail, version);
    if (gap.kind === 'network') yield hintNetwork(name, gap.status, version);
  }

  /** The project is on one index, and later ones were not asked. */
  *#ofUncheckedIndexes(name: NormalizedName, range: VersionRange): Generator<Hint> {
    const { indexStrategy = 'first-index', indexes = [] } = this.#context.input;
    if (indexStrategy !== 'first-index' || (this.#listings.listed(name)?.length ?? 0) === 0) return;
    const found = this.#context.knowledge.tables(name, this.#state.indexes.get(name))[0]?.index;
    if (found === undefined) return;
    const position = indexes.findIndex(({ url }) => url === found.url);
    const next = position < 0 ? undefined : indexes[position + 1];
    if (next !== undefined)
      yield hintUncheckedIndex(name, {
        range: describeRange(name, range, 'compatibility'),
        found: found.url,
        next: next.url,
      });
  }

  *#ofCutoff(name: NormalizedName, range: VersionRange): Generator<Hint> {
    const { excludeNewer } = this.#context.input;
    const own = excludeNewer?.perProject.get(name);
    const cutoff = own ?? excludeNewer?.default;
    if (cutoff === undefined || cutoff === false) return;
    const inRange = (version: Version): boolean => rangeContains(range, version);
    if (this.#listings.listed(name)?.some(inRange) === true) return;
    const version = this.#listings.known(name)?.find(inRange);
    if (version === undefined) return;
    const latest = { version, published: this.#publishedAt(name, version), isOnly: shownSingleOf(range) !== undefined };
    yield hintExcludeNewer(name, { cutoff, perProject: own !== undefined, latest });
  }

  #publishedAt(name: NormalizedName, version: Version): string | undefined {
    const times = this.#filesOf(name, version).flatMap(({ uploadTime }) => uploadTime ?? []);
    return times.toSorted()[0];
  }

  #filesOf(name: NormalizedName, version: Version): readonly DistributionFile[] {
    return this.#context.knowledge
      .tables(name, this.#state.indexes.get(name))
      .flatMap((table) => table.filesOf(version));
  }

  *#ofTags(name: NormalizedName, range: VersionRange, mismatch: TagMismatch): Generator<Hint> {
    const { knowledge, selector, input } = this.#context;
    const index = this.#state.indexes.get(name);
    const request = {
      name,
      range,
      tables: knowledge.tables(name, index),
      preferences: [],
      index,
      environment: this.#state.environment,
    };
    const candidate = selector.selectFresh(request);
    if (candidate?.kind !== 'registry') return;
    const { version, choice } = candidate;
    const wheels = choice.files.flatMap(({ filename }) => (filename.kind === 'wheel' ? [filename] : []));
    const best = (part: TagPart): string | undefined => bestTagOf(input.target, part);
    if (mismatch === 'python') {
      const tags = sortedSet(wheels.flatMap(({ pythons }) => pythons));
      if (tags.length > 0) yield hintTags('Python implementation', { name, version, tags, best: best('interpreter') });
    } else if (mismatch === 'platform') {
      const tags = sortedSet(wheels.filter((wheel) => this.#fitsAbi(wheel)).flatMap(({ platforms }) => platforms));
      if (tags.length > 0) yield hintPlatforms(name, version, tags);
    } else if (mismatch !== 'invalid') {
      const tags = sortedSet(wheels.flatMap(({ abis }) => abis).filter((abi) => abi !== 'none'));
      if (tags.length > 0) yield hintTags('Python ABI', { name, version, tags, best: best('abi') });
    }
  }

  /** Some supported tag has the wheel's interpreter and ABI. */
  #fitsAbi(wheel: { readonly pythons: readonly string[]; readonly abis: readonly string[] }): boolean {
    const { target } = this.#context.input;
    if (target.kind !== 'environment') return false;
    return (target.tagList ?? []).some(
      ({ interpreter, abi }) => wheel.pythons.includes(interpreter) && wheel.abis.includes(abi),
    );
  }

  *#ofDependency(fact: ErrorFact & { readonly kind: 'dependency' }): Generator<Hint> {
    const name = nameOfPackage(fact.package);
    const dependency = nameOfPackage(fact.dependency);
    const members = this.#context.input.workspaceMembers ?? new Set();
    if (name !== undefined && dependency !== undefined) {
      if (members.has(dependency) && !members.has(name)) yield hintDependsOnMember(name, dependency, members.size > 1);
      const toSelf =
        name === dependency && [undefined, extraOfPackage(fact.package)].includes(extraOfPackage(fact.dependency));
      if (toSelf && members.has(name)) yield hintDependsOnItself(name, members.size > 1);
    }
    if (fact.dependency.kind === 'python' && fact.dependency.which === 'target' && name !== undefined) {
      yield hintRequiresPython(this.#pythonSource(), {
        ours: formatPython(wantedPython(this.#context, this.#state)),
        range: describeRange(name, fact.range, 'compatibility'),
        plural: isPluralRange(fact.range),
        theirs: formatRange(fact.dependencyRange).replaceAll(',', ', '),
      });
    }
  }

  #pythonSource(): 'requires-python' | 'python-version' | 'interpreter' {
    const { target } = this.#context.input;
    if (target.kind === 'universal') return 'requires-python';
    return target.installedPython === undefined ? 'interpreter' : 'python-version';
  }
}

function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}

/** A range that spells out a pre-release; the ends of `==2.4.*` and `~=3.6` do not count. */
function namesPrerelease(range: VersionRange): boolean {
  return rangeIntervals(range).some(({ lower, upper }) => {
    const isPrefix = lower?.version.dev === 0 && upper?.version.dev === 0 && lower.inclusive && !upper.inclusive;
    if (isPrefix) return false;
    if (lower !== undefined && isPrerelease(lower.version)) return true;
    if (upper === undefined || !isPrerelease(upper.version)) return false;
    const endsCompatible =
      !upper.inclusive &&
      upper.version.dev === 0 &&
      upper.version.pre === undefined &&
      upper.version.post === undefined;
    return !endsCompatible;
  });
}
