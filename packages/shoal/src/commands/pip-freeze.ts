/** `pip freeze`: what is installed, as requirements. */
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import { targetEnvironment } from '../environment/environment.ts';
import type { Environment } from '../environment/environment.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import { ownTarget } from './check-target.ts';
import { originOf } from './frozen-origin.ts';
import { byNameAndVersion } from './pip-list.ts';
import { readEnvironment } from './read-environment.ts';
import type { ReadSurroundings } from './read-environment.ts';

export interface FreezeInput {
  readonly environment: Environment;
  /** Absolute folders to look into instead of the environment's own; missing ones hold nothing. */
  readonly paths: readonly string[] | undefined;
  readonly excludeEditable: boolean;
  readonly exclude: ReadonlySet<NormalizedName>;
  readonly strict: boolean;
}

/** One requirement that brings back what is installed. */
export type FrozenRequirement =
  | { readonly kind: 'version'; readonly name: NormalizedName; readonly version: string }
  | { readonly kind: 'url'; readonly name: NormalizedName; readonly url: string }
  | { readonly kind: 'editable'; readonly location: string };

export interface FreezeResult {
  /** By name, then by version. */
  readonly requirements: readonly FrozenRequirement[];
  readonly incompatibilities: readonly Incompatibility[];
}

interface Frozen {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly requirement: FrozenRequirement;
}

export async function freezeInstalled(input: FreezeInput, surroundings: ReadSurroundings): Promise<FreezeResult> {
  const { environment, paths } = input;
  const places =
    paths === undefined ? [environment] : paths.map((path) => targetEnvironment(path, environment.interpreter));
  const frozen: Frozen[] = [];
  const incompatibilities: Incompatibility[] = [];
  for (const place of places) {
    await readEnvironment(place, surroundings, (installed) => {
      frozen.push(...installed.filter((one) => isWanted(one, input)).map(freeze));
      if (input.strict) incompatibilities.push(...checkInstalled(installed, ownTarget(environment)));
    });
  }
  return { requirements: frozen.sort(byNameAndVersion).map(({ requirement }) => requirement), incompatibilities };
}

function isWanted(one: InstalledDistribution, { exclude, excludeEditable }: FreezeInput): boolean {
  return !exclude.has(one.name) && !(excludeEditable && one.editableFolder() !== undefined);
}

function freeze(one: InstalledDistribution): Frozen {
  const { name, version } = one;
  return { name, version, requirement: requirementOf(one) };
}

function requirementOf(one: InstalledDistribution): FrozenRequirement {
  const editableFolder = one.editableFolder();
  const url = originOf(one);
  if (editableFolder !== undefined) return { kind: 'editable', location: url ?? editableFolder };
  return url === undefined
    ? { kind: 'version', name: one.name, version: formatVersion(one.version) }
    : { kind: 'url', name: one.name, url };
}
