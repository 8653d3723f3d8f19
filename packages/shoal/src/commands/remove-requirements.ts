/** The edits of `remove`: requirements out of their list, with the sources that nobody needs any more. */
import { OperationalError } from '@shoal/cache';
import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { DependencyPlace, EditTarget } from '../project/dependency-place.ts';
import { placesWith, removeRequirement } from '../project/edit-dependencies.ts';
import { removeUnusedSource } from '../project/edit-sources.ts';

/** The list does not have the requirement. */
export class RequirementNotListedError extends OperationalError {
  override readonly code = 'REQUIREMENT_NOT_LISTED';

  constructor(name: NormalizedName, place: DependencyPlace, elsewhere: readonly DependencyPlace[]) {
    const [first] = elsewhere;
    super(`The dependency \`${name}\` could not be found in ${tableOf(place)}`, {
      hint: first && hintFor(name, first),
    });
  }
}

const DEV = normalizeName('dev');

/** Edit `target`. Development requirements are looked for in both lists that files have for them. @throws {RequirementNotListedError} */
export function removeRequirements(target: EditTarget, names: readonly NormalizedName[], place: DependencyPlace): void {
  const isDev = place.kind === 'dev' || (place.kind === 'group' && place.name === DEV);
  const places: readonly DependencyPlace[] = isDev ? [{ kind: 'dev' }, { kind: 'group', name: DEV }] : [place];
  for (const name of names) {
    const removed = places.map((one) => removeRequirement(target, one, name));
    if (removed.every((count) => count === 0))
      throw new RequirementNotListedError(name, place, placesWith(target, name));
    removeUnusedSource(target, name);
  }
}

function tableOf(place: DependencyPlace): string {
  switch (place.kind) {
    case 'production':
      return '`project.dependencies`';
    case 'dev':
      return '`tool.uv.dev-dependencies` or `dependency-groups.dev`';
    case 'optional':
      return `\`project.optional-dependencies.${place.name}\``;
    case 'group':
      return `\`dependency-groups.${place.name}\``;
  }
}

function hintFor(name: NormalizedName, place: DependencyPlace): string {
  const attempt = (option: string): string => `(try: \`shoal remove ${name} ${option}\`)`;
  switch (place.kind) {
    case 'production':
      return `\`${name}\` is a production dependency`;
    case 'dev':
      return `\`${name}\` is a development dependency ${attempt('--dev')}`;
    case 'optional':
      return `\`${name}\` is an optional dependency ${attempt(`--optional ${place.name}`)}`;
    case 'group':
      return `\`${name}\` is in the \`${place.name}\` group ${attempt(`--group ${place.name}`)}`;
  }
}
