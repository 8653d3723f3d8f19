/** The lists of `pyproject.toml` (or of a script's metadata) that requirements stand in. */
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { TomlDocument } from './edit-toml/toml-document.ts';

export type DependencyPlace =
  | { readonly kind: 'production' }
  /** `[tool.uv] dev-dependencies`: what came before `[dependency-groups]`. */
  | { readonly kind: 'dev' }
  | { readonly kind: 'optional'; readonly name: NormalizedName }
  | { readonly kind: 'group'; readonly name: NormalizedName };

/** What is edited: the metadata of a script has its lists at the top. */
export interface EditTarget {
  readonly document: TomlDocument;
  readonly isScript: boolean;
}

/** Where the list is; under the name that the file gives to its group or extra, when it has it. */
export function pathOfPlace({ document, isScript }: EditTarget, place: DependencyPlace): readonly string[] {
  const project = isScript ? [] : ['project'];
  switch (place.kind) {
    case 'production':
      return [...project, 'dependencies'];
    case 'dev':
      return ['tool', 'uv', 'dev-dependencies'];
    case 'optional':
      return writtenPath(document, [...project, 'optional-dependencies'], place.name);
    case 'group':
      return writtenPath(document, ['dependency-groups'], place.name);
  }
}

function writtenPath(document: TomlDocument, table: readonly string[], name: NormalizedName): readonly string[] {
  const key = document.keysOf(table).find((one) => tryNormalizeName(one) === name);
  return [...table, key ?? name];
}

/** Every list that the file has. */
export function placesOf(target: EditTarget): readonly DependencyPlace[] {
  const { document, isScript } = target;
  const named = (kind: 'optional' | 'group', table: readonly string[]): DependencyPlace[] =>
    document.keysOf(table).flatMap((key) => {
      const name = tryNormalizeName(key);
      return name === undefined ? [] : [{ kind, name }];
    });
  const extras = isScript ? [] : named('optional', ['project', 'optional-dependencies']);
  return [{ kind: 'production' }, ...extras, ...named('group', ['dependency-groups']), { kind: 'dev' }];
}
