/** Adding requirements to the lists of `pyproject.toml` and taking them out, in the order and the words that uv keeps. */
import { markersEqual, PackagingError, parseRequirement, trueMarker } from '@shoal/packaging';
import type { NormalizedName, Requirement, SpecifierSet } from '@shoal/packaging';
import { AmbiguousRequirementError, MalformedProjectError } from './project-errors.ts';
import { describeRequirement } from './describe-requirement.ts';
import { pathOfPlace, placesOf } from './dependency-place.ts';
import type { DependencyPlace, EditTarget } from './dependency-place.ts';
import type { TomlArray } from './edit-toml/toml-array.ts';
import { formatTomlString } from './edit-toml/toml-string.ts';
import { insertionPlace } from './insertion-place.ts';

export interface ListEdit {
  readonly kind: 'added' | 'updated';
  /** Its place in the list, counting from 0. */
  readonly index: number;
}

interface Listed {
  readonly index: number;
  readonly requirement: Requirement;
}

/**
 * Add `requirement`, or bring the entry of that name and marker up to it.
 *
 * @param text The requirement as it is to stand in the file when it is new.
 * @throws {AmbiguousRequirementError} {MalformedProjectError}
 */
export function addRequirement(
  target: EditTarget,
  place: DependencyPlace,
  {
    requirement,
    text,
    hasSource,
  }: { readonly requirement: Requirement; readonly text: string; readonly hasSource: boolean },
): ListEdit {
  const path = ensureList(target, place);
  const array = listAt(target, path);
  const same = listed(array).filter(
    (one) => one.requirement.name === requirement.name && isSameMarker(one.requirement, requirement),
  );
  if (same.length > 1)
    throw new AmbiguousRequirementError(
      requirement.name,
      same.map((one) => describeRequirement(one.requirement)),
    );
  const [existing] = same;
  const index = existing?.index ?? insertionPlace(array.strings(), text);
  if (existing === undefined) array.insert(index, formatTomlString(text));
  else array.replaceAndReformat(index, formatTomlString(updated(existing.requirement, requirement, hasSource)));
  target.document.writeArray(path, array);
  return { kind: existing === undefined ? 'added' : 'updated', index };
}

/** Take out every requirement of that name. @returns how many there were. */
export function removeRequirement(target: EditTarget, place: DependencyPlace, name: NormalizedName): number {
  const path = pathOfPlace(target, place);
  if (target.document.find(path) === undefined) return 0;
  const array = listAt(target, path);
  const found = listed(array).filter(({ requirement }) => requirement.name === name);
  if (found.length === 0) return 0;
  array.remove(found.map(({ index }) => index));
  target.document.writeArray(path, array);
  return found.length;
}

/** Give the entry at `index` other specifiers. */
export function setSpecifiers(
  target: EditTarget,
  place: DependencyPlace,
  { index, specifiers }: { readonly index: number; readonly specifiers: SpecifierSet },
): void {
  const path = pathOfPlace(target, place);
  const array = listAt(target, path);
  const text = array.strings()[index];
  if (text === undefined) throw new MalformedProjectError('Dependencies');
  array.replace(
    index,
    formatTomlString(describeRequirement({ ...parseRequirement(text), specifiers, url: undefined })),
  );
  target.document.writeArray(path, array);
}

/** The lists that have a requirement of that name. */
export function placesWith(target: EditTarget, name: NormalizedName): readonly DependencyPlace[] {
  return placesOf(target).filter((place) => {
    const array = target.document.array(pathOfPlace(target, place));
    return array !== undefined && listed(array).some(({ requirement }) => requirement.name === name);
  });
}

/** Make the list when it is missing: empty. @returns its path. */
export function ensureList(target: EditTarget, place: DependencyPlace): readonly string[] {
  const { document } = target;
  const path = pathOfPlace(target, place);
  const table = path.slice(0, -1);
  if (document.find(path) === undefined) {
    const keys = document.keysOf(table);
    document.insertKey(table, path.at(-1) ?? '', {
      valueText: '[]',
      sorted: place.kind === 'group' && keys.join('\0') === keys.toSorted(byText).join('\0'),
    });
  }
  return path;
}

function listAt({ document }: EditTarget, path: readonly string[]): TomlArray {
  const array = document.array(path);
  if (array === undefined) throw new MalformedProjectError('Dependencies');
  return array;
}

/** The requirements of the list; entries that are none (`{include-group = …}`) are passed over. */
function listed(array: TomlArray): readonly Listed[] {
  return array.strings().flatMap((text, index): Listed[] => {
    const requirement = text === undefined ? undefined : tryParseRequirement(text);
    return requirement === undefined ? [] : [{ index, requirement }];
  });
}

function tryParseRequirement(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof PackagingError) return undefined;
    throw error;
  }
}

function isSameMarker(one: Requirement, other: Requirement): boolean {
  return markersEqual(one.marker ?? trueMarker, other.marker ?? trueMarker);
}

/** Extras are joined; what the new one does not say stays. */
function updated(old: Requirement, wanted: Requirement, hasSource: boolean): string {
  const saysWhich = wanted.url !== undefined || wanted.specifiers.specifiers.length > 0;
  return describeRequirement({
    ...old,
    extras: [...new Set([...old.extras, ...wanted.extras])].toSorted(byText),
    ...(hasSource ? { url: undefined } : {}),
    ...(saysWhich ? { url: wanted.url, specifiers: wanted.specifiers } : {}),
    ...(wanted.marker === undefined ? {} : { marker: wanted.marker }),
  });
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
