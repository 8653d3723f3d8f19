/** What an existing lockfile holds that a new resolution keeps where it fits. */
import {
  complexifyMarkerWithPython,
  orMarkers,
  falseMarker,
  parseMarker,
  parseSpecifierSet,
  parseVersion,
  releaseRangeOfSpecifierSet,
} from '@shoal/packaging';
import type { Marker, NormalizedName, VersionRange } from '@shoal/packaging';
import type { Preference } from '../resolve/resolve-input.ts';
import type { Lockfile } from './lockfile.ts';
import { optional } from './optional.ts';

export interface LockPreferences {
  readonly versions: ReadonlyMap<NormalizedName, readonly Preference[]>;
  /** Commits of repositories, by the URL of the requirement: `git+https://…@main`. */
  readonly commits: ReadonlyMap<string, string>;
}

/** @param upgraded What is not to be kept. */
export function lockPreferences(lockfile: Lockfile, upgraded: 'all' | ReadonlySet<NormalizedName>): LockPreferences {
  const versions = new Map<NormalizedName, Preference[]>();
  const commits = new Map<string, string>();
  for (const { name, version, source, resolutionMarkers } of lockfile.packages) {
    if (upgraded === 'all' || upgraded.has(name)) continue;
    if (source.kind === 'git') {
      const found = commitOf(source.url);
      if (found !== undefined) commits.set(found.written, found.commit);
    }
    if (version === undefined || source.kind !== 'registry') continue;
    const marker = resolutionMarkers.length === 0 ? undefined : unionOf(resolutionMarkers);
    const preference = { version: parseVersion(version), ...optional('marker', marker) };
    const list = versions.get(name);
    if (list === undefined) versions.set(name, [preference]);
    else list.push(preference);
  }
  return { versions, commits };
}

function unionOf(texts: readonly string[]): Marker {
  return texts.map((text) => parseMarker(text)).reduce(orMarkers, falseMarker);
}

/** The forks of the lockfile, to be solved again one by one. */
export function forksOf({ resolutionMarkers, requiresPython }: Lockfile): readonly Marker[] {
  const range = pythonRangeOf(requiresPython);
  return resolutionMarkers.map((text) => complexifyMarkerWithPython(parseMarker(text), range));
}

export function pythonRangeOf(text: string): VersionRange {
  return releaseRangeOfSpecifierSet(parseSpecifierSet(text));
}

/** `https://host/project?branch=main#<commit>` is what `git+https://host/project@main` was locked to. */
function commitOf(text: string): { readonly written: string; readonly commit: string } | undefined {
  const url = URL.parse(text);
  if (url === null || url.hash === '') return undefined;
  const reference = ['rev', 'tag', 'branch'].map((key) => url.searchParams.get(key)).find((name) => name !== null);
  const fragments = [
    ...(url.searchParams.has('subdirectory') ? [`subdirectory=${url.searchParams.get('subdirectory')}`] : []),
    ...(url.searchParams.has('lfs') ? ['lfs=true'] : []),
  ];
  const commit = url.hash.slice(1);
  url.hash = '';
  url.search = '';
  const suffix = `${reference === undefined ? '' : `@${reference}`}${fragments.length === 0 ? '' : `#${fragments.join('&')}`}`;
  return { written: `git+${url.href}${suffix}`, commit };
}
