/** `pip list`: what is installed, and with `--outdated` only that of which the indexes have something newer. */
import { compareVersions, formatVersion, supportedTags } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import type { ExcludeNewer } from '../resolve/resolve-input.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import { ownTarget } from './check-target.ts';
import { findLatestVersions } from './latest-version.ts';
import type { LatestVersion } from './latest-version.ts';
import { readEnvironment } from './read-environment.ts';
import type { ReadSurroundings } from './read-environment.ts';

export interface ListInput {
  readonly environment: Environment;
  /** `undefined`: editable installs and all others. */
  readonly editable: boolean | undefined;
  readonly exclude: ReadonlySet<NormalizedName>;
  /** `undefined`: do not ask the indexes. */
  readonly outdated: { readonly excludeNewer: ExcludeNewer | undefined } | undefined;
  readonly strict: boolean;
}

export interface ListedDistribution {
  readonly name: NormalizedName;
  readonly version: string;
  /** Absolute path of the sources of an editable install. */
  readonly editableFolder: string | undefined;
  /** What is newer; only with `outdated`. */
  readonly latest: { readonly version: string; readonly kind: LatestVersion['kind'] } | undefined;
}

export interface ListResult {
  /** By name, then by version. */
  readonly distributions: readonly ListedDistribution[];
  readonly incompatibilities: readonly Incompatibility[];
}

interface Facts {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly editableFolder: string | undefined;
}

export async function listInstalled(input: ListInput, surroundings: ReadSurroundings): Promise<ListResult> {
  const { environment, exclude, editable } = input;
  const { facts, incompatibilities } = await readEnvironment(environment, surroundings, (installed) => ({
    facts: installed
      .filter(({ name }) => !exclude.has(name))
      .map(factsOf)
      .filter(({ editableFolder }) => editable === undefined || editable === (editableFolder !== undefined))
      .sort(byNameAndVersion),
    incompatibilities: input.strict ? checkInstalled(installed, ownTarget(environment)) : [],
  }));
  const distributions =
    input.outdated === undefined
      ? facts.map((one) => listed(one, undefined))
      : await onlyOutdated(facts, input, surroundings);
  return { distributions, incompatibilities };
}

function factsOf(one: InstalledDistribution): Facts {
  return { name: one.name, version: one.version, editableFolder: one.editableFolder() };
}

/** The order of listings: by name, then by version. */
export function byNameAndVersion(a: Pick<Facts, 'name' | 'version'>, b: Pick<Facts, 'name' | 'version'>): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return compareVersions(a.version, b.version);
}

async function onlyOutdated(
  facts: readonly Facts[],
  { environment, outdated }: ListInput,
  { context }: ReadSurroundings,
): Promise<ListedDistribution[]> {
  const { version: python, tags } = environment.interpreter;
  const policy = { python, tags: supportedTags(tags), excludeNewer: outdated?.excludeNewer };
  const latest = await findLatestVersions(
    facts.map(({ name }) => name),
    policy,
    context,
  );
  return facts.flatMap((one) => {
    const newer = latest.get(one.name);
    return newer !== undefined && compareVersions(newer.version, one.version) > 0 ? [listed(one, newer)] : [];
  });
}

function listed({ name, version, editableFolder }: Facts, latest: LatestVersion | undefined): ListedDistribution {
  return {
    name,
    version: formatVersion(version),
    editableFolder,
    latest: latest && { version: formatVersion(latest.version), kind: latest.kind },
  };
}
