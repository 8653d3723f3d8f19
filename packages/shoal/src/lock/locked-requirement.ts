/** Declared requirements as the lockfile keeps them: paths relative to the root, no credentials, sorted without repetition. */
import { relative } from 'node:path';
import { compareMarkers, compareVersions, formatMarker, formatSpecifier, isTrueMarker } from '@shoal/packaging';
import type { Marker, SpecifierSet } from '@shoal/packaging';
import type { LoweredRequirement, LoweredSource } from '../project/lowered-requirement.ts';
import { optional } from './optional.ts';
import type { LockedRequirement, RequirementSource } from './lockfile.ts';

/** @param root Absolute folder of the workspace. */
export function lockedRequirements(
  requirements: readonly LoweredRequirement[],
  root: string,
): readonly LockedRequirement[] {
  const sorted = requirements
    .map((lowered) => ({ marker: lowered.marker, locked: lockedRequirement(lowered, root) }))
    .toSorted((a, b) => compareLocked(a.locked, b.locked, a.marker, b.marker));
  const unique = new Map(sorted.map(({ locked }) => [JSON.stringify(locked), locked]));
  return [...unique.values()];
}

function lockedRequirement({ name, extras, marker, source }: LoweredRequirement, root: string): LockedRequirement {
  return {
    name,
    extras,
    ...optional('marker', isTrueMarker(marker) ? undefined : formatMarker(marker)),
    source: lockedRequirementSource(source, root),
  };
}

function compareLocked(a: LockedRequirement, b: LockedRequirement, ofA: Marker, ofB: Marker): number {
  return (
    compareText(a.name, b.name) ||
    compareLists(a.extras, b.extras) ||
    compareMarkers(ofA, ofB) ||
    compareLists(sourceKey(a.source), sourceKey(b.source))
  );
}

const SOURCES = ['registry', 'url', 'git', 'path', 'directory', 'editable', 'virtual'];

/** Indexes first, of those the requirement that asks for less. */
function sourceKey(source: RequirementSource): readonly string[] {
  const kind = String(SOURCES.indexOf(source.kind));
  if (source.kind !== 'registry') return [kind, JSON.stringify(source)];
  return [kind, source.specifier ?? '', source.index ?? '', JSON.stringify(source.conflict ?? '')];
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (text !== other) return compareText(text, other);
  }
  return a.length - b.length;
}

function lockedRequirementSource(source: LoweredSource, root: string): RequirementSource {
  switch (source.kind) {
    case 'registry': {
      const { conflict } = source;
      return {
        kind: 'registry',
        ...optional('specifier', specifierText(source.specifiers) || undefined),
        ...optional('index', source.index?.url),
        ...optional(
          'conflict',
          conflict && {
            package: conflict.package,
            ...optional('extra', conflict.extra),
            ...optional('group', conflict.group),
          },
        ),
      };
    }
    case 'url':
      return { kind: 'url', url: withoutCredentials(source.url), ...optional('subdirectory', source.subdirectory) };
    case 'git':
      return { kind: 'git', url: lockedGitUrl(source, fullCommit(source.reference?.name)) };
    default:
      return { kind: source.kind, path: lockedPath(source, root) };
  }
}

/** Ordered by version, comma-separated without spaces. */
export function specifierText({ specifiers }: SpecifierSet): string {
  return sortedSpecifiers({ specifiers }).specifiers.map(formatSpecifier).join(',');
}

export function sortedSpecifiers({ specifiers }: SpecifierSet): SpecifierSet {
  return {
    specifiers: specifiers.toSorted((a, b) =>
      a.version === undefined || b.version === undefined ? 0 : compareVersions(a.version, b.version),
    ),
  };
}

/** The URL of a repository, with subdirectory and reference as its query, and the commit as its fragment. */
export function lockedGitUrl(source: LoweredSource & { readonly kind: 'git' }, commit: string | undefined): string {
  const url = new URL(withoutCredentials(source.repository));
  const query = new URLSearchParams();
  if (source.subdirectory !== undefined) query.append('subdirectory', source.subdirectory);
  if (source.lfs) query.append('lfs', 'true');
  if (source.reference !== undefined) query.append(source.reference.kind, source.reference.name);
  url.search = query.toString();
  url.hash = commit ?? '';
  return url.href;
}

function fullCommit(reference: string | undefined): string | undefined {
  return reference !== undefined && /^[0-9a-f]{40}$/.test(reference) ? reference : undefined;
}

export function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.protocol !== 'ssh:') url.username = '';
  url.password = '';
  return url.href;
}

/** Relative to the root, with `/`; `.` for the root; absolute where it was written so. */
export function lockedPath(
  { path, isWrittenAbsolute }: { readonly path: string; readonly isWrittenAbsolute: boolean },
  root: string,
): string {
  return (isWrittenAbsolute ? path : relative(root, path) || '.').replaceAll('\\', '/');
}
