/** `version`: what a project says of its version, and another one instead. */
import { formatVersion, tryParseVersion } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';
import { commitFiles } from '../project/commit-files.ts';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import { formatTomlString } from '../project/edit-toml/toml-string.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { MissingProjectTableError } from '../project/workspace-errors.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { changeProjectFiles, findProjectToChange } from './project-transaction.ts';
import type { ProjectPlace } from './project-transaction.ts';

export interface ProjectVersion {
  readonly name: NormalizedName;
  readonly old: Version;
  /** `undefined` when it was only read. */
  readonly next: Version | undefined;
}

/** The project has no version of its own, or none that is a version. */
export class ProjectVersionError extends OperationalError {
  override readonly code = 'PROJECT_VERSION';
}

/** @throws {NoProjectError} {MissingProjectTableError} {ProjectVersionError} */
export function readProjectVersion(place: ProjectPlace): { readonly name: NormalizedName; readonly version: Version } {
  return versionOf(findProjectToChange(place).current);
}

interface VersionChange {
  readonly place: ProjectPlace;
  readonly wanted: (old: Version) => Version;
}

/** @throws {NoProjectError} {MissingProjectTableError} {ProjectVersionError} {BumpError} {ProjectWriteError} */
export async function changeVersion(
  { place, wanted }: VersionChange,
  context: Context,
  options: WorkflowOptions,
): Promise<ProjectVersion> {
  return await changeProjectFiles(place, context, options, ({ workspace, current }) => {
    const { name, version: old } = versionOf(current);
    const next = wanted(old);
    const document = new TomlDocument(current.text);
    document.replaceValue(['project', 'version'], formatTomlString(formatVersion(next)));
    const change = { path: current.path, content: document.text, expected: current.text };
    commitFiles(workspace.root.folder, [change], options);
    return Promise.resolve({ name, old, next });
  });
}

function versionOf({ path, name, version, dynamic }: ProjectFile): {
  readonly name: NormalizedName;
  readonly version: Version;
} {
  if (name === undefined) throw new MissingProjectTableError(path);
  if (version === undefined)
    throw new ProjectVersionError(
      dynamic.includes('version')
        ? `We cannot get or set dynamic project versions in: ${path}`
        : `There is no 'project.version' field in: ${path}`,
    );
  const parsed = tryParseVersion(version);
  if (parsed === undefined)
    throw new ProjectVersionError(`\`project.version\` in \`${path}\` is no version: \`${version}\``);
  return { name, version: parsed };
}
