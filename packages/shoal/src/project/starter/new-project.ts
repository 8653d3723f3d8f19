/** The text of the `pyproject.toml` of a new project. */
import { formatInlineTable, formatTomlString } from '../edit-toml/toml-string.ts';
import { buildSystemTables } from './build-backends.ts';
import type { BuildBackendName } from './build-backends.ts';

/**
 * - `application`: a package with a `main()` that becomes a command.
 * - `library`: a package without.
 * - `flat`: a `main.py`, and nothing to build.
 * - `bare`, `bare-package`: `pyproject.toml` alone, without and with something to build.
 */
export type ProjectKind = 'application' | 'library' | 'flat' | 'bare' | 'bare-package';

export interface Author {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

export interface NewProject {
  readonly kind: ProjectKind;
  /** Normalized. */
  readonly name: string;
  /** `undefined`: the field is left out. */
  readonly description: string | undefined;
  readonly hasReadme: boolean;
  readonly author: Author | undefined;
  readonly requiresPython: string;
  readonly backend: BuildBackendName;
}

/** Whether there is something to build. */
export function isPackage(kind: ProjectKind): boolean {
  return kind !== 'flat' && kind !== 'bare';
}

/** The import name of a project: `my_app` of `my-app`, `_2d` of `2d`. */
export function moduleNameOf(name: string): string {
  return name.replaceAll('-', '_').replace(/^(?=\d)/, '_');
}

export function newProjectText(project: NewProject): string {
  const { kind, name, description, author, backend } = project;
  const lines = [
    '[project]',
    `name = "${name}"`,
    'version = "0.1.0"',
    ...(description === undefined ? [] : [`description = ${formatTomlString(description)}`]),
    ...(project.hasReadme ? ['readme = "README.md"'] : []),
    ...(author === undefined ? [] : ['authors = [', `    ${formatInlineTable({ ...author })}`, ']']),
    `requires-python = "${project.requiresPython}"`,
    'dependencies = []',
    '',
  ];
  const tables = [lines.join('\n')];
  if (kind === 'application') tables.push(`[project.scripts]\n${name} = "${moduleNameOf(name)}:main"\n`);
  const isUnusual = kind !== 'bare-package' && /^\d/.test(name);
  if (isPackage(kind)) tables.push(buildSystemTables(backend, moduleNameOf(name), isUnusual));
  return tables.join('\n');
}
