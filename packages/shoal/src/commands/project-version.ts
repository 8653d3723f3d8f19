/** `version`: what a project says of its version, and another one instead. */
import { formatVersion, tryParseVersion } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import { formatTomlString } from '../project/edit-toml/toml-string.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { MissingProjectTableError } from '../project/workspace-errors.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { editProject } from './edit-project.ts';
import type { EditInput } from './edit-project.ts';
import { findProjectToChange } from './project-transaction.ts';
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

interface VersionChange extends Pick<EditInput, 'place' | 'followUp'> {
  readonly wanted: (old: Version) => Version;
}

/** @throws {NoProjectError} {MissingProjectTableError} {ProjectVersionError} {BumpError}, and as `editProject`. */
export async function changeVersion(
  { place, followUp, wanted }: VersionChange,
  context: Context,
  options: WorkflowOptions,
): Promise<ProjectVersion> {
  let changed: ProjectVersion | undefined;
  const edit: EditInput['edit'] = ({ current }) => {
    const { name, version: old } = versionOf(current);
    const next = wanted(old);
    changed = { name, old, next };
    const document = new TomlDocument(current.text);
    document.replaceValue(['project', 'version'], formatTomlString(formatVersion(next)));
    return { texts: new Map([[current.path, document.text]]) };
  };
  await editProject({ place, followUp, edit }, context, options);
  if (changed === undefined) throw new TypeError('the edit was not made');
  return changed;
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
