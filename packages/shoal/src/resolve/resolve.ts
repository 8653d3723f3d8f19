/** The entry of the solver: drives the synchronous core with what the provider fetches. */
import type { NormalizedName } from '@shoal/packaging';
import { comparePythons } from './fork-dependencies.ts';
import { ForkState } from './fork-state.ts';
import { fetchLookaheads } from './lookaheads.ts';
import { explainFailure } from './no-solution-error.ts';
import type { Provider } from './provider.ts';
import { makeResolution } from './resolution-graph.ts';
import type { Resolution } from './resolution.ts';
import type { ResolveInput } from './resolve-input.ts';
import { SolveContext } from './solve-context.ts';
import { ForkFailure, solve } from './solve.ts';

export interface ResolveOptions {
  readonly signal?: AbortSignal;
  /** Called for each version that is tried, for progress. */
  readonly onEvent?: (event: ResolveEvent) => void;
}

export type ResolveEvent = { readonly type: 'resolving'; readonly name: NormalizedName; readonly version: string };

/**
 * Find one version of everything that is required, directly or not.
 *
 * @throws {NoSolutionError} Nothing fits; the message derives why.
 * @throws {NeedsBuildError} The metadata of a candidate can only be had by building it.
 */
export async function resolve(
  input: ResolveInput,
  provider: Provider,
  options: ResolveOptions = {},
): Promise<Resolution> {
  const { signal, onEvent } = options;
  signal?.throwIfAborted();
  const aborted = rejectionOf(signal);
  const lookaheads = await unlessAborted(fetchLookaheads(input, provider), aborted);
  const announce = (name: NormalizedName, version: { readonly text: string }): void =>
    onEvent?.({ type: 'resolving', name, version: version.text });
  const context = new SolveContext(input, { provider, lookaheads, announce });
  try {
    return makeResolution(context, await drive(context, aborted));
  } catch (error) {
    throw error instanceof ForkFailure ? explainFailure(context, error) : error;
  }
}

/** How many steps may pass before the rest of the program has its turn: signals and answers that arrive. */
const STEPS_AT_ONCE = 64;

async function drive(context: SolveContext, aborted: Promise<never> | undefined): Promise<readonly ForkState[]> {
  const steps = solve(context, initialForks(context));
  let taken = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (step.value !== undefined) await unlessAborted(step.value, aborted);
    else if ((taken += 1) % STEPS_AT_ONCE === 0) await unlessAborted(nextTurn(), aborted);
  }
}

async function nextTurn(): Promise<void> {
  await new Promise<void>((resume) => {
    setImmediate(resume);
  });
}

async function unlessAborted<T>(awaited: Promise<T>, aborted: Promise<never> | undefined): Promise<T> {
  return aborted === undefined ? await awaited : await Promise.race([awaited, aborted]);
}

/** Rejects when the signal is aborted. */
function rejectionOf(signal: AbortSignal | undefined): Promise<never> | undefined {
  if (signal === undefined) return undefined;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}

/** One fork, or one for each environment that was asked for; the last one is solved first. */
function initialForks(context: SolveContext): readonly ForkState[] {
  const { target, resolutionMode } = context.input;
  const whole = new ForkState(context.environment, context.python);
  if (target.kind === 'environment' || target.environments.length === 0) return [whole];
  const sign = context.forkStrategy === 'fewest' || resolutionMode === 'lowest' ? -1 : 1;
  const forks = target.environments.toReversed().map((marker) => whole.narrow(marker));
  return forks.toSorted((a, b) => sign * comparePythons(a.environment, b.environment));
}
