/** What the solver is told when a version, or a whole range, is of no use. */
import { releaseRangeOfSpecifierSet, singleVersionRange, type Version, type VersionRange } from '@shoal/packaging';
import type { UnavailableReason, VersionProblem } from './availability.ts';
import type { ForkState } from './fork-state.ts';
import { dependencyIncompatibility, noVersionsIncompatibility, unavailableIncompatibility } from './incompatibility.ts';
import { gapAround } from './range-shapes.ts';
import type { SolveContext } from './solve-context.ts';
import { nameOfPackage, type PackageId } from './solver-package.ts';

interface RejectedVersion {
  readonly item: PackageId;
  readonly version: Version;
}

/** The versions around one that behave like it, as there are no others between. */
export function gapOf(context: SolveContext, state: ForkState, { item, version }: RejectedVersion): VersionRange {
  const name = nameOfPackage(state.solver.packages.get(item));
  if (name === undefined || state.urls.has(name)) return singleVersionRange(version);
  return gapAround(version, context.knownVersions(name, state.indexes.get(name)));
}

export function excludeVersion(
  context: SolveContext,
  state: ForkState,
  { reason, ...rejected }: RejectedVersion & { readonly reason: UnavailableReason },
): void {
  state.solver.addIncompatibility(unavailableIncompatibility(rejected.item, gapOf(context, state, rejected), reason));
}

/** Exclude a version, or hold it against the Python it needs: that is a dependency like others, and is explained as one. */
export function rejectVersion(
  context: SolveContext,
  state: ForkState,
  { problem, ...rejected }: RejectedVersion & { readonly problem: VersionProblem },
): void {
  if (problem.kind !== 'requires-python' || problem.which === 'metadata') {
    excludeVersion(context, state, { ...rejected, reason: { scope: 'version', problem } });
    return;
  }
  const { solver } = state;
  const python = solver.packages.intern({ kind: 'python', which: problem.which });
  const range = releaseRangeOfSpecifierSet(problem.requiresPython);
  solver.addIncompatibility(dependencyIncompatibility(rejected.item, gapOf(context, state, rejected), python, range));
  solver.solution.decide(rejected.item, rejected.version);
}

/** Nothing is left in the range of a package, or nothing of the project can be had at all. */
export function excludeRange(context: SolveContext, state: ForkState, item: PackageId): void {
  const { solver } = state;
  const range = state.rangeOf(item);
  const none = solver.packages.get(item);
  const problem = none.kind === 'project' ? context.unavailable.get(none.name) : undefined;
  if (problem === undefined) solver.addIncompatibility(noVersionsIncompatibility(item, range));
  else solver.addIncompatibility(unavailableIncompatibility(item, range, { scope: 'project', problem }));
}
