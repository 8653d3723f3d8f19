/** What `[build-system]` of a `pyproject.toml` says (PEP 517, 518), and what its absence means. */
import { PackagingError, parseRequirement } from '@shoal/packaging';
import type { Requirement } from '@shoal/packaging';
import { parse, TomlError } from 'smol-toml';
import { InvalidBuildSystemError } from './build-errors.ts';

export interface BuildSystem {
  readonly requires: readonly Requirement[];
  /** `module`, or `module:object`. */
  readonly backend: string;
  /** Folders of the source tree, in which the backend is looked for first; relative to the tree. */
  readonly backendPath: readonly string[];
}

/** A project without `pyproject.toml`, or without the table (PEP 517): setuptools as it was before there was a choice. */
const LEGACY_REQUIRES = ['setuptools >= 40.8.0'];
const LEGACY_BACKEND = 'setuptools.build_meta:__legacy__';

/**
 * @param text The file's text; `undefined` when there is none.
 * @param subject The project as messages name it.
 * @throws {InvalidBuildSystemError}
 */
export function readBuildSystem(text: string | undefined, subject: string): BuildSystem {
  const table = text === undefined ? undefined : buildSystemTable(text, subject);
  const requires = textsOf(table?.['requires'], 'requires', subject) ?? LEGACY_REQUIRES;
  const backend = table?.['build-backend'] ?? LEGACY_BACKEND;
  if (typeof backend !== 'string' || !/^[\w.]+(?::[\w.]+)?$/.test(backend))
    throw new InvalidBuildSystemError(subject, '`build-system.build-backend` names no Python object');
  const backendPath = textsOf(table?.['backend-path'], 'backend-path', subject) ?? [];
  const outside = backendPath.find((path) => /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path));
  if (outside !== undefined)
    throw new InvalidBuildSystemError(subject, `\`build-system.backend-path\` leaves the source tree: \`${outside}\``);
  return { requires: requires.map((one) => requirementOf(one, subject)), backend, backendPath };
}

function buildSystemTable(text: string, subject: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const table = parse(text)['build-system'];
    if (table === undefined) return undefined;
    if (typeof table !== 'object' || Array.isArray(table) || table instanceof Date)
      throw new InvalidBuildSystemError(subject, '`build-system` is no table');
    if (!('requires' in table)) throw new InvalidBuildSystemError(subject, '`build-system` has no `requires`');
    return table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new InvalidBuildSystemError(subject, `line ${error.line}, column ${error.column}`, error);
  }
}

function textsOf(value: unknown, key: string, subject: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new InvalidBuildSystemError(subject, `\`build-system.${key}\` is no list of strings`);
}

function requirementOf(text: string, subject: string): Requirement {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    throw new InvalidBuildSystemError(subject, `\`build-system.requires\` holds \`${text}\``, error);
  }
}
