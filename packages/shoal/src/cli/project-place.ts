/** The project that options name, and the list of it that is edited. */
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ProjectPlace } from '../commands/project-transaction.ts';
import type { DependencyPlace } from '../project/dependency-place.ts';
import type { OptionValues } from './option-values.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** `--project` and `--package`. @throws {UsageError} */
export function projectPlace(session: Session, values: OptionValues): ProjectPlace {
  return { folder: projectFolder(session, values), member: nameOption(values, 'package') };
}

/** `--optional`, `--group`, `--dev`. @throws {UsageError} */
export function dependencyPlace(values: OptionValues): DependencyPlace {
  const extra = nameOption(values, 'optional');
  if (extra !== undefined) return { kind: 'optional', name: extra };
  const group = nameOption(values, 'group');
  if (group !== undefined) return { kind: 'group', name: group };
  return { kind: values.flag('dev') ? 'dev' : 'production' };
}

function nameOption(values: OptionValues, key: string): NormalizedName | undefined {
  const written = values.text(key);
  if (written === undefined) return undefined;
  const name = tryNormalizeName(written);
  if (name !== undefined) return name;
  throw new UsageError(
    `invalid value '${written}' for '${values.shown(key)}': Not a valid package or extra name: "${written}". Names must start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.`,
  );
}
