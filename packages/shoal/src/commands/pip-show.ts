/** `pip show`: what is known of named installed distributions. */
import { dirname } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import { evaluateMarker, formatVersion } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import { ownTarget } from './check-target.ts';
import { readEnvironment } from './read-environment.ts';
import type { ReadSurroundings } from './read-environment.ts';

export interface ShowInput {
  readonly environment: Environment;
  readonly names: readonly NormalizedName[];
  readonly withFiles: boolean;
  readonly strict: boolean;
}

export interface ShownDistribution {
  readonly name: NormalizedName;
  readonly version: string;
  /** The folder that holds it. */
  readonly location: string;
  readonly editableFolder: string | undefined;
  /** `undefined` when its metadata cannot be read. */
  readonly relations:
    | { readonly requires: readonly NormalizedName[]; readonly requiredBy: readonly NormalizedName[] }
    | undefined;
  /** Paths of RECORD, in its order; only when they were asked for. */
  readonly files: readonly string[] | undefined;
}

export interface ShowResult {
  readonly missing: readonly NormalizedName[];
  readonly distributions: readonly ShownDistribution[];
  readonly incompatibilities: readonly Incompatibility[];
}

/** An installed distribution does not list its files. */
export class MissingRecordError extends OperationalError {
  override readonly code = 'MISSING_RECORD';

  constructor(name: NormalizedName, path: string) {
    super(`Failed to list the files of \`${name}\`: there is no RECORD in \`${path}\``, {
      hint: 'Install it again, e.g., with `shoal pip install --reinstall`',
    });
  }
}

/** @throws {MissingRecordError} */
export async function showInstalled(input: ShowInput, surroundings: ReadSurroundings): Promise<ShowResult> {
  return await readEnvironment(input.environment, surroundings, (installed) => showAmong(installed, input));
}

function showAmong(
  installed: readonly InstalledDistribution[],
  { environment, names, withFiles, strict }: ShowInput,
): ShowResult {
  const wanted = new Set(names);
  const present = new Set(installed.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !present.has(name)).sort();
  const shown = installed.filter(({ name }) => wanted.has(name));
  if (shown.length === 0) return { missing, distributions: [], incompatibilities: [] };
  const requirements = requirementsByName(installed, environment.interpreter.markers);
  const distributions = shown.map((one): ShownDistribution => {
    const requires = requirements.get(one.name);
    return {
      name: one.name,
      version: formatVersion(one.version),
      location: one.kind === 'egg-link' ? (one.editableFolder() ?? dirname(one.path)) : dirname(one.path),
      editableFolder: one.editableFolder(),
      relations: requires && { requires, requiredBy: requirersOf(one.name, requirements) },
      files: withFiles ? filesOf(one) : undefined,
    };
  });
  return { missing, distributions, incompatibilities: strict ? checkInstalled(installed, ownTarget(environment)) : [] };
}

type RequirementsByName = ReadonlyMap<NormalizedName, readonly NormalizedName[]>;

/** What each distribution requires in this environment, extras aside; distributions with unreadable metadata are absent. */
function requirementsByName(
  installed: readonly InstalledDistribution[],
  markers: MarkerEnvironment,
): RequirementsByName {
  const found = new Map<NormalizedName, readonly NormalizedName[]>();
  for (const one of installed) {
    const names = requiredNames(one, markers);
    if (names !== undefined) found.set(one.name, names);
  }
  return found;
}

function requiredNames(one: InstalledDistribution, markers: MarkerEnvironment): readonly NormalizedName[] | undefined {
  try {
    const applicable = one
      .metadata()
      .requiresDist.filter(({ marker }) => marker === undefined || evaluateMarker(marker, markers));
    return [...new Set(applicable.map(({ name }) => name))].sort();
  } catch (error) {
    if (error instanceof OperationalError || hasErrorCode(error, 'EACCES', 'EISDIR')) return undefined;
    throw error;
  }
}

function requirersOf(name: NormalizedName, requirements: RequirementsByName): readonly NormalizedName[] {
  return [...requirements]
    .filter(([requirer, names]) => requirer !== name && names.includes(name))
    .map(([requirer]) => requirer)
    .sort();
}

function filesOf(one: InstalledDistribution): readonly string[] {
  const record = one.record();
  if (record === undefined) throw new MissingRecordError(one.name, one.path);
  return record.map(({ path }) => path);
}
