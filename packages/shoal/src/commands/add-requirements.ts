/** The edits of `add`: requirements into their list, where they come from into `[tool.uv]`. */
import { andMarkers } from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement } from '@shoal/packaging';
import { normalizeName } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';
import { describeRequirement } from '../project/describe-requirement.ts';
import type { DependencyPlace, EditTarget } from '../project/dependency-place.ts';
import { addRequirement, ensureList, placesWith } from '../project/edit-dependencies.ts';
import type { ListEdit } from '../project/edit-dependencies.ts';
import { addIndex } from '../project/edit-indexes.ts';
import type { AddedIndex } from '../project/edit-indexes.ts';
import { setSource } from '../project/edit-sources.ts';
import { sourceOfRequirement } from '../project/source-of-requirement.ts';
import type { SourceOptions, SourceSurroundings } from '../project/source-of-requirement.ts';

/** A requirement that is to be added. */
export interface RequestedRequirement {
  /** Its `url`, where it has one, as it was given. */
  readonly requirement: Requirement;
  /** Given with `-e`. */
  readonly isEditable: boolean;
}

export interface AddRequest {
  readonly requested: readonly RequestedRequirement[];
  readonly place: DependencyPlace;
  readonly marker: Marker | undefined;
  readonly extras: readonly NormalizedName[];
  /** URLs stay in the list, and no source is written. */
  readonly raw: boolean;
  readonly source: SourceOptions;
  /** Named on the command line, in order of priority. */
  readonly indexes: readonly AddedIndex[];
}

/** What was done for one requirement. */
export interface AddedRequirement {
  readonly place: DependencyPlace;
  readonly requirement: Requirement;
  /** Comes from an index, so that a version can be chosen. */
  readonly isFromIndex: boolean;
  readonly edit: ListEdit;
}

/** A project that asks for itself. */
export class SelfDependencyError extends OperationalError {
  override readonly code = 'SELF_DEPENDENCY';

  constructor(name: NormalizedName) {
    super(
      `Requirement name \`${name}\` matches project name \`${name}\`, but self-dependencies are not permitted without the \`--dev\` or \`--optional\` flags. If your project name (\`${name}\`) is shadowing that of a third-party dependency, consider renaming the project.`,
    );
  }
}

const DEV = normalizeName('dev');

/** Edit `target`. @throws {AmbiguousRequirementError} {MalformedProjectError} {UnusedSourceOptionError} */
export function addRequirements(
  target: EditTarget,
  request: AddRequest,
  surroundings: SourceSurroundings,
): readonly AddedRequirement[] {
  const added: AddedRequirement[] = [];
  for (const one of request.requested) {
    const next = addOne(target, one, { request, surroundings });
    shiftBehind(added, next);
    added.push(next);
  }
  if (added.length === 0 && (request.place.kind === 'group' || request.place.kind === 'optional'))
    ensureList(target, request.place);
  if (!request.raw) for (const index of request.indexes.toReversed()) addIndex(target, index, surroundings.root);
  return added;
}

function addOne(
  target: EditTarget,
  { requirement: given, isEditable }: RequestedRequirement,
  { request, surroundings }: { readonly request: AddRequest; readonly surroundings: SourceSurroundings },
): AddedRequirement {
  const requirement = completed(given, request);
  const { name, url } = requirement;
  const source = request.raw ? undefined : sourceOfRequirement({ name, url, isEditable }, request.source, surroundings);
  const written = request.raw ? requirement : { ...requirement, url: undefined };
  const place = placeFor(target, request.place, name);
  const edit = addRequirement(target, place, {
    requirement: written,
    text: describeRequirement(written),
    hasSource: source !== undefined,
  });
  if (source !== undefined) setSource(target, name, source);
  const isFromIndex = written.url === undefined && (source === undefined || source.index !== undefined);
  return { place, requirement: written, isFromIndex, edit };
}

function completed(requirement: Requirement, { extras, marker }: AddRequest): Requirement {
  const joined = marker === undefined ? requirement.marker : and(requirement.marker, marker);
  return {
    ...requirement,
    extras: [...new Set([...requirement.extras, ...extras])].toSorted((a, b) => (a < b ? -1 : 1)),
    marker: joined,
  };
}

function and(one: Marker | undefined, other: Marker): Marker {
  return one === undefined ? other : andMarkers(one, other);
}

/** Development requirements stay in the list that they stand in; new ones go to the list that the file has. */
function placeFor(target: EditTarget, place: DependencyPlace, name: NormalizedName): DependencyPlace {
  const group: DependencyPlace = { kind: 'group', name: DEV };
  const isDevGroup = place.kind === 'group' && place.name === DEV;
  if (place.kind !== 'dev' && !isDevGroup) return place;
  const existing = placesWith(target, name);
  if (existing.some((one) => one.kind === 'group' && one.name === DEV)) return group;
  if (existing.some(({ kind }) => kind === 'dev')) return { kind: 'dev' };
  if (isDevGroup) return group;
  const { document } = target;
  const hasOnlyOld =
    document.find(['tool', 'uv', 'dev-dependencies']) !== undefined &&
    !document.keysOf(['dependency-groups']).includes('dev');
  return hasOnlyOld ? { kind: 'dev' } : group;
}

/** What stands behind a new entry of the same list has moved by one. */
function shiftBehind(added: AddedRequirement[], { place, edit }: AddedRequirement): void {
  if (edit.kind !== 'added') return;
  for (const [position, one] of added.entries())
    if (isSamePlace(one.place, place) && one.edit.index >= edit.index)
      added[position] = { ...one, edit: { ...one.edit, index: one.edit.index + 1 } };
}

function isSamePlace(one: DependencyPlace, other: DependencyPlace): boolean {
  return one.kind === other.kind && ('name' in one ? one.name : '') === ('name' in other ? other.name : '');
}
