/**
 * The solving loop (docs/solver.md, "The loop"): propagate, decide, learn, fork.
 *
 * It is synchronous and deterministic. When something is not known yet it yields the promise of it and goes on when
 * it is resumed; between two steps it yields nothing, so that whoever drives it may pause or stop. What it asks for ahead of need never changes the answer, only the time it takes.
 */
import { rangesEqual, trueMarker, type NormalizedName, type Version, type VersionRange } from '@shoal/packaging';
import type { IndexLocation } from '../project/distribution-file.ts';
import { problemOfGap, problemOfListing } from './answer-problems.ts';
import type { VersionProblem } from './availability.ts';
import { noteTried, prefetchBatch } from './batch-prefetch.ts';
import type { RankedPreference, SelectionRequest } from './candidate-selector.ts';
import { chooseRegistryVersion, chooseUrlVersion, type VersionDecision, type VersionFork } from './choose-version.ts';
import type { Dependency } from './dependency-reader.ts';
import { excludeRange, excludeVersion, gapOf, rejectVersion } from './exclusions.ts';
import { forkDependencies, sortForks, type DependencyFork } from './fork-dependencies.ts';
import { markerOfEnvironment } from './fork-environment.ts';
import { rootVersion, type ForkState } from './fork-state.ts';
import type { UrlAnswer } from './provider.ts';
import { servesPython } from './python-bounds.ts';
import { readVersion, type Steps } from './read-version.ts';
import { ConflictingUrlsError, describeEnvironment, isSameResource } from './requirement-urls.ts';
import { ConflictingIndexesError, NeedsBuildError } from './resolve-errors.ts';
import type { SolveContext } from './solve-context.ts';
import { isPlainProject, isProxy, nameOfPackage, type PackageId, type SolverPackage } from './solver-package.ts';
import { Unsolvable } from './solver-state.ts';

/** Nothing fits in a fork; carries what an explanation needs. */
export class ForkFailure extends Error {
  readonly state: ForkState;
  readonly unsolvable: Unsolvable;
  constructor(state: ForkState, unsolvable: Unsolvable) {
    super('no solution');
    this.state = state;
    this.unsolvable = unsolvable;
  }
}

type StepOutcome = 'go-on' | 'solved' | 'forked';

/**
 * Solve all forks, each from where its parent left off.
 *
 * @returns The solved forks, in the order they were solved.
 * @throws {ForkFailure}
 */
export function* solve(context: SolveContext, initial: readonly ForkState[]): Steps<readonly ForkState[]> {
  const waiting = [...initial];
  const solved: ForkState[] = [];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const run = new ForkRun(context, state);
    let outcome: StepOutcome = 'go-on';
    while (outcome === 'go-on') {
      yield undefined;
      outcome = yield* run.step();
    }
    if (outcome === 'forked') waiting.push(...run.forks);
    else {
      rememberChoices(context, state);
      solved.push(state);
    }
  }
  return solved;
}

/** Later forks prefer the versions of earlier ones, unless versions depend on what is direct there. */
function rememberChoices(context: SolveContext, state: ForkState): void {
  if (context.input.resolutionMode === 'lowest-direct') return;
  const marker = markerOfEnvironment(state.environment) ?? trueMarker;
  for (const { item, version } of state.solver.solution.decisions()) {
    const chosen = state.solver.packages.get(item);
    if (chosen.kind !== 'project' || !isPlainProject(chosen)) continue;
    const index = state.indexes.get(chosen.name);
    context.preferences.add(chosen.name, {
      version,
      marker,
      fromFork: true,
      ...(index === undefined ? {} : { index }),
    });
  }
}

class ForkRun {
  readonly #context: SolveContext;
  readonly #state: ForkState;
  forks: readonly ForkState[] = [];

  constructor(context: SolveContext, state: ForkState) {
    this.#context = context;
    this.#state = state;
  }

  *step(): Steps<StepOutcome> {
    const state = this.#state;
    const start = state.start;
    state.start = undefined;
    const item = start?.item ?? this.#nextItem();
    if (item === undefined) return 'solved';
    state.next = item;
    const decision: VersionDecision =
      start?.version === undefined ? yield* this.#choose(item) : { kind: 'version', version: start.version };
    if (decision.kind === 'forks') return this.#forkAt(item, decision.forks);
    if (decision.kind === 'version') return yield* this.#take(item, decision.version);
    if (decision.kind === 'unusable')
      rejectVersion(this.#context, state, { item, version: decision.version, problem: decision.problem });
    else excludeRange(this.#context, state, item);
    return 'go-on';
  }

  /** Propagate, and pick the package to decide next. */
  #nextItem(): PackageId | undefined {
    const state = this.#state;
    try {
      for (const { item, incompatibility } of state.solver.propagate(state.next))
        state.recordConflict(item, incompatibility);
    } catch (error) {
      if (error instanceof Unsolvable) throw new ForkFailure(state, error);
      throw error;
    }
    this.#visitLikely();
    state.conflicts.reprioritize(state.solver, state.priorities);
    return state.solver.solution.takeNext((item) => state.priorities.of(item, state.solver.packages.get(item)));
  }

  /** Ask for the metadata of the versions that are likely to be chosen. */
  #visitLikely(): void {
    const { input, urls, knowledge } = this.#context;
    if (input.dependencyMode === 'direct') return;
    const state = this.#state;
    for (const { item, term } of state.solver.solution.likelyNext()) {
      const likely = state.solver.packages.get(item);
      if (
        likely.kind !== 'project' ||
        !isPlainProject(likely) ||
        urls.has(likely.name) ||
        this.#context.hasPinnedIndex(likely.name)
      )
        continue;
      const before = state.visited.get(item);
      if (before !== undefined && rangesEqual(before, term.range)) continue;
      state.visited.set(item, term.range);
      const pending = knowledge.requestListing(likely.name, undefined);
      if (pending.value !== undefined) this.#prefetch(likely.name, term.range);
      else pending.arrival.then(() => this.#prefetch(likely.name, term.range)).catch(() => undefined);
    }
  }

  #prefetch(name: NormalizedName, range: VersionRange): void {
    const candidate = this.#context.selector.select(this.#request(name, range, undefined));
    if (candidate?.kind !== 'registry' || candidate.choice.kind !== 'usable') return;
    if (servesPython(this.#state.python, candidate.choice.requiresPython))
      this.#context.knowledge.requestDependencies(candidate.choice.forMetadata);
  }

  #request(name: NormalizedName, range: VersionRange, index: IndexLocation | undefined): SelectionRequest {
    const tables = this.#context.knowledge.tables(name, index);
    const preferences: readonly RankedPreference[] = this.#context.preferences.of(name);
    return { name, range, tables, preferences, index, environment: this.#state.environment };
  }

  *#choose(item: PackageId): Steps<VersionDecision> {
    const state = this.#state;
    const chosen = state.solver.packages.get(item);
    if (chosen.kind === 'root') return { kind: 'version', version: rootVersion };
    if (chosen.kind === 'python') return { kind: 'none' };
    const url = state.urls.get(chosen.name);
    if (url !== undefined) return yield* this.#chooseUrl(item, chosen.name, url);
    return yield* this.#chooseRegistry(item, chosen);
  }

  *#chooseUrl(item: PackageId, name: NormalizedName, url: string): Steps<VersionDecision> {
    const pending = this.#context.knowledge.requestUrl(name, url);
    if (pending.value === undefined) yield pending.arrival;
    const answer: UrlAnswer | undefined = pending.value;
    if (answer === undefined) return { kind: 'none' };
    if (answer.kind === 'found') {
      return chooseUrlVersion(this.#state, item, { answer, range: this.#state.rangeOf(item), context: this.#context });
    }
    if (answer.kind === 'needs-build') throw new NeedsBuildError(`${name} @ ${url}`, answer.detail);
    this.#context.unavailable.set(name, problemOfGap(answer));
    return { kind: 'none' };
  }

  *#chooseRegistry(item: PackageId, chosen: SolverPackage & { readonly name: NormalizedName }): Steps<VersionDecision> {
    const state = this.#state;
    const { name } = chosen;
    const index = state.indexes.get(name);
    const range = state.rangeOf(item);
    const before = index === undefined ? state.choices.get(item) : undefined;
    if (before !== undefined && rangesEqual(before.range, range)) return { kind: 'version', version: before.version };
    const pending = this.#context.knowledge.requestListing(name, index);
    if (pending.value === undefined) yield pending.arrival;
    const listing = pending.value;
    this.#context.visited.add(name);
    if (listing !== undefined && listing.kind !== 'found')
      this.#context.unavailable.set(name, problemOfListing(listing));
    const request = this.#request(name, range, index);
    const decision = chooseRegistryVersion(state, item, { request, context: this.#context });
    if (decision.kind !== 'version') return decision;
    if (index === undefined) state.choices.set(item, { range, version: decision.version });
    this.#requestMetadata(chosen, decision.version);
    if (isPlainProject(chosen)) {
      const highest = this.#context.policies.usesHighest(name, state.environment);
      prefetchBatch(state, { selection: request, version: decision.version, item, highest }, this.#context);
    }
    return decision;
  }

  #requestMetadata(chosen: SolverPackage & { readonly name: NormalizedName }, version: Version): void {
    if (chosen.kind !== 'project' || this.#context.input.dependencyMode === 'direct') return;
    const pin = this.#state.pinned(chosen.name, version);
    if (pin?.kind !== 'registry' || pin.choice.kind !== 'usable') return;
    this.#context.requireHashes(chosen.name, version);
    this.#context.knowledge.requestDependencies(pin.choice.forMetadata);
  }

  /** Decide for a version, once it is known what it depends on. */
  *#take(item: PackageId, version: Version): Steps<StepOutcome> {
    const state = this.#state;
    const taken = state.solver.packages.get(item);
    const name = nameOfPackage(taken);
    if (name !== undefined && isPlainProject(taken)) {
      noteTried(state, name, version);
      this.#context.announce(name, version);
    }
    if (state.hasTold(item, version)) {
      state.solver.solution.decide(item, version);
      return 'go-on';
    }
    const read = yield* readVersion(this.#context, state, { taken, version });
    if (read.kind === 'forks') return this.#forkAt(item, read.forks);
    if (read.kind === 'dependencies') return this.#addDependencies(item, version, read.dependencies);
    const problem: VersionProblem =
      read.kind === 'problem' ? read.problem : { kind: 'unsatisfiable-dependency', requirement: read.requirement };
    excludeVersion(this.#context, state, { item, version, reason: { scope: 'version', problem } });
    return 'go-on';
  }

  #addDependencies(item: PackageId, version: Version, dependencies: readonly Dependency[]): StepOutcome {
    const state = this.#state;
    const mayFork = state.environment.kind === 'universal' && !isProxy(state.solver.packages.get(item));
    const forks = mayFork ? forkDependencies(dependencies, state) : [{ environment: state.environment, dependencies }];
    if (forks.length < 2) {
      this.#enter(state, item, { version, dependencies: forks[0]?.dependencies ?? [] });
      return 'go-on';
    }
    const forkStrategy = this.#context.forkStrategy;
    const sorted = sortForks(forks, { forkStrategy, resolutionMode: this.#context.input.resolutionMode });
    this.forks = sorted.map((fork) => this.#stateOfFork(fork, item, version));
    return 'forked';
  }

  #stateOfFork(fork: DependencyFork, item: PackageId, version: Version): ForkState {
    const copy = this.#state.fork(fork.environment);
    this.#enter(copy, item, { version, dependencies: fork.dependencies });
    return copy;
  }

  /** Put the dependencies of a version into a fork. */
  #enter(
    state: ForkState,
    item: PackageId,
    { version, dependencies }: { readonly version: Version; readonly dependencies: readonly Dependency[] },
  ): void {
    for (const dependency of dependencies) this.#bindSource(state, dependency);
    state.prioritize(dependencies);
    for (const { package: wanted } of dependencies) this.#visit(state, wanted);
    state.addVersion(item, version, { versions: gapOf(this.#context, state, { item, version }), dependencies });
  }

  #bindSource(state: ForkState, dependency: Dependency): void {
    const name = nameOfPackage(dependency.package);
    if (name === undefined) return;
    for (const url of this.#context.urls.urlsFor(name, dependency.url, state.environment)) {
      const before = state.urls.get(name);
      if (before !== undefined && !isSameResource(before, url)) {
        throw new ConflictingUrlsError(name, [before, url], describeEnvironment(state.environment));
      }
      state.urls.set(name, before ?? url);
    }
    for (const index of this.#context.pinnedIndexes(name, state.environment)) {
      const before = state.indexes.get(name);
      if (before !== undefined && before.url !== index.url)
        throw new ConflictingIndexesError(name, [before.url, index.url]);
      state.indexes.set(name, before ?? index);
    }
  }

  /** Ask for the listing of a dependency before it is its turn. */
  #visit(state: ForkState, wanted: SolverPackage): void {
    const name = nameOfPackage(wanted);
    if (name === undefined) return;
    const url = state.urls.get(name);
    if (url !== undefined) this.#context.knowledge.requestUrl(name, url);
    else if (!this.#context.urls.has(name)) this.#context.knowledge.requestListing(name, state.indexes.get(name));
  }

  #forkAt(item: PackageId, forks: readonly VersionFork[]): StepOutcome {
    this.forks = forks.map(({ environment, version }) => this.#state.fork(environment, { item, version }));
    return 'forked';
  }
}
