/** `add`: requirements into a project, and folders of the workspace into its members. */
import { relative } from 'node:path';
import { formatVersion, parseVersion, publicVersion, compareVersions, tryParseVersion } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';
import type { Lockfile } from '../lock/lockfile.ts';
import type { DependencyPlace } from '../project/dependency-place.ts';
import { setSpecifiers } from '../project/edit-dependencies.ts';
import { addWorkspaceMember } from '../project/edit-sources.ts';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import { folderOfRequirement } from '../project/source-of-requirement.ts';
import { specifiersFor } from '../project/version-bounds.ts';
import type { Bounds } from '../project/version-bounds.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import { addRequirements, SelfDependencyError } from './add-requirements.ts';
import type { AddedRequirement, AddRequest } from './add-requirements.ts';
import type { Context } from './context.ts';
import { editProject } from './edit-project.ts';
import type { EditInput, ProjectEdit } from './edit-project.ts';
import type { WorkflowOptions } from './install-phases.ts';
import type { FoundProject } from './project-transaction.ts';

export interface AddInput extends Pick<EditInput, 'place' | 'followUp'> {
  readonly request: AddRequest;
  /** `undefined`: `lower`. */
  readonly bounds: Bounds | undefined;
  /** `--workspace`, `--no-workspace`; `undefined`: folders below the root become members. */
  readonly joinsWorkspace: boolean | undefined;
  /** Where relative paths of the command line start. */
  readonly workingFolder: string;
  /** Told of folders that became members, relative to the root. */
  readonly onMember: (path: string) => void;
  /** Told of requirements that say more than the wanted bounds would. */
  readonly onExplicit: (requirement: AddedRequirement) => void;
}

/** A root without `[project]` has groups alone. */
export class NoProjectTableError extends OperationalError {
  override readonly code = 'NO_PROJECT_TABLE';

  constructor(kind: 'production' | 'optional') {
    super(
      `Project is missing a \`[project]\` table; add a \`[project]\` table to use ${kind} dependencies, or run \`shoal add --dev\` instead`,
    );
  }
}

/** @throws {SelfDependencyError} {NoProjectTableError}, and what editing, locking and syncing throw. */
export async function addToProject(input: AddInput, context: Context, options: WorkflowOptions): Promise<void> {
  const { place, followUp } = input;
  await editProject({ place, followUp, edit: (found) => editOf(found, input) }, context, options);
}

function editOf(found: FoundProject, input: AddInput): ProjectEdit {
  const { request } = input;
  const { kind } = request.place;
  const { current } = found;
  if (current.name === undefined && (kind === 'production' || kind === 'optional')) throw new NoProjectTableError(kind);
  const itself = request.requested.find(({ requirement }) => requirement.name === current.name);
  if (kind === 'production' && itself !== undefined) throw new SelfDependencyError(itself.requirement.name);
  const texts = new Map(joinedTexts(found, input));
  const workspace = discoverWorkspace(current.folder, { texts }) ?? found.workspace;
  const document = new TomlDocument(texts.get(current.path) ?? current.text);
  const added = addRequirements({ document, isScript: false }, request, {
    workingFolder: input.workingFolder,
    root: current.folder,
    members: new Set(workspace.members.keys()),
    existing: current.toolUv.sources,
  });
  texts.set(current.path, document.text);
  const refine = (lockfile: Lockfile): ReadonlyMap<string, string> | undefined => {
    const refined = withBounds(document.text, added, { lockfile, input });
    return refined === undefined ? undefined : new Map(texts).set(current.path, refined);
  };
  return { texts, ...(request.raw ? {} : { refine }) };
}

/** The root's text, with the folders that join the workspace. */
function joinedTexts({ workspace }: FoundProject, input: AddInput): readonly (readonly [string, string])[] {
  const { root } = workspace;
  const document = new TomlDocument(root.text);
  const known = new Set([root.folder, ...[...workspace.members.values()].map(({ folder }) => folder)]);
  for (const { requirement } of input.request.requested) {
    const folder = folderOfRequirement(requirement.url, input);
    if (folder === undefined || known.has(folder)) continue;
    const path = relative(root.folder, folder).replaceAll('\\', '/');
    if (!(input.joinsWorkspace ?? !path.startsWith('..'))) continue;
    addWorkspaceMember({ document, isScript: false }, path);
    input.onMember(path);
  }
  return document.text === root.text ? [] : [[root.path, document.text]];
}

interface BoundsInput {
  readonly lockfile: Lockfile;
  readonly input: Pick<AddInput, 'bounds' | 'onExplicit'>;
}

/** The text with bounds for what was added without any; `undefined` when there is nothing of that kind. */
export function withBounds(
  text: string,
  added: readonly AddedRequirement[],
  { lockfile, input }: BoundsInput,
  isScript = false,
): string | undefined {
  const document = new TomlDocument(text);
  for (const { edit, requirement, isFromIndex, place } of added.filter((one) => one.edit.kind === 'added')) {
    if (!isFromIndex) continue;
    if (requirement.specifiers.specifiers.length > 0) {
      if (input.bounds !== undefined) input.onExplicit({ edit, requirement, isFromIndex, place });
      continue;
    }
    const version = lowestLocked(lockfile, requirement.name);
    if (version === undefined) continue;
    const specifiers = specifiersFor(version, input.bounds ?? 'lower');
    setSpecifiers({ document, isScript }, place satisfies DependencyPlace, { index: edit.index, specifiers });
  }
  return document.text === text ? undefined : document.text;
}

/** Of several versions for several platforms the lowest is what all of them can have. */
function lowestLocked(lockfile: Lockfile, name: NormalizedName): Version | undefined {
  const versions = lockfile.packages.flatMap((locked) => {
    const version = locked.name === name && locked.version !== undefined ? tryParseVersion(locked.version) : undefined;
    return version === undefined ? [] : [version];
  });
  const [lowest] = versions.toSorted(compareVersions);
  // `>=` compares without the local part.
  return lowest === undefined ? undefined : parseVersion(formatVersion(publicVersion(lowest)));
}
