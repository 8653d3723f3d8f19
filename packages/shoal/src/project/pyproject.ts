/** What `pyproject.toml` asks for: `[project]` dependencies and extras (PEP 621), `[dependency-groups]` (PEP 735). Reads only. */
import {
  andMarkers,
  markerKey,
  normalizeName,
  PackagingError,
  parseRequirement,
  tryNormalizeName,
} from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement } from '@shoal/packaging';
import { parse, TomlError } from 'smol-toml';
import { RequirementsFileError } from './requirement-errors.ts';
import { SourceTable } from './source-table.ts';
import type { SourcePolicy } from './source-table.ts';
import { DynamicRequirementsError } from './dynamic-requirements-error.ts';

type Table = Readonly<Record<string, unknown>>;

export interface ProjectRequirement {
  readonly requirement: Requirement;
  /** As annotations name it: `app (pyproject.toml)`, or for a group `app (pyproject.toml:dev)`. */
  readonly origin: string;
}

interface ProjectOptions {
  /** How messages name the file. */
  readonly path: string;
  readonly extras: 'all' | readonly string[];
}

/**
 * The dependencies of the project, and those of the wanted extras.
 *
 * @throws {RequirementsFileError} for a file that is no TOML, has no `[project]`, or lists something that is no requirement.
 * @throws {DynamicRequirementsError} when the dependencies are dynamic: only a build could tell.
 */
export function readProjectRequirements(text: string, { path, extras }: ProjectOptions): ProjectRequirement[] {
  const document = parseToml(text, path);
  const project = tableIn(document, 'project');
  if (project === undefined)
    throw new RequirementsFileError(path, `\`${path}\` has no \`[project]\` table`, {
      hint: 'Add one with `name`, `version` and `dependencies`',
    });
  const dynamic = textsIn(project['dynamic']);
  if (dynamic.includes('dependencies') || dynamic.includes('optional-dependencies'))
    throw new DynamicRequirementsError(path);
  const name = typeof project['name'] === 'string' ? normalizeName(project['name']) : 'project';
  const own = requirementsOf(project['dependencies'], path, 'project.dependencies');
  const optional = optionalDependencies(project, path);
  const wanted = wantedExtras(optional, { path, extras });
  const all = [...own, ...wanted.flatMap((extra) => optional.get(extra) ?? [])];
  return withoutSelf(all, { name, optional }).map((requirement) => ({ requirement, origin: `${name} (${path})` }));
}

type OptionalDependencies = ReadonlyMap<NormalizedName, readonly Requirement[]>;

function optionalDependencies(project: Table, path: string): OptionalDependencies {
  return new Map(
    Object.entries(tableIn(project, 'optional-dependencies') ?? {}).map(([extra, list]) => [
      normalizeName(extra),
      requirementsOf(list, path, `project.optional-dependencies.${extra}`),
    ]),
  );
}

function wantedExtras(optional: OptionalDependencies, { path, extras }: ProjectOptions): readonly NormalizedName[] {
  const wanted = extras === 'all' ? [...optional.keys()] : extras.map(normalizeName);
  const unknown = wanted.find((extra) => !optional.has(extra));
  if (unknown !== undefined)
    throw new RequirementsFileError(path, `Requested extra not found: ${unknown}`, {
      hint: `\`${path}\` has the extras: ${[...optional.keys()].join(', ') || 'none'}`,
    });
  return wanted;
}

/** A project that asks for extras of itself (`app[web]`) means what these extras hold. */
function withoutSelf(
  requirements: readonly Requirement[],
  { name, optional }: { readonly name: string; readonly optional: OptionalDependencies },
): readonly Requirement[] {
  const found: Requirement[] = [];
  const seen = new Set<string>();
  const pending = [...requirements];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (next.name !== name) {
      found.push(next);
      continue;
    }
    for (const extra of next.extras) {
      const key = `${extra} ${next.marker === undefined ? '' : markerKey(next.marker)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const { marker } = next;
      pending.push(...(optional.get(extra) ?? []).map((requirement) => under(requirement, marker)));
    }
  }
  return found;
}

function under(requirement: Requirement, marker: Marker | undefined): Requirement {
  if (marker === undefined) return requirement;
  return {
    ...requirement,
    marker: requirement.marker === undefined ? marker : andMarkers(requirement.marker, marker),
  };
}

/** `dependencies` of inline script metadata (PEP 723). @throws {RequirementsFileError} */
export function readScriptRequirements(toml: string, path: string): Requirement[] {
  return requirementsOf(parseToml(toml, path)['dependencies'], path, 'dependencies');
}

/** `tool.uv.sources`. @throws {RequirementsFileError} for a file that is no TOML. */
export function readSourceTable(toml: string, path: string, policy: SourcePolicy): SourceTable {
  const uv = tableIn(tableIn(parseToml(toml, path), 'tool') ?? {}, 'uv');
  return new SourceTable(uv === undefined ? undefined : tableIn(uv, 'sources'), policy, path);
}

/** The requirements of a dependency group, includes resolved. @throws {RequirementsFileError} */
export function readGroup(
  text: string,
  { path, group }: { readonly path: string; readonly group: string },
): ProjectRequirement[] {
  const document = parseToml(text, path);
  const groups = new Map(
    Object.entries(tableIn(document, 'dependency-groups') ?? {}).map(([name, list]) => [normalizeName(name), list]),
  );
  const project = tableIn(document, 'project')?.['name'];
  const place = `(${path}:${normalizeName(group)})`;
  const origin = typeof project === 'string' ? `${normalizeName(project)} ${place}` : place;
  const requirements = new GroupReader(groups, path).read(normalizeName(group), []);
  return requirements.map((requirement) => ({ requirement, origin }));
}

class GroupReader {
  readonly #groups: ReadonlyMap<NormalizedName, unknown>;
  readonly #path: string;

  constructor(groups: ReadonlyMap<NormalizedName, unknown>, path: string) {
    this.#groups = groups;
    this.#path = path;
  }

  read(name: NormalizedName, open: readonly NormalizedName[]): Requirement[] {
    if (open.includes(name)) {
      const cycle = [...open, name].map((one) => `\`${one}\``).join(' -> ');
      throw this.#fault(`Dependency groups in \`${this.#path}\` include each other: ${cycle}`);
    }
    const entries = this.#groups.get(name);
    if (entries === undefined)
      throw this.#fault(
        `The dependency group '${name}' was not found in the project: ${this.#path}`,
        `\`${this.#path}\` has the groups: ${[...this.#groups.keys()].join(', ') || 'none'}`,
      );
    if (!Array.isArray(entries)) throw this.#fault(`The dependency group \`${name}\` in \`${this.#path}\` is no list`);
    return entries.flatMap((entry: unknown) => {
      if (typeof entry === 'string') return requirementsOf([entry], this.#path, `dependency-groups.${name}`);
      const included = isTable(entry) ? entry['include-group'] : undefined;
      const normalized = typeof included === 'string' ? tryNormalizeName(included) : undefined;
      if (normalized === undefined)
        throw this.#fault(
          `The dependency group \`${name}\` in \`${this.#path}\` holds something that is neither a requirement nor \`{include-group = "…"}\``,
        );
      return this.read(normalized, [...open, name]);
    });
  }

  #fault(message: string, hint?: string): RequirementsFileError {
    return new RequirementsFileError(this.#path, message, hint === undefined ? {} : { hint });
  }
}

/** `project.requires-python`; `undefined` when there is none. @throws {RequirementsFileError} for a file that is no TOML. */
export function readRequiresPython(text: string, path: string): string | undefined {
  const value = tableIn(parseToml(text, path), 'project')?.['requires-python'];
  return typeof value === 'string' ? value : undefined;
}

function parseToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new RequirementsFileError(path, `Failed to parse \`${path}\` at ${path}:${error.line}:${error.column}`, {
      cause: error,
    });
  }
}

function requirementsOf(list: unknown, path: string, place: string): Requirement[] {
  if (list === undefined) return [];
  const texts = Array.isArray(list) ? list : undefined;
  if (texts === undefined || !texts.every((text) => typeof text === 'string'))
    throw new RequirementsFileError(path, `\`${place}\` in \`${path}\` is no list of strings`);
  return texts.map((text: string) => {
    try {
      return parseRequirement(text);
    } catch (error) {
      if (error instanceof PackagingError)
        throw new RequirementsFileError(
          path,
          `\`${place}\` in \`${path}\` holds something that is no requirement: \`${text}\``,
          { cause: error },
        );
      throw error;
    }
  });
}

function tableIn(table: Table, key: string): Table | undefined {
  const value = table[key];
  return isTable(value) ? value : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
