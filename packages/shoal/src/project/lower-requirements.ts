/** Puts `[tool.uv.sources]` of a project and of its workspace root to the requirements that they are about. */
import { statSync } from 'node:fs';
import { extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OperationalError } from '@shoal/cache';
import { andMarkers, falseMarker, isFalseMarker, notMarker, orMarkers, trueMarker } from '@shoal/packaging';
import type { Marker, NormalizedName, Requirement } from '@shoal/packaging';
import type { IndexLocation } from './distribution-file.ts';
import type { LoweredRequirement, LoweredSource } from './lowered-requirement.ts';
import { readProjectFile } from './project-file.ts';
import type { ProjectFile } from './project-file.ts';
import type { ProjectSource } from './project-source.ts';
import { parseSourceLocation } from './source-location.ts';
import type { ProjectIndex } from './tool-uv.ts';
import { isPackaged } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** A requirement and its source do not fit together. */
export class SourceError extends OperationalError {
  override readonly code = 'PROJECT_SOURCE';

  constructor(name: NormalizedName, problem: string, hint?: string) {
    super(`Failed to parse entry: \`${name}\`: ${problem}`, { hint });
  }
}

export interface SourceRules {
  /** `--no-sources` and `--no-sources-package`. */
  readonly ignored: 'all' | ReadonlySet<NormalizedName>;
  /** Indexes of the command line, which come first. */
  readonly named: readonly IndexLocation[];
}

/** Where a requirement stands. */
export interface RequirementPlace {
  readonly file: ProjectFile;
  readonly extra?: NormalizedName | undefined;
  readonly group?: NormalizedName | undefined;
}

export class RequirementLowering {
  readonly #workspace: Workspace;
  readonly #rules: SourceRules;

  constructor(workspace: Workspace, rules: SourceRules) {
    this.#workspace = workspace;
    this.#rules = rules;
  }

  /** One requirement for each source, and one for what no source covers. @throws {SourceError} {SourceLocationError} */
  lower(requirement: Requirement, place: RequirementPlace): readonly LoweredRequirement[] {
    const { name, extras } = requirement;
    const marker = requirement.marker ?? trueMarker;
    const { ignored } = this.#rules;
    const found = ignored === 'all' || ignored.has(name) ? undefined : this.#sourcesOf(name, place);
    if (found === undefined) return [{ name, extras, marker, source: plainSource(requirement, place.file.folder) }];
    const covered = found.sources.reduce<Marker>((all, source) => orMarkers(all, source.marker), falseMarker);
    const lowered = found.sources.map((source) => ({
      name,
      extras,
      marker: andMarkers(source.marker, marker),
      source: this.#lowered(source, requirement, { ...place, base: found.base }),
    }));
    const rest = {
      name,
      extras,
      marker: andMarkers(notMarker(covered), marker),
      source: plainSource(requirement, place.file.folder),
    };
    return [...lowered, rest].filter((one) => !isFalseMarker(one.marker));
  }

  /** Without regard to any source: as core metadata has it. */
  plain(requirement: Requirement): LoweredRequirement {
    const { name, extras, marker = trueMarker } = requirement;
    return { name, extras, marker, source: plainSource(requirement, this.#workspace.root.folder) };
  }

  #sourcesOf(
    name: NormalizedName,
    { file, extra, group }: RequirementPlace,
  ): { readonly sources: readonly ProjectSource[]; readonly base: string } | undefined {
    const { root, members } = this.#workspace;
    const own = file.toolUv.sources.get(name);
    const all = own ?? root.toolUv.sources.get(name);
    const sources = all?.filter(
      (source) =>
        (source.extra === undefined || source.extra === extra) &&
        (source.group === undefined || source.group === group),
    );
    if (members.has(name) && file.name !== name) requireWorkspaceSource(name, sources);
    return sources === undefined ? undefined : { sources, base: own === undefined ? root.folder : file.folder };
  }

  #lowered(
    source: ProjectSource,
    requirement: Requirement,
    { file, base }: RequirementPlace & { readonly base: string },
  ): LoweredSource {
    const { name, specifiers } = requirement;
    switch (source.kind) {
      case 'git':
        return { ...source, repository: source.git };
      case 'url':
        return { ...source, ...withoutFragment(source.url, source.subdirectory) };
      case 'path':
        return pathSource(source, { name, base });
      case 'workspace':
        return this.#memberSource(name, source.editable);
      case 'index': {
        const { extra, group } = source;
        const conflict =
          file.name === undefined || (extra ?? group) === undefined ? undefined : { package: file.name, extra, group };
        return { kind: 'registry', specifiers, index: this.#index(source.index, { name, file }), conflict };
      }
    }
  }

  #memberSource(name: NormalizedName, editable: boolean | undefined): LoweredSource {
    const member = this.#workspace.members.get(name);
    if (member === undefined)
      throw new SourceError(
        name,
        `\`${name}\` references a workspace in \`tool.uv.sources\` (e.g., \`${name} = { workspace = true }\`), but is not a workspace member`,
      );
    const kind = isPackaged(this.#workspace, member) ? ((editable ?? true) ? 'editable' : 'directory') : 'virtual';
    return { kind, path: member.folder, isWrittenAbsolute: false };
  }

  /** By name: of the command line, of the project, of the root. */
  #index(wanted: string, { name, file }: { readonly name: NormalizedName; readonly file: ProjectFile }): IndexLocation {
    const given = this.#rules.named.find((index) => index.name === wanted);
    if (given !== undefined) return given;
    for (const owner of [file, this.#workspace.root]) {
      const index = owner.toolUv.indexes.find((one) => one.name === wanted);
      if (index !== undefined) return indexLocation(index, owner.folder);
    }
    throw new SourceError(
      name,
      `Package \`${name}\` references an undeclared index: \`${wanted}\``,
      `Declare it with \`[[tool.uv.index]]\` and \`name = "${wanted}"\``,
    );
  }
}

/** Without credentials, as the index client names it. */
export function indexLocation(index: ProjectIndex, folder: string): IndexLocation {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(index.url);
  const url = isUrl ? new URL(index.url) : pathToFileURL(resolve(folder, index.url));
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    kind: index.format,
    explicit: index.explicit,
    isDefault: index.default,
    ...(index.name === undefined ? {} : { name: index.name }),
    ...(index.ignoreErrorCodes.length === 0 ? {} : { ignoredStatuses: index.ignoreErrorCodes }),
  };
}

function requireWorkspaceSource(name: NormalizedName, sources: readonly ProjectSource[] | undefined): void {
  if (sources === undefined)
    throw new SourceError(
      name,
      `\`${name}\` is included as a workspace member, but is missing an entry in \`tool.uv.sources\` (e.g., \`${name} = { workspace = true }\`)`,
    );
  const other = sources.find((source) => source.kind !== 'workspace');
  if (other !== undefined)
    throw new SourceError(
      name,
      `\`${name}\` is included as a workspace member, but references a ${other.kind} in \`tool.uv.sources\`. Workspace members must be declared as workspace sources (e.g., \`${name} = { workspace = true }\`)`,
    );
}

/** What the requirement itself says: an index, or the URL behind its `@`. */
function plainSource({ url, specifiers }: Requirement, folder: string): LoweredSource {
  if (url === undefined) return { kind: 'registry', specifiers, index: undefined, conflict: undefined };
  if (/^https?:/i.test(url)) return { kind: 'url', ...withoutFragment(url, undefined) };
  if (/^git\+/i.test(url)) {
    const location = parseSourceLocation(url, folder);
    if (location.kind === 'git') {
      const { reference: name } = location;
      return { ...location, reference: name === undefined ? undefined : { kind: 'rev', name } };
    }
  }
  const isFileUrl = /^file:/i.test(url);
  const path = isFileUrl ? fileURLToPath(url.split('#')[0] ?? url) : resolve(folder, url);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? extname(path) === '';
  return { kind: isFolder ? 'directory' : 'path', path, isWrittenAbsolute: isFileUrl || isAbsolute(url) };
}

function withoutFragment(
  url: string,
  subdirectory: string | undefined,
): { readonly url: string; readonly subdirectory: string | undefined } {
  const parsed = new URL(url);
  const named = new URLSearchParams(parsed.hash.slice(1)).get('subdirectory') ?? undefined;
  parsed.hash = '';
  return { url: parsed.href, subdirectory: subdirectory ?? named };
}

function pathSource(
  { path: written, editable, package: isPackage }: ProjectSource & { readonly kind: 'path' },
  { name, base }: { readonly name: NormalizedName; readonly base: string },
): LoweredSource {
  const path = resolve(base, written);
  const isWrittenAbsolute = isAbsolute(written);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? extname(path) === '';
  if (!isFolder) {
    if (editable === true)
      throw new SourceError(
        name,
        `Source with \`editable = true\` must refer to a local directory, not a file: \`${pathToFileURL(path).href}\``,
      );
    return { kind: 'path', path, isWrittenAbsolute };
  }
  if (editable === true) return { kind: 'editable', path, isWrittenAbsolute };
  const isBuilt = isPackage ?? readProjectFile(join(path, 'pyproject.toml'))?.toolUv.package ?? true;
  return { kind: isBuilt ? 'directory' : 'virtual', path, isWrittenAbsolute };
}
