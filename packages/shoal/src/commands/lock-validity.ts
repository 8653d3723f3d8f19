/** Whether an existing lockfile still says what is asked for, and if not, how much of it a new resolution may keep. */
import {
  complexifyMarkerWithPython,
  formatMarker,
  markersEqual,
  parseMarker,
  rangesEqual,
  simplifyMarkerWithPython,
} from '@shoal/packaging';
import type { Marker, VersionRange } from '@shoal/packaging';
import { pythonRangeOf } from '../lock/lock-preferences.ts';
import type { ConflictItem, LockedCutoff, LockedManifest, LockedOptions, Lockfile } from '../lock/lockfile.ts';
import { boundsOfRange } from '../resolve/python-bounds.ts';

/** `versions`: those that are locked are preferred; `preferable`: the forks are solved again as they are, too. */
export type LockValidity =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'unusable' | 'versions' | 'preferable'; readonly reason?: string };

export interface WantedLock {
  readonly options: LockedOptions;
  readonly manifest: LockedManifest;
  readonly conflicts: readonly (readonly ConflictItem[])[];
  readonly supported: readonly Marker[];
  readonly required: readonly Marker[];
  readonly python: VersionRange;
  readonly upgrades: 'all' | 'some' | 'none';
  /** `--refresh`. */
  readonly refreshes: boolean;
}

/** What can be seen without looking at any package. */
export function lockValidity(lockfile: Lockfile, wanted: WantedLock): LockValidity {
  return (
    changeOfOptions(lockfile.options, wanted.options) ??
    (wanted.upgrades === 'all' ? { kind: 'unusable' } : undefined) ??
    changeOfEnvironments(lockfile, wanted) ??
    changeOfPrereleases(lockfile.options, wanted.options) ??
    (wanted.upgrades === 'some' || wanted.refreshes ? { kind: 'preferable' } : { kind: 'unchanged' })
  );
}

function changeOfOptions(old: LockedOptions, wanted: LockedOptions): LockValidity | undefined {
  const [mode, wantedMode] = [old.resolutionMode ?? 'highest', wanted.resolutionMode ?? 'highest'];
  if (mode !== wantedMode)
    return {
      kind: 'unusable',
      reason: `Ignoring existing lockfile due to change in resolution mode: \`${mode}\` vs. \`${wantedMode}\``,
    };
  const [strategy, wantedStrategy] = [old.forkStrategy ?? 'requires-python', wanted.forkStrategy ?? 'requires-python'];
  if (strategy !== wantedStrategy)
    return {
      kind: 'unusable',
      reason: `Ignoring existing lockfile due to change in fork strategy: \`${strategy}\` vs. \`${wantedStrategy}\``,
    };
  const change = changeOfCutoff(old.excludeNewer, wanted.excludeNewer) ?? changeOfPackageCutoffs(old, wanted);
  return change === undefined
    ? undefined
    : { kind: 'preferable', reason: `Resolving despite existing lockfile due to ${change}` };
}

function changeOfCutoff(old: LockedCutoff | undefined, wanted: LockedCutoff | undefined): string | undefined {
  if (old === undefined) return wanted && `addition of global exclude newer ${wanted.text}`;
  if (wanted === undefined) return 'removal of global exclude newer';
  return changeOfValue(old, wanted);
}

function changeOfValue(old: LockedCutoff, wanted: LockedCutoff): string | undefined {
  if (old.kind === wanted.kind && old.text === wanted.text) return undefined;
  if (old.kind === 'instant')
    return wanted.kind === 'instant'
      ? `change of exclude newer timestamp from \`${old.text}\` to \`${wanted.text}\``
      : `addition of exclude newer span \`${wanted.text}\``;
  return wanted.kind === 'instant'
    ? 'removal of exclude newer span'
    : `change of exclude newer span from \`${old.text}\` to \`${wanted.text}\``;
}

function changeOfPackageCutoffs(old: LockedOptions, wanted: LockedOptions): string | undefined {
  for (const [name, cutoff] of wanted.excludeNewerPackage) {
    const before = old.excludeNewerPackage.get(name);
    if (before === undefined)
      return cutoff === false
        ? `addition of exclude newer exclusion for package \`${name}\``
        : `addition of exclude newer \`${cutoff.text}\` for package \`${name}\``;
    if (before === false || cutoff === false) {
      if (before !== cutoff) return `change of exclude newer for package \`${name}\``;
    } else {
      const change = changeOfValue(before, cutoff);
      if (change !== undefined) return `${change} for package \`${name}\``;
    }
  }
  const gone = [...old.excludeNewerPackage.keys()].find((name) => !wanted.excludeNewerPackage.has(name));
  return gone === undefined ? undefined : `removal of exclude newer for package \`${gone}\``;
}

function changeOfEnvironments(lockfile: Lockfile, wanted: WantedLock): LockValidity | undefined {
  const range = pythonRangeOf(lockfile.requiresPython);
  const isSame = (texts: readonly string[], markers: readonly Marker[]): boolean =>
    texts.length === markers.length &&
    markers.every((marker, index) => {
      const text = texts[index];
      return text !== undefined && markersEqual(simplifyMarkerWithPython(marker, range), simple(text, range));
    });
  if (!isSame(lockfile.supportedMarkers, wanted.supported) || !isSame(lockfile.requiredMarkers, wanted.required))
    return { kind: 'versions' };
  if (JSON.stringify(lockfile.conflicts) !== JSON.stringify(wanted.conflicts)) return { kind: 'versions' };
  if (isSamePython(range, wanted.python)) return undefined;
  return { kind: lockfile.resolutionMarkers.length === 0 ? 'preferable' : 'versions' };
}

function simple(text: string, range: VersionRange): Marker {
  return simplifyMarkerWithPython(complexifyMarkerWithPython(parseMarker(text), range), range);
}

/** Only outer bounds count. */
function isSamePython(a: VersionRange, b: VersionRange): boolean {
  const text = (range: VersionRange): string =>
    JSON.stringify(boundsOfRange(range), ['lower', 'upper', 'inclusive', 'version', 'key']);
  return rangesEqual(a, b) || text(a) === text(b);
}

function changeOfPrereleases(old: LockedOptions, wanted: LockedOptions): LockValidity | undefined {
  const [mode, wantedMode] = [old.prereleaseMode ?? 'if-necessary', wanted.prereleaseMode ?? 'if-necessary'];
  if (mode !== wantedMode)
    return {
      kind: 'preferable',
      reason: `Resolving despite existing lockfile due to change in pre-release mode: \`${mode}\` vs. \`${wantedMode}\``,
    };
  const [before, after] = [old.prereleasePackage, wanted.prereleasePackage];
  const isSame = before.size === after.size && [...after].every(([name, value]) => before.get(name) === value);
  return isSame ? undefined : { kind: 'preferable' };
}

/** The marker in the words that it has where the Pythons of the range are a matter of course. */
export function simplifiedText(marker: string | undefined, range: VersionRange): string | undefined {
  return marker === undefined ? undefined : formatMarker(simplifyMarkerWithPython(parseMarker(marker), range));
}
