/**
 * Wanted distributions against installed ones: what stays, what goes, what comes. Plain data in, plain data out; the rules are
 * uv's, whose `pip` commands take an installed distribution of the right version from wherever it came, and whose `sync`
 * (`sources: 'strict'`) does not.
 */
import { formatVersion, versionsEqual } from '@shoal/packaging';
import type { DirectUrl, NormalizedName, Version } from '@shoal/packaging';
import { isFromSource } from './wanted-source.ts';
import type { WantedSource } from './wanted-source.ts';

export interface WantedDistribution<Node> {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly source: WantedSource;
  /** Handed through to the plan. */
  readonly node: Node;
}

/** An installed distribution, as far as planning goes. */
export interface PlannedInstalled {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly kind: 'dist-info' | 'egg-info-folder' | 'egg-info-file' | 'egg-link';
  /** `undefined` for one that an index gave. Read only when it matters. */
  directUrl(): DirectUrl | undefined;
}

export interface PlanPolicy<Installed> {
  /** `--reinstall`, `--reinstall-package`. */
  readonly reinstall: 'none' | 'all' | ReadonlySet<NormalizedName>;
  /** Remove what is not wanted (`--exact`, `pip sync`). */
  readonly exact: boolean;
  /** With `exact`: names that stay though nobody wants them (`seedNames`). */
  readonly spared?: ReadonlySet<string> | undefined;
  /** `strict`: what an index should give must have come from an index. */
  readonly sources: 'any' | 'strict';
  /** False for an installed distribution whose wheel does not fit the interpreter any more. Default: all fit. */
  readonly isCompatible?: ((installed: Installed) => boolean) | undefined;
}

export interface InstallPlan<Node, Installed> {
  readonly keep: readonly Installed[];
  /** Installed and not wanted. */
  readonly remove: readonly Installed[];
  readonly add: readonly PlannedAddition<Node, Installed>[];
}

export interface PlannedAddition<Node, Installed> {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly node: Node;
  /** What goes when this comes: other versions, or the same one again. Empty for a new distribution. */
  readonly replaces: readonly Installed[];
}

export interface PlanInput<Node, Installed extends PlannedInstalled> {
  readonly wanted: readonly WantedDistribution<Node>[];
  readonly installed: readonly Installed[];
  readonly policy: PlanPolicy<Installed>;
}

/** All lists are sorted by name. */
export function planInstall<Node, Installed extends PlannedInstalled>({
  wanted,
  installed,
  policy,
}: PlanInput<Node, Installed>): InstallPlan<Node, Installed> {
  const byName = Map.groupBy(installed, ({ name }) => name);
  const keep: Installed[] = [];
  const add: PlannedAddition<Node, Installed>[] = [];
  for (const distribution of wanted) {
    const present = byName.get(distribution.name) ?? [];
    byName.delete(distribution.name);
    if (mayStay(distribution, present, policy)) keep.push(...present);
    else
      add.push({ name: distribution.name, version: distribution.version, node: distribution.node, replaces: present });
  }
  const others = [...byName.values()].flat();
  const remove = policy.exact ? others.filter(({ name }) => policy.spared?.has(name) !== true) : [];
  const isRemoved = new Set(remove);
  return {
    keep: sorted([...keep, ...others.filter((one) => !isRemoved.has(one))]),
    remove: sorted(remove),
    add: sorted(add),
  };
}

/** Several versions of one project side by side are never kept: removing one may break the other. */
function mayStay<Node, Installed extends PlannedInstalled>(
  wanted: WantedDistribution<Node>,
  present: readonly Installed[],
  policy: PlanPolicy<Installed>,
): boolean {
  const [installed] = present;
  if (installed === undefined || present.length > 1) return false;
  if (policy.reinstall === 'all' || (policy.reinstall !== 'none' && policy.reinstall.has(wanted.name))) return false;
  if (wanted.source.kind === 'installed') return true;
  return isSatisfied(wanted, installed, policy);
}

function isSatisfied<Node, Installed extends PlannedInstalled>(
  wanted: WantedDistribution<Node>,
  installed: Installed,
  policy: PlanPolicy<Installed>,
): boolean {
  if (!versionsEqual(wanted.version, installed.version)) return false;
  const isAnySource = wanted.source.kind === 'registry' && policy.sources === 'any';
  if (!isAnySource && (installed.kind !== 'dist-info' || !isFromSource(installed.directUrl(), wanted.source)))
    return false;
  return policy.isCompatible?.(installed) ?? true;
}

function sorted<Item extends { readonly name: string; readonly version: Version }>(items: Item[]): readonly Item[] {
  return items.sort(
    (a, b) => compareTexts(a.name, b.name) || compareTexts(formatVersion(a.version), formatVersion(b.version)),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What an exact install spares in an environment that was not made without seeds: uv's list, by Python version. */
export function seedNames(python: Version): ReadonlySet<string> {
  const [major = 3, minor = 0] = python.release;
  return new Set(major > 3 || minor >= 12 ? ['pip', 'uv'] : ['pip', 'setuptools', 'wheel', 'uv']);
}
