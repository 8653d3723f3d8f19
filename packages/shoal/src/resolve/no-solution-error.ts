/** The error of a resolution that has no answer: why, in sentences, and what would probably help. */
import { OperationalError } from '@shoal/cache';
import {
  formatMarker,
  formatVersion,
  isTrueMarker,
  parseSpecifierSet,
  rangeOfSpecifierSet,
  type NormalizedName,
} from '@shoal/packaging';
import type { UnavailableReason } from './availability.ts';
import { findHints, HintSearch } from './error-hints.ts';
import { ErrorListings } from './error-listings.ts';
import { reduceTree } from './error-reduction.ts';
import { reportTree } from './error-report.ts';
import { treeOf } from './error-tree.ts';
import { ErrorWords } from './error-words.ts';
import { formatPython } from './python-bounds.ts';
import { wantedPython } from './wanted-python.ts';
import { bestTagPart } from './tag-words.ts';
import type { ForkState } from './fork-state.ts';
import type { SolveContext } from './solve-context.ts';
import type { ForkFailure } from './solve.ts';

export class NoSolutionError extends OperationalError {
  override readonly code = 'NO_SOLUTION';
  /** The first line: which dependencies, and of which fork. */
  readonly heading: string;
  /** The derivation, one sentence a line. */
  readonly report: string;
  /** All hints; `hint` holds the first. */
  readonly hints: readonly string[];

  constructor(heading: string, report: string, hints: readonly string[]) {
    super(`${heading}:\n${report}`, { hint: hints[0] });
    this.heading = heading;
    this.report = report;
    this.hints = hints;
  }
}

export function explainFailure(context: SolveContext, failure: ForkFailure): NoSolutionError {
  const { state, unsolvable } = failure;
  const listings = new ErrorListings(context, state);
  const workspaceMembers = context.input.workspaceMembers ?? new Set<NormalizedName>();
  const tree = reduceTree(treeOf(unsolvable.terminal, state.solver), {
    known: (name) => listings.known(name),
    listed: (name) => listings.listed(name),
    barsPrereleases: (name) => context.policies.prereleases(name, state.environment) === 'disallow',
    requiresPython: rangeOfSpecifierSet(parseSpecifierSet(formatPython(state.python))),
    workspaceMembers,
  });
  const words = new ErrorWords({
    listed: (name) => listings.listed(name),
    project: context.input.project,
    workspaceMembers,
    targetPython: formatPython(wantedPython(context, state)),
    currentPython: formatVersion(currentPython(context)).replace(/^(\d+(?:\.[1-9]\d*)*)(?:\.0)+(?!\d|\.)/, '$1'),
    exampleOf: (reason) => exampleOf(context, state, reason),
  });
  const hints = findHints(tree, new HintSearch(context, state, listings));
  return new NoSolutionError(
    headingOf(state),
    reportTree(tree, words),
    hints.map(({ text }) => text),
  );
}

function currentPython({ input: { target } }: SolveContext): Parameters<typeof formatVersion>[0] {
  return target.kind === 'environment' ? (target.installedPython ?? target.python) : target.installedPython;
}

function headingOf({ environment }: ForkState): string {
  if (environment.kind === 'specific' || isTrueMarker(environment.marker))
    return 'No solution found when resolving dependencies';
  return `No solution found when resolving dependencies for split (markers: ${formatMarker(environment.marker) ?? ''})`;
}

/** A tag of ours beside a complaint about tags: `(e.g., `cp312`)`. */
function exampleOf(context: SolveContext, state: ForkState, reason: UnavailableReason): string | undefined {
  if (reason.scope !== 'version' || reason.problem.kind !== 'tag') return undefined;
  const { target } = context.input;
  const { mismatch } = reason.problem;
  const parts = { python: 'interpreter', abi: 'abi', platform: 'platform' } as const;
  const [major, minor] = state.python.lower?.version.release ?? [];
  const ofPython = major === undefined || minor === undefined ? undefined : `cp${major}${minor}`;
  const part = mismatch === 'python' || mismatch === 'abi' || mismatch === 'platform' ? parts[mismatch] : undefined;
  const tag = mismatch === 'abi-python-version' ? ofPython : part === undefined ? undefined : bestTagPart(target, part);
  return tag === undefined ? undefined : `(e.g., \`${tag}\`)`;
}
