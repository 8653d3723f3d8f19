/**
 * Fetching ahead when a project is tried version by version: after 5, 10 and 20 tries, and every 20 from then on, the
 * metadata of as many further versions (at most 50) is asked for at once.
 *
 * The next versions within the current range come first; when they run out, the next versions within what the root
 * demands, because the range of a project that follows another (botocore after boto3) moves with every try.
 */
import {
  complementRange,
  cutAt,
  formatVersion,
  intersectRanges,
  rangeAbove,
  rangeBelow,
  singleVersionRange,
  type NormalizedName,
  type Version,
  type VersionRange,
} from '@shoal/packaging';
import type { Candidate, CandidateSelector, SelectionRequest } from './candidate-selector.ts';
import type { ForkState } from './fork-state.ts';
import type { Knowledge } from './knowledge.ts';
import { servesPython } from './python-bounds.ts';
import type { PackageId } from './solver-package.ts';
import type { Term } from './term.ts';

const largest = 50;

export interface BatchRequest {
  readonly selection: SelectionRequest;
  readonly version: Version;
  readonly item: PackageId;
  /** Direction of the search. */
  readonly highest: boolean;
}

export function noteTried(state: ForkState, name: NormalizedName, version: Version): void {
  const tried = state.tried.get(name);
  if (tried === undefined) state.tried.set(name, new Set([formatVersion(version)]));
  else tried.add(formatVersion(version));
}

/** Ask for the metadata of the versions that are likely to be tried next, when many have been tried. */
export function prefetchBatch(
  state: ForkState,
  request: BatchRequest,
  { selector, knowledge }: { readonly selector: CandidateSelector; readonly knowledge: Knowledge },
): void {
  const { name } = request.selection;
  const tried = state.tried.get(name)?.size ?? 0;
  if (!isDue(tried, state.batched.get(name) ?? 0)) return;
  state.batched.set(name, tried);
  const unchanging = state.solver.solution.unchangingTerm(request.item);
  for (const candidate of likelyCandidates(selector, request, { count: Math.min(tried, largest), unchanging })) {
    if (candidate.kind !== 'registry' || candidate.choice.kind !== 'usable') continue;
    const { forMetadata, requiresPython } = candidate.choice;
    if (forMetadata.filename.kind === 'wheel' && servesPython(state.python, requiresPython))
      knowledge.requestDependencies(forMetadata);
  }
}

function isDue(tried: number, before: number): boolean {
  if ([5, 10, 20].some((step) => tried >= step && before < step)) return true;
  return tried >= 20 && tried - before >= 20;
}

function* likelyCandidates(
  selector: CandidateSelector,
  { selection, version, highest }: BatchRequest,
  { count, unchanging }: { readonly count: number; readonly unchanging: Term | undefined },
): Generator<Candidate> {
  let previous = version;
  let range: VersionRange | undefined = selection.range;
  for (let step = 0; step < count; step++) {
    const within: VersionRange = range ?? beyond(previous, highest, unchanging);
    const candidate = selector.selectFresh({ ...selection, range: within });
    if (candidate === undefined) {
      if (range === undefined) return;
      range = undefined;
      continue;
    }
    previous = candidate.version;
    if (range !== undefined) range = intersectRanges(range, complementRange(singleVersionRange(previous)));
    yield candidate;
  }
}

function beyond(version: Version, highest: boolean, unchanging: Term | undefined): VersionRange {
  const range = highest ? rangeBelow(cutAt(version, 'before')) : rangeAbove(cutAt(version, 'after'));
  if (unchanging === undefined) return range;
  return intersectRanges(range, unchanging.positive ? unchanging.range : complementRange(unchanging.range));
}
