/** `remove`: requirements out of a project. */
import type { NormalizedName } from '@shoal/packaging';
import type { DependencyPlace } from '../project/dependency-place.ts';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import type { Context } from './context.ts';
import { editProject } from './edit-project.ts';
import type { EditInput } from './edit-project.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { removeRequirements } from './remove-requirements.ts';

export interface RemoveInput extends Pick<EditInput, 'place' | 'followUp'> {
  readonly list: DependencyPlace;
  readonly names: readonly NormalizedName[];
}

/** @throws {RequirementNotListedError} {MalformedProjectError}, and as `editProject`. */
export async function removeFromProject(
  { place, followUp, list, names }: RemoveInput,
  context: Context,
  options: WorkflowOptions,
): Promise<void> {
  const edit: EditInput['edit'] = ({ current }) => {
    const document = new TomlDocument(current.text);
    removeRequirements({ document, isScript: false }, names, list);
    return { texts: new Map([[current.path, document.text]]) };
  };
  await editProject({ place, followUp, edit }, context, options);
}
