/**
 * The packages of a lock that no index gives: members of the workspace, folders, archives and repositories. Knows what each
 * declares, hands it to the solver, and describes each for the lockfile.
 */
import { andMarkers, markerOfExtra, parseVersion } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import { declaredMetadata, hasDynamicRequirements } from '../project/declared-metadata.ts';
import type { DeclaredMetadata } from '../project/declared-metadata.ts';
import { extraOfGroup } from '../project/dependency-group-extra.ts';
import type { DependencyMetadata } from '../project/distribution-file.ts';
import { RequirementLowering } from '../project/lower-requirements.ts';
import type { SourceRules } from '../project/lower-requirements.ts';
import { requirementOfLowered, urlOfSource } from '../project/lowered-requirement.ts';
import type { FolderSource, LoweredRequirement, LoweredSource } from '../project/lowered-requirement.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { MissingProjectTableError, UnmanagedProjectError } from '../project/workspace-errors.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { UrlSource } from '../resolve/provider.ts';
import type { IndexPin } from '../resolve/resolve-input.ts';
import type { Builder } from './builder.ts';

/** A folder with a project in it. */
export interface FolderProject {
  readonly declared: DeclaredMetadata;
  readonly metadata: DependencyMetadata;
  /** Only a build tells its version. */
  readonly isDynamic: boolean;
  /** `undefined` for a folder without `[project]`. */
  readonly file: ProjectFile | undefined;
}

export interface LockSourcesOptions {
  readonly workspace: Workspace;
  readonly rules: SourceRules;
  readonly builder: Builder;
  /** Commits that a lockfile holds, by the URL of the requirement: they stay. */
  readonly commits: ReadonlyMap<string, string>;
}

export class LockSources {
  readonly lowering: RequirementLowering;
  /** Indexes that requirements of folders and repositories ask for. */
  readonly pins: IndexPin[] = [];
  readonly #options: LockSourcesOptions;
  readonly #sources = new Map<string, LoweredSource>();
  readonly #folders = new Map<string, Promise<FolderProject>>();

  constructor(options: LockSourcesOptions) {
    this.#options = options;
    this.lowering = new RequirementLowering(options.workspace, options.rules);
  }

  /** As the solver takes it; where it comes from is remembered. */
  requirement(lowered: LoweredRequirement): Requirement {
    const written = urlOfSource(lowered.source);
    const requirement = requirementOfLowered(lowered, written && this.#options.commits.get(written));
    const { url } = requirement;
    if (url !== undefined && !this.#sources.has(`${lowered.name} ${url}`))
      this.#sources.set(`${lowered.name} ${url}`, lowered.source);
    return requirement;
  }

  /** Where a URL of a requirement comes from; `undefined` for one that only metadata of a package named. */
  sourceOf(name: NormalizedName, url: string): LoweredSource | undefined {
    return this.#sources.get(`${name} ${url}`);
  }

  /** The project that the URL names, when that is a folder. */
  folderOf({ name, url }: UrlSource): Promise<FolderProject> | undefined {
    const source = this.sourceOf(name, url);
    return source !== undefined && isFolder(source) ? this.folder(name, source) : undefined;
  }

  /** `undefined` for what is no member of the workspace. */
  memberOf(name: NormalizedName): ProjectFile | undefined {
    return this.#options.workspace.members.get(name);
  }

  folder(name: NormalizedName, source: FolderSource): Promise<FolderProject> {
    const known = this.#folders.get(source.path) ?? this.#readFolder(name, source);
    this.#folders.set(source.path, known);
    return known;
  }

  async #readFolder(name: NormalizedName, source: FolderSource): Promise<FolderProject> {
    const { file, lowering } = this.#projectAt(source.path);
    const isDynamic = file?.dynamic.includes('version') === true;
    const needsBuild = file?.version === undefined || hasDynamicRequirements(file);
    const url = urlOfSource(source) ?? '';
    const built = needsBuild ? await this.#options.builder.metadataOfUrl({ url, name }) : undefined;
    const declared =
      file === undefined
        ? undeclared(built, lowering)
        : declaredMetadata(file, lowering, hasDynamicRequirements(file) ? built : undefined);
    return { declared, metadata: this.#metadata(name, declared, { file, built }), isDynamic, file };
  }

  /** The project of a folder, with the sources of the workspace that it belongs to. */
  #projectAt(folder: string): { readonly file: ProjectFile | undefined; readonly lowering: RequirementLowering } {
    const { workspace, rules } = this.#options;
    const member = [...workspace.members.values()].find((one) => one.folder === folder);
    if (member !== undefined) return { file: member, lowering: this.lowering };
    const other = workspaceOf(folder);
    if (other === undefined || other.current.folder !== folder || other.current.name === undefined)
      return { file: undefined, lowering: this.lowering };
    return { file: other.current, lowering: new RequirementLowering(other, rules) };
  }

  #metadata(
    name: NormalizedName,
    { requiresDist, providesExtras, groups }: DeclaredMetadata,
    { file, built }: { readonly file: ProjectFile | undefined; readonly built: DependencyMetadata | undefined },
  ): DependencyMetadata {
    const grouped = [...groups].flatMap(([group, list]) =>
      list.map((lowered) => ({
        ...lowered,
        marker: andMarkers(lowered.marker, markerOfExtra(extraOfGroup(group))),
      })),
    );
    return {
      name,
      version: file?.version === undefined ? (built?.version ?? parseVersion('0')) : parseVersion(file.version),
      requiresDist: [...requiresDist, ...grouped].map((lowered) => this.#pinned(lowered)),
      requiresPython: file === undefined ? built?.requiresPython : file.requiresPython,
      providesExtra: [...providesExtras, ...[...groups.keys()].map(extraOfGroup)],
      dynamic: [],
      metadataVersion: '2.4',
    };
  }

  #pinned(lowered: LoweredRequirement): Requirement {
    const requirement = this.requirement(lowered);
    if (lowered.source.kind === 'registry' && lowered.source.index !== undefined)
      this.pins.push({ requirement, index: lowered.source.index });
    return requirement;
  }
}

function isFolder(source: LoweredSource): source is FolderSource {
  return source.kind === 'directory' || source.kind === 'editable' || source.kind === 'virtual';
}

function undeclared(built: DependencyMetadata | undefined, lowering: RequirementLowering): DeclaredMetadata {
  return {
    requiresDist: (built?.requiresDist ?? []).map((requirement) => lowering.plain(requirement)),
    providesExtras: built?.providesExtra ?? [],
    groups: new Map(),
  };
}

function workspaceOf(folder: string): Workspace | undefined {
  try {
    return discoverWorkspace(folder);
  } catch (error) {
    if (error instanceof UnmanagedProjectError || error instanceof MissingProjectTableError) return undefined;
    throw error;
  }
}
